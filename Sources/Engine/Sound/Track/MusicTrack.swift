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

  public init(
    asset: String, tempo: Double? = nil, firstBeat: TimeSpan? = nil, beatsPerBar: Int = 4,
    from: TimeSpan = .zero
  ) {
    self.asset = asset
    self.tempo = tempo
    self.firstBeat = firstBeat
    self.beatsPerBar = beatsPerBar
    self.from = from
  }

  enum CodingKeys: String, CodingKey {
    case asset, tempo, from
    case firstBeat = "first_beat"
    case beatsPerBar = "beats_per_bar"
  }

  /// The keys of its form in documents.
  public static let keys = ["asset", "tempo", "first_beat", "beats_per_bar", "from"]

  /// Reads `{asset: song, tempo: 120, first_beat: 80ms, beats_per_bar: 4, from: 12s}`; only `asset` is needed.
  public init(_ node: DocumentNode) {
    let map = node.mapping(allowed: Self.keys)
    self.init(
      asset: map.string("asset", length: 1...200), tempo: map.optionalDouble("tempo", in: 40...240),
      firstBeat: map.optional("first_beat").map { _ in
        map.timeSpan("first_beat", in: .zero ... .seconds(60))
      },
      beatsPerBar: map.optionalInt("beats_per_bar", in: 2...12) ?? 4,
      from: map.optional("from").map { _ in map.timeSpan("from", in: .zero ... .seconds(3600)) } ?? .zero)
  }
}
