public import Documents

/// Something said in an ad, from a point in time on: words for the voice program, or a recording of them.
public struct VoiceLine: Sendable, Hashable, Codable {
  /// Empty where there is a recording.
  public var text: String
  /// The recording's asset.
  public var asset: String?
  /// From the ad's beginning.
  public var at: TimeSpan
  /// BCP 47, such as `en`, `pt-BR`.
  public var language: String
  /// What the voice program calls the speaker; nil for its own choice.
  public var voice: String?

  public init(text: String, at: TimeSpan, language: String = "en", voice: String? = nil) {
    self.text = text
    asset = nil
    self.at = at
    self.language = language
    self.voice = voice
  }

  /// A recording.
  public init(asset: String, at: TimeSpan) {
    self.init(text: "", at: at)
    self.asset = asset
  }

  /// Reads `{text: "Half price until Sunday", at: 1500ms, language: de, voice: anna}` or
  /// `{asset: voice.wav, at: 1500ms}`.
  ///
  /// - Parameter language: the document's, for lines that name none.
  public init(_ node: DocumentNode, language: String) {
    self.init(FormReader(node, Forms.voice, DocumentClock(tempo: 120)), language: language)
  }

  init(_ reader: FormReader, language: String) {
    let (text, asset) = (reader.text("text"), reader.text("asset"))
    if (text == nil) == (asset == nil) {
      reader.map.problem("must have either text, to be spoken, or the asset of a recording")
    }
    let at = reader.moment("at") ?? 0
    if at < 0 { reader.value("at")?.problem("lies before the beginning") }
    self.init(
      text: asset == nil ? text ?? "" : "", at: .seconds(max(0, at)),
      language: reader.text("language") ?? language,
      voice: reader.text("voice"))
    self.asset = asset
  }

  /// What `nodes` say, each line after the one before.
  static func list(
    _ items: [DocumentNode], language: String, clock: DocumentClock
  ) -> [VoiceLine] {
    var lines: [VoiceLine] = []
    for item in items {
      let line = VoiceLine(FormReader(item, Forms.voice, clock), language: language)
      if let before = lines.last, line.at <= before.at {
        item.problem("begins at \(line.at), not after the line before it (\(before.at))")
      }
      lines.append(line)
    }
    return lines
  }
}
