/// All that shapes an ad's sound, besides the settings of the machine: the same soundtrack, assets and
/// settings give the same samples.
public struct Soundtrack: Sendable, Hashable, Codable {
  /// Where the picture changes.
  public struct Cut: Sendable, Hashable, Codable {
    public var at: TimeSpan
    /// A dissolve is answered more softly than a cut.
    public var isSoft: Bool

    public init(at: TimeSpan, isSoft: Bool = false) {
      self.at = at
      self.isSoft = isSoft
    }

    enum CodingKeys: String, CodingKey {
      case at
      case isSoft = "soft"
    }
  }

  /// Where the music comes from.
  public enum Source: Sendable, Hashable, Codable {
    /// Written by the composer.
    case composed(Music)
    /// A licensed recording.
    case track(MusicTrack)
  }

  public var duration: TimeSpan
  /// Ascending. Those outside the duration are not heard.
  public var cuts: [Cut]
  /// Nil for none.
  public var music: Source?
  /// In the order they are spoken.
  public var voice: [VoiceLine]
  /// What footage brings along.
  public var clips: [ClipSound]

  public init(
    duration: TimeSpan, cuts: [Cut] = [], music: Source? = nil, voice: [VoiceLine] = [],
    clips: [ClipSound] = []
  ) {
    self.duration = duration
    self.cuts = cuts
    self.music = music
    self.voice = voice
    self.clips = clips
  }

  /// With the sound of footage.
  func hearing(_ clips: [ClipSound]) -> Soundtrack {
    var soundtrack = self
    soundtrack.clips = clips
    return soundtrack
  }

  /// False for silence.
  var hasSound: Bool { music != nil || !voice.isEmpty || !clips.isEmpty }
}

extension Soundtrack {
  /// Every recording that is heard, each once.
  var assets: [String] {
    var seen: [String] = []
    if case .track(let track) = music { seen.append(track.asset) }
    for case let asset? in voice.map(\.asset) where !seen.contains(asset) { seen.append(asset) }
    for asset in clips.map(\.asset) where !seen.contains(asset) { seen.append(asset) }
    return seen
  }

  /// The soundtrack of a storyboard: its music and voice, with a hit wherever a scene begins.
  public init(_ storyboard: Storyboard) {
    var at = TimeSpan.zero
    var cuts: [Cut] = []
    for scene in storyboard.scenes {
      if at > .zero { cuts.append(Cut(at: at, isSoft: scene.transition.kind != .cut)) }
      at = at + scene.duration
    }
    self.init(
      duration: storyboard.duration, cuts: cuts,
      music: storyboard.recording.map { .track($0) } ?? storyboard.music.map { .composed($0) },
      voice: storyboard.voice)
  }
}

extension TimeSpan {
  /// Seconds to the frame nearest: where the picture really changes.
  var frameSeconds: Double { Double(frames) / Double(Engine.framesPerSecond) }
  /// Samples to the frame nearest.
  var samples: Int { StereoSound.samples(frames: frames) }
}
