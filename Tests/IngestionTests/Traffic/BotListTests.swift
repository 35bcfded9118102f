import Campaigns
import Documents
import Foundation
import TestKit
import Testing

@testable import Ingestion

@Suite("Declared bots")
struct BotListTests {
  private static let shipped: Result<TrafficPolicy, any Error> = Result {
    try TrafficPolicy(path: Repository.file("config/traffic.yaml").path)
  }

  @Test("The file that is shipped reads, and says what the defaults say")
  func shippedFile() throws {
    let policy = try Self.shipped.get()
    #expect(policy.bots.entries.count > 300)
    #expect(Set(policy.bots.entries.map(\.category)) == Set(BotList.Category.allCases))
    #expect(policy.minimumClickDelayMs == 100 && policy.minimumConversionDelayMs == 1000)
    #expect(policy.minimumCompleteDelayMs == 1000 && policy.memoryBytes == 16 << 20)
    #expect(policy.capsPerHour[.impression] == 60 && policy.capsPerHour[.click] == 20)
    #expect(policy.filtersPrefetches && policy.filtersEmptyUserAgents)
  }

  @Test(
    "Programs that say what they are are met",
    arguments: [
      (
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        BotList.Category.searchEngine
      ),
      ("Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)", .searchEngine),
      ("Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2)", .artificialIntelligence),
      ("facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)", .linkPreview),
      ("Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)", .searchMarketing),
      (
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/119.0.0.0 Safari/537.36",
        .headlessBrowser
      ),
      ("curl/8.5.0", .httpLibrary), ("python-requests/2.32.3", .httpLibrary),
      ("Go-http-client/1.1", .httpLibrary), ("Java/17.0.2", .httpLibrary), ("Wget/1.21.3", .httpLibrary),
      ("AdsBot-Google (+http://www.google.com/adsbot.html)", .adVerification),
      ("Pingdom.com_bot_version_1.4_(http://www.pingdom.com/)", .monitor),
      (
        "Mozilla/5.0 (Linux; Android 11; moto g power (2022)) Chrome/119.0 Mobile Safari/537.36 Chrome-Lighthouse",
        .monitor
      ),
      ("SomethingNew-Bot/0.1", .selfDeclared), ("examplecrawler 3", .selfDeclared),
    ])
  func bots(userAgent: String, category: BotList.Category) throws {
    #expect(try Self.shipped.get().bots.entry(for: userAgent)?.category == category)
  }

  @Test(
    "People's browsers, players and apps are not",
    arguments: [
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36",
      "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
      "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Instagram 334.0.0.42",
      "Mozilla/5.0 (Linux; Android 13; CUBOT X70) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Mobile Safari/537.36",
      "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0",
      "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36 Edg/130.0",
      "Mozilla/5.0 (Linux; Android 14; Pixel 8 Build/UD1A; wv) AppleWebKit/537.36 Version/4.0 Chrome/120.0 Mobile Safari/537.36 trill_320403 BytedanceWebview/d8a21c6",
      "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 [FBAN/FBIOS;FBAV/450.0;FBBV/564]",
      "Mozilla/5.0 (SMART-TV; Linux; Tizen 7.0) AppleWebKit/537.36 (KHTML, like Gecko) 94.0.4606.31/7.0 TV Safari/537.36",
      "Roku/DVP-12.5 (12.5.0.4178-88)", "AppleTV11,1/11.1", "VLC/3.0.20 LibVLC/3.0.20",
      "Opera/9.80 (J2ME/MIDP; Opera Mini/9.80 (S60; SymbOS; Opera Mobi/23.348; U; en) Presto/2.5.25 Version/10.54",
      "okhttp/4.12.0", "MyApp/3 CFNetwork/1494.0.7 Darwin/23.4.0",
      "Dalvik/2.1.0 (Linux; U; Android 13; SM-G991B Build/TP1A)", "ExoPlayerLib/2.19.1", "Dart/3.3 (dart:io)",
      "Mozilla/5.0 (Linux; Android 12) AppleWebKit/537.36 Chrome/110.0 Mobile Safari/537.36 Trust/5.1", "",
    ])
  func people(userAgent: String) throws {
    let entry = try Self.shipped.get().bots.entry(for: userAgent)
    #expect(entry == nil, "met \(entry?.token ?? "")")
  }

  @Test("An exception covers its own token only: a bot on such a telephone is still a bot")
  func exceptions() throws {
    let bots = BotList([.init(token: "bot", category: .selfDeclared, exceptions: ["cubot"])])
    #expect(bots.entry(for: "CUBOT X70") == nil && bots.entry(for: "cubot cubot") == nil)
    #expect(bots.entry(for: "Cubot X70; SomeBot/1") != nil && bots.entry(for: "bot cubot") != nil)
  }

  @Test("The matcher finds exactly the tokens that a plain search finds")
  func matcher() {
    let tokens = ["he", "she", "hers", "his", "s/", "/", "heh", "aaaa", "a"]
    let matcher = TokenMatcher(tokens.map { Array($0.utf8) })
    var random = SeededGenerator(seed: 11)
    let letters = Array("heriHSsa/x\u{e9} ")
    for _ in 0..<2000 {
      let text = String(
        (0..<Int.random(in: 0...24, using: &random)).map { _ in letters.randomElement(using: &random) ?? "x" }
      )
      var found: Set<Int> = []
      Array(text.utf8).withUnsafeBufferPointer { bytes in
        matcher.scan(bytes) {
          found.insert($0)
          return true
        }
      }
      #expect(found == Set(tokens.indices.filter { text.lowercased().contains(tokens[$0]) }), "\(text)")
    }
  }

  @Test("A file with a category, source or threshold that is not one names the line")
  func problems() throws {
    let text = """
      schema: retake.traffic/1
      rules: {impossible_sequence: {min_click_delay: 2h}, excess: {per_hour: {impresion: 3, click: 900}}}
      bots:
        spaceship: {tokens: [abc]}
        monitor: {sources: [nowhere], tokens: [ab, pingdom, PINGDOM, {token: bot, except: [robt]}]}
      """
    #expect {
      try TrafficPolicy(Document(text: text, name: "traffic.yaml"))
    } throws: { error in
      let message = "\(error)"
      return ["impresion", "900", "2h", "spaceship", "nowhere", "twice", "must hold"]
        .allSatisfy(message.contains)
    }
  }
}
