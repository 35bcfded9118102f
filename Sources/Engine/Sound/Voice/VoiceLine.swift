public import Documents

/// Something said in an ad, from a point in time on.
public struct VoiceLine: Sendable, Hashable, Codable {
  public var text: String
  /// From the ad's beginning.
  public var at: TimeSpan
  /// BCP 47, such as `en`, `pt-BR`.
  public var language: String
  /// What the voice program calls the speaker; nil for its own choice.
  public var voice: String?

  public init(text: String, at: TimeSpan, language: String = "en", voice: String? = nil) {
    self.text = text
    self.at = at
    self.language = language
    self.voice = voice
  }

  /// The keys of its form in documents.
  public static let keys = ["text", "at", "language", "voice"]

  /// Reads `{text: "Half price until Sunday", at: 1500ms, language: de, voice: anna}`.
  ///
  /// - Parameter language: the document's, for lines that name none.
  public init(_ node: DocumentNode, language: String) {
    let map = node.mapping(allowed: Self.keys)
    self.init(
      text: map.string("text", length: 1...2000),
      at: map.optional("at").map { _ in map.timeSpan("at", in: .zero ... .seconds(180)) } ?? .zero,
      language: map.optionalString("language", length: 2...35) ?? language,
      voice: map.optionalString("voice", length: 1...200))
  }
}
