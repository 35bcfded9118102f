public import Documents

/// A licensed recording as an ad's music: an asset, and where its bars are.
public struct MusicTrack: Sendable, Hashable, Codable {
  /// The asset's id.
  public var asset: String
  /// Beats in a minute; nil lets the engine listen for them.
  public var tempo: Double?
  /// When the first bar begins; nil lets the engine listen for it.
  public var firstBeat: TimeSpan?
  public var beatsPerBar: Int
  /// Where in the recording to begin; the bar nearest after it is taken.
  public var from: TimeSpan
  /// Whether it goes back to a bar where it is shorter than the ad; else it is refused then.
  public var loops: Bool
  /// Decibels louder than usual beside a voice; together both are brought to the placement's loudness.
  public var gain: Double

  public init(
    asset: String, tempo: Double? = nil, firstBeat: TimeSpan? = nil, beatsPerBar: Int = 4,
    from: TimeSpan = .zero, loops: Bool = true, gain: Double = 0
  ) {
    self.asset = asset
    self.tempo = tempo
    self.firstBeat = firstBeat
    self.beatsPerBar = beatsPerBar
    self.from = from
    self.loops = loops
    self.gain = gain
  }

  enum CodingKeys: String, CodingKey {
    case asset, tempo, from, gain
    case loops = "loop"
    case firstBeat = "first_beat"
    case beatsPerBar = "beats_per_bar"
  }

  /// Reads `{asset: song.mp3, tempo: 120, first_beat: 80ms, beats_per_bar: 4, from: 12s}`; only `asset` is needed.
  public init(_ node: DocumentNode) {
    self.init(FormReader(node, Forms.recording, DocumentClock(tempo: 120)))
  }

  init(_ reader: FormReader) {
    self.init(
      asset: reader.text("asset") ?? "", tempo: reader.optionalNumber("tempo"),
      firstBeat: reader.optionalLength("first_beat").map { .seconds($0) },
      beatsPerBar: reader.whole("beats_per_bar"), from: .seconds(reader.length("from")),
      loops: reader.flag("loop"), gain: reader.number("gain"))
    for (key, most) in [("first_beat", 60.0), ("from", 3600)] {
      guard let length = reader.optionalLength(key), length > most else { continue }
      reader.value(key)?.problem("is \(TimeSpan.seconds(length)); \(TimeSpan.seconds(most)) is the most")
    }
  }
}
