import Campaigns
import Documents
import Foundation
import TestKit
import Testing

@testable import Ingestion

@Suite("Devices by user agent")
struct DeviceRulesTests {
  static let shipped: Result<DeviceRules, any Error> = Result {
    try DeviceRules(path: Repository.file("config/devices.yaml").path)
  }

  private static let android = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0"
  private static let iOS = "AppleWebKit/605.1.15 (KHTML, like Gecko)"

  @Test(
    "The shipped rules tell real user agents apart",
    arguments: [
      (
        DeviceType.phone,
        [
          "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) \(iOS) Version/17.5 Mobile/15E148 Safari/604.1",
          "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) \(iOS) Mobile/15E148 Instagram 334.0.0.42.95 (iPhone15,3; iOS 17_5; de_DE)",
          "Mozilla/5.0 (Linux; Android 10; K) \(android) Mobile Safari/537.36",
          "Mozilla/5.0 (Linux; Android 14; Pixel 8 Build/AP1A; wv) \(android) Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/460.0]",
          "Mozilla/5.0 (Linux; Android 13; SAMSUNG SM-S911B) AppleWebKit/537.36 SamsungBrowser/24.0 Chrome/117.0 Mobile Safari/537.36",
          "Mozilla/5.0 (Android 14; Mobile; rv:131.0) Gecko/131.0 Firefox/131.0",
          "Mozilla/5.0 (Windows Phone 10.0; Android 6.0.1; Microsoft; Lumia 950) \(android) Mobile Safari/537.36 Edge/15.15063",
          "Mozilla/5.0 (Linux; Tizen 2.3; SAMSUNG SM-Z130H) AppleWebKit/537.3 (KHTML, like Gecko) Version/2.3 Mobile Safari/537.3",
          "Mozilla/5.0 (Mobile; Nokia 8110 4G; rv:48.0) Gecko/48.0 Firefox/48.0 KAIOS/2.5",
          "AppleCoreMedia/1.0.0.20G75 (iPhone; U; CPU OS 16_6 like Mac OS X; en_us)",
        ]
      ),
      (
        .tablet,
        [
          "Mozilla/5.0 (iPad; CPU OS 12_5 like Mac OS X) \(iOS) Version/12.1.2 Mobile/15E148 Safari/604.1",
          "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) \(iOS) CriOS/130.0 Mobile/15E148 Safari/604.1",
          "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_4) \(iOS) CriOS/85 Version/11.1.1 Safari/605.1.15",
          "Mozilla/5.0 (Linux; Android 10; K) \(android) Safari/537.36",
          "Mozilla/5.0 (Linux; Android 13; SAMSUNG SM-X200) AppleWebKit/537.36 SamsungBrowser/24.0 Chrome/117.0 Mobile Safari/537.36",
          "Mozilla/5.0 (Android 13; Tablet; rv:131.0) Gecko/131.0 Firefox/131.0",
          "Mozilla/5.0 (Linux; Android 9; KFMAWI) AppleWebKit/537.36 (KHTML, like Gecko) Silk/108.4.6 like Chrome/108.0 Safari/537.36",
          "Dalvik/2.1.0 (Linux; U; Android 11; SM-T500 Build/RP1A)",
        ]
      ),
      (
        .desktop,
        [
          "Mozilla/5.0 (Windows NT 10.0; Win64; x64) \(android) Safari/537.36",
          "Mozilla/5.0 (Windows NT 10.0; Win64; x64) \(android) Safari/537.36 Edg/130.0.0.0",
          "Mozilla/5.0 (compatible; MSIE 10.0; Windows NT 6.2; WOW64; Trident/6.0; Touch; Tablet PC 2.0)",
          "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) \(iOS) Version/17.5 Safari/605.1.15",
          "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) \(android) Safari/537.36",
          "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) \(android) Safari/537.36",
          "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0",
        ]
      ),
      (
        .tv,
        [
          "Mozilla/5.0 (SMART-TV; LINUX; Tizen 6.5) AppleWebKit/537.36 (KHTML, like Gecko) 85.0.4183.93/6.5 TV Safari/537.36",
          "Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/94.0.4606.128 Safari/537.36 WebAppManager",
          "AppleTV6,2/11.1",
          "AppleCoreMedia/1.0.0.12B466 (Apple TV; U; CPU OS 8_1_3 like Mac OS X; en_us)",
          "Roku/DVP-14.5 (14.5.4.5934-46)",
          "Mozilla/5.0 (Linux; Android 9; AFTSSS Build/PS7633) AppleWebKit/537.36 (KHTML, like Gecko) Silk/112.5 like Chrome/112.0 Safari/537.36",
          "Dalvik/2.1.0 (Linux; U; Android 9; AFTMM Build/PS7285)",
          "Mozilla/5.0 (Linux; Android 10; BRAVIA 4K UR2 Build/QTG3) \(android) Safari/537.36",
          "Mozilla/5.0 (Linux; Android 12.0; Build/STTL.240206.002) \(android) Safari/537.36 CrKey/1.56.500000 DeviceType/AndroidTV",
          "HbbTV/1.4.1 (+DRM; Vestel; MB211; 3.7.2.0;) FVC/2.0",
          "Mozilla/5.0 (PlayStation; PlayStation 5/6.50) AppleWebKit/605.1.15 (KHTML, like Gecko)",
          "Mozilla/5.0 (Windows NT 10.0; Win64; x64; Xbox; Xbox One) \(android) Safari/537.36 Edge/44.18363",
          "Mozilla/5.0 (Nintendo Switch; WifiWebAuthApplet) AppleWebKit/609.4 NF/6.0.2 NintendoBrowser/5.1",
        ]
      ),
      (
        .other,
        [
          "Mozilla/5.0 (X11; GNU/Linux) \(android) Chromium/79 Safari/537.36 Tesla/2022.44.30",
          "Mozilla/5.0 (X11; Linux x86_64; Quest 3) AppleWebKit/537.36 OculusBrowser/33.0 Chrome/124.0 VR Safari/537.36",
          "Mozilla/5.0 (Fuchsia) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0 Safari/537.36 CrKey/1.56.500000",
          "Mozilla/5.0 (PlayStation Vita 3.61) AppleWebKit/537.73 (KHTML, like Gecko) Silk/3.2",
        ]
      ),
      (
        .unknown,
        [
          "", " ", "-", "curl/8.5.0", "python-requests/2.32.3", "okhttp/4.12.0", "node", "Go-http-client/2.0",
          "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
          "Dalvik/2.1.0 (Linux; U; Android 14; Pixel 8 Build/AP2A)",
          "MyApp/3.1 CFNetwork/1494.0.7 Darwin/23.4.0",
          "com.example.app/7 (Linux;Android 13) ExoPlayerLib/2.18.7", "\u{0}\u{7F}é😀",
        ]
      ),
    ])
  func shipped(type: DeviceType, userAgents: [String]) throws {
    let rules = try Self.shipped.get()
    for userAgent in userAgents {
      #expect(rules.type(of: userAgent) == type, "\(userAgent)")
      #expect(rules.type(of: userAgent.uppercased()) == type, "whatever its case: \(userAgent)")
    }
  }

  @Test("The first rule that applies decides: one of any, all of all, none of none")
  func order() {
    let rules = DeviceRules([
      .init(type: .tv, any: ["one", "two"], all: ["three"], none: ["four"]),
      .init(type: .phone, all: ["three"]), .init(type: .desktop, any: ["two"]),
    ])
    #expect(rules.type(of: "two and three") == .tv)
    #expect(rules.type(of: "one three four") == .phone)
    #expect(rules.type(of: "two") == .desktop)
    #expect(rules.type(of: "four") == .unknown)
    #expect(DeviceRules.none.type(of: "one two three") == .unknown)
  }

  @Test(
    "A file that says something else is refused with the place",
    arguments: [
      ("- {type: toaster, any: [abc]}", "type of device"), ("- {type: tv}", "any or all"),
      ("- {type: tv, any: [ab]}", "3"), ("- {type: tv, any: []}", "user_agents"), ("- {any: [abc]}", "type"),
      ("- {type: tv, some: [abc]}", "some"),
    ])
  func refused(rule: String, words: String) throws {
    let text = "schema: retake.devices/1\nuser_agents:\n  \(rule)\n"
    let error = #expect(throws: DocumentError.self) {
      try DeviceRules(Document(text: text, name: "devices.yaml"))
    }
    #expect(
      error.map { "\($0)".contains(words) && "\($0)".contains("devices.yaml") } == true,
      "\(String(describing: error))")
  }

  @Test("More tokens than there are bits for are refused, not cut off")
  func tooMany() throws {
    let tokens = (0..<300).map { "token\($0)" }
    let rules = tokens.chunked(by: 150).map { "  - {type: tv, any: [\($0.joined(separator: ", "))]}" }
    let text = "schema: retake.devices/1\nuser_agents:\n\(rules.joined(separator: "\n"))\n"
    #expect(throws: DocumentError.self) { try DeviceRules(Document(text: text, name: "devices.yaml")) }
  }
}

extension Array {
  fileprivate func chunked(by size: Int) -> [ArraySlice<Element>] {
    stride(from: 0, to: count, by: size).map { self[$0..<Swift.min($0 + size, count)] }
  }
}
