public import Campaigns
public import Documents

/// What other protocols call the kinds of events, and the consent categories that stand for measurement.
///
/// Names are compared without case, spaces, underscores and dashes: `Video Ad Started`, `video_ad_started` and
/// `VideoAdStarted` are one.
public struct EventVocabulary: Sendable {
  private var kinds: [String: EventKind]
  private var measurement: Set<String>

  /// The kinds' own names, and the plain words for measurement.
  public static let standard = EventVocabulary()

  private init() {
    kinds = Dictionary(uniqueKeysWithValues: EventKind.allCases.map { (Self.plain($0.name.utf8), $0) })
    measurement = ["analytics", "measurement"]
  }

  /// Reads `config/events.yaml` on top of the standard words.
  /// - Throws: `DocumentError`, naming every kind, name and category that cannot stand there.
  public init(path: String) throws {
    self = try Document(path: path).read { root in
      let map = root.mapping(allowed: ["schema", "names", "measurement_categories"])
      _ = map.require("schema").known(in: ["retake.events/1"], what: "schema")
      var vocabulary = EventVocabulary()
      let names = map.require("names").mapping(allowed: EventKind.allCases.map(\.name))
      for (key, node) in names.entries {
        guard let kind = EventKind(name: key) else { continue }
        _ = node.list { node in
          let name = Self.plain(node.string(length: 1...100).utf8)
          if let other = vocabulary.kinds[name], other != kind {
            node.problem("is a name of \(other.name) already")
          }
          vocabulary.kinds[name] = kind
        }
      }
      for category in map.strings("measurement_categories") {
        vocabulary.measurement.insert(Self.plain(category.utf8))
      }
      return vocabulary
    }
  }

  /// The kind of an event of that name; nil when it is nothing a viewer does with an ad.
  func kind(of name: RawEvent.Text) -> EventKind? {
    // Longer than any name that is listed.
    guard name.count <= 400 else { return nil }
    if let kind = kinds[Self.plain(name)] { return kind }
    // Reverse-domain names, as CloudEvents have: com.example.ads.impression.
    guard let dot = name.lastIndex(of: UInt8(ascii: ".")) else { return nil }
    return kinds[Self.plain(name[(dot + 1)...])]
  }

  func isMeasurement(_ category: some Sequence<UInt8>) -> Bool {
    measurement.contains(Self.plain(category))
  }

  private static func plain(_ name: some Sequence<UInt8>) -> String {
    String(
      decoding: name.lazy.filter { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "_") && $0 != .minus }
        .map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
  }
}
