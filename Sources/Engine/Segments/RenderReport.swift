/// What a rendering had to do and what it found done: the facts behind `--explain`.
public struct RenderReport: Sendable, Hashable, Codable {
  public struct Segment: Sendable, Hashable, Codable {
    /// Frames, counted from the film's start: `firstFrame` up to, not including, `endFrame`.
    public var firstFrame: Int
    public var endFrame: Int
    /// Hash of everything that shapes it, lower-case hexadecimal.
    public var name: String
    public var origin: Origin
    public var bytes: Int

    enum CodingKeys: String, CodingKey {
      case name, origin, bytes
      case firstFrame = "first_frame"
      case endFrame = "end_frame"
    }
  }

  /// Where a segment or the sound came from.
  public enum Origin: Sendable, Hashable {
    case cached
    /// Another segment of the same film looks the same.
    case repeated
    case encoded(Reason)
  }

  /// Why something had to be encoded.
  public enum Reason: Sendable, Hashable {
    case noCache
    /// Nothing was rendered under this subject before, or not this stretch of it.
    case new
    /// It was rendered before and has been evicted since.
    case evicted
    /// The cache's file was not as it had been written.
    case damaged
    /// Its parameter sets differ from those of the other segments.
    case otherParameters
    /// It was rendered before and looks otherwise now.
    case changed(Change)
  }

  /// What differs from the last rendering of the same stretch.
  public struct Change: Sendable, Hashable, Codable {
    /// The engine, libx264 or its settings.
    public var encoder = false
    /// How many frames there are.
    public var length = false
    /// Where things stand and how they move, fade or mix.
    public var motion = false
    /// Bitmaps (texts, photos, shapes) that are not those of the last time, of how many.
    public var pictures = 0
    public var picturesOf = 0

    enum CodingKeys: String, CodingKey {
      case encoder, length, motion, pictures
      case picturesOf = "pictures_of"
    }
  }

  public var segments: [Segment] = []
  public var sound: Origin = .encoded(.noCache)
  /// The list of segments itself was found by the document's hash: nothing was laid out or drawn.
  public var wasKnown = false
  /// False when segments could not be joined and the whole film was encoded in one go.
  public var wasJoined = true
  public var workers = 1

  public init() {}

  enum CodingKeys: String, CodingKey {
    case segments, sound, workers
    case wasKnown = "was_known"
    case wasJoined = "was_joined"
  }

  /// Frames that were taken from the cache, and all frames.
  public var cachedFrames: (cached: Int, all: Int) {
    segments.reduce(into: (0, 0)) { sum, segment in
      let count = segment.endFrame - segment.firstFrame
      if case .encoded = segment.origin {} else { sum.0 += count }
      sum.1 += count
    }
  }
}

extension RenderReport.Origin: CustomStringConvertible, Codable {
  public var description: String {
    switch self {
    case .cached: "cached"
    case .repeated: "same as another segment"
    case .encoded(let reason): "encoded: \(reason)"
    }
  }

  private enum Keys: String, CodingKey { case from, reason, change }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Keys.self)
    switch self {
    case .cached: try container.encode("cache", forKey: .from)
    case .repeated: try container.encode("repeat", forKey: .from)
    case .encoded(let reason):
      try container.encode("encoder", forKey: .from)
      try container.encode(reason.word, forKey: .reason)
      if case .changed(let change) = reason { try container.encode(change, forKey: .change) }
    }
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Keys.self)
    switch try container.decode(String.self, forKey: .from) {
    case "cache": self = .cached
    case "repeat": self = .repeated
    default:
      let word = try container.decode(String.self, forKey: .reason)
      let change = try container.decodeIfPresent(RenderReport.Change.self, forKey: .change)
      self = .encoded(RenderReport.Reason(word: word, change: change))
    }
  }
}

extension RenderReport.Reason: CustomStringConvertible {
  fileprivate var word: String {
    switch self {
    case .noCache: "no_cache"
    case .new: "new"
    case .evicted: "evicted"
    case .damaged: "damaged"
    case .otherParameters: "other_parameters"
    case .changed: "changed"
    }
  }

  fileprivate init(word: String, change: RenderReport.Change?) {
    let plain: [RenderReport.Reason] = [.noCache, .new, .evicted, .damaged, .otherParameters]
    self = plain.first { $0.word == word } ?? .changed(change ?? RenderReport.Change())
  }

  public var description: String {
    switch self {
    case .noCache: "there is no cache"
    case .new: "not rendered before"
    case .evicted: "rendered before, but evicted from the cache since"
    case .damaged: "the cache's copy was damaged"
    case .otherParameters: "the cache's copy does not join with the others"
    case .changed(let change):
      [
        change.encoder ? "another engine or encoder" : nil, change.length ? "another length" : nil,
        change.pictures > 0
          ? "\(change.pictures) of \(change.picturesOf) pictures \(change.pictures == 1 ? "is" : "are") new"
          : nil,
        change.motion ? "other places or motion" : nil,
      ].compactMap(\.self).joined(separator: ", ")
    }
  }
}
