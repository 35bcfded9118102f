import Campaigns

extension DeviceType {
  /// What a client calls its viewer's device, or the system that runs on it; nil when that says nothing of its type, as
  /// `unknown`, `ios` and `android` do not.
  ///
  /// Read are the letters up to the first digit, without case and whatever stands between them: `Smart TV`, `smart_tv`
  /// and `SmartTV` are one, and a model's name counts: `iPhone14,5`, `iPad13,1`, `AppleTV6,2`.
  @inline(__always)
  init?(word: RawEvent.Text) {
    switch word.count {
    case 5 where word.equals("phone"): self = .phone
    case 6 where word.equals("tablet"): self = .tablet
    case 7 where word.equals("desktop"): self = .desktop
    case 2 where word.equals("tv"): self = .tv
    default: self.init(anyWord: word)
    }
  }

  /// By its number in AdCOM 1.0, list "Device Types"; nil for 1, "mobile/tablet", and numbers it does not have.
  init?(adCOM number: Int64) {
    switch number {
    case 2: self = .desktop
    case 3, 6, 7: self = .tv
    case 4: self = .phone
    case 5: self = .tablet
    case 8: self = .other
    default: return nil
    }
  }

  @inline(never)
  private init?(anyWord word: RawEvent.Text) {
    // Longer than any word that is listed.
    guard word.count <= 60 else { return nil }
    let letters = word.lazy.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
      .prefix { !UInt8.digits.contains($0) }
      .filter { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
    guard let type = Self.words[String(decoding: Array(letters), as: UTF8.self)] else { return nil }
    self = type
  }

  private static let words: [String: DeviceType] = {
    let words: [DeviceType: [String]] = [
      .phone: ["phone", "mobile", "mobilephone", "smartphone", "handset", "iphone", "ipod"],
      .tablet: ["tablet", "ipad", "ipados"],
      .desktop: [
        "desktop", "personalcomputer", "pc", "computer", "laptop", "mac", "macos", "macosx", "macbook",
        "macbookair", "macbookpro", "imac", "macmini", "windows", "linux", "chromeos", "chromiumos", "ubuntu",
      ],
      .tv: [
        "tv", "connectedtv", "ctv", "smarttv", "television", "connecteddevice", "settopbox", "stb", "console",
        "gameconsole", "gamingconsole", "appletv", "appletvos", "tvos", "androidtv", "firetv", "roku",
        "rokuos",
        "tizen", "webos", "playstation", "xbox", "nintendo",
      ],
      .other: [
        "other", "ooh", "oohdevice", "dooh", "watch", "smartwatch", "wearable", "watchos", "wearos", "car",
        "carplay", "automotive", "xr", "vr", "visionos", "embedded",
      ],
    ]
    return Dictionary(uniqueKeysWithValues: words.flatMap { type, words in words.map { ($0, type) } })
  }()
}
