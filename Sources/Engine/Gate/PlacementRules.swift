import Documents

/// What a placement demands of a file beyond its size, length and bytes. nil and empty: anything goes.
public struct PlacementRules: Sendable, Hashable, Codable {
  /// `mp4`, `mov`, `webm`.
  public var containers: [String] = ["mp4"]
  /// The index stands before the data, so that playing can begin before all is there.
  public var isFaststart = true
  /// H.264 profiles as libavcodec names them.
  public var profiles: [String] = ["High", "Main", "Constrained Baseline", "Baseline"]
  public var pixelFormats: [String] = ["yuv420p"]
  /// Frames in a second.
  public var lowestFrameRate: Double? = 23
  public var highestFrameRate: Double? = 60
  /// Of the whole file, in kbit/s.
  public var lowestBitRate: Int?
  public var highestBitRate: Int?
  /// The bit rate of the picture the platform advises: kept as far as that does not show, and not checked.
  public var targetBitRate: Int?
  public var minimumBytes: Int?
  public var audioCodecs: [String] = ["aac"]
  public var channels: Int? = 2
  public var sampleRate: Int?
  /// kbit/s of the sound, where there is any.
  public var lowestAudioBitRate: Int?
  /// A file without a sound track is refused.
  public var needsAudio = true
  /// LUFS; nil: what the gate's rules say.
  public var loudness: Double?
  public var loudnessTolerance: Double?
  /// Smallest text, in pixels where the shorter side is 1080; nil: what the gate's rules say.
  public var smallestText: Double?

  /// What is made for the placement when nobody asks for anything else, and its quality (nil: the form's usual).
  public var form = OutputForm.mp4
  public var quality: Int?

  public init() {}

  static let keys = [
    "output", "containers", "faststart", "video", "audio", "min_bytes", "loudness", "smallest_text",
  ]
}

extension PlacementRules {
  /// Reads what `map` says over what `defaults` say.
  init(_ map: DocumentMapping, over defaults: PlacementRules) {
    self = defaults
    if let names = map.optional("containers") {
      containers = names.list(count: 1...10) { $0.known(in: Self.knownContainers, what: "container") }
    }
    if let output = map.optionalMapping("output", allowed: ["codec", "crf"]) {
      if let codec = output.optional("codec") {
        form = OutputForm(codec: codec.known(in: OutputForm.codecs, what: "codec the engine writes")) ?? form
      }
      quality = output.optionalInt("crf", in: form.videoCodec?.possibleQuality ?? 0...51) ?? quality
    }
    isFaststart = map.bool("faststart", default: isFaststart)
    minimumBytes = map.optionalInt("min_bytes", in: 1...Int.max) ?? minimumBytes
    smallestText = map.optionalDouble("smallest_text", in: 1...500) ?? smallestText
    if let level = map.optionalMapping("loudness", allowed: ["lufs", "tolerance"]) {
      loudness = level.double("lufs", in: -40 ... -5)
      loudnessTolerance = level.double("tolerance", in: 0.1...10)
    }
    if let video = map.optionalMapping(
      "video", allowed: ["profiles", "pixel_formats", "fps", "kbps", "target_kbps"])
    {
      if let names = video.optional("profiles") { profiles = names.list { $0.string(length: 1...40) } }
      if let names = video.optional("pixel_formats") {
        pixelFormats = names.list { $0.string(length: 1...40) }
      }
      if let rate = video.optionalMapping("fps", allowed: ["min", "max"]) {
        lowestFrameRate = rate.optionalDouble("min", in: 1...240)
        highestFrameRate = rate.optionalDouble("max", in: 1...240)
      }
      if let rate = video.optionalMapping("kbps", allowed: ["min", "max"]) {
        lowestBitRate = rate.optionalInt("min", in: 1...1_000_000)
        highestBitRate = rate.optionalInt("max", in: 1...1_000_000)
      }
      targetBitRate = video.optionalInt("target_kbps", in: 1...1_000_000) ?? targetBitRate
    }
    if let audio = map.optionalMapping(
      "audio", allowed: ["codecs", "channels", "sample_rate", "min_kbps", "required"])
    {
      if let names = audio.optional("codecs") { audioCodecs = names.list { $0.string(length: 1...40) } }
      channels = audio.optionalInt("channels", in: 1...8) ?? channels
      sampleRate = audio.optionalInt("sample_rate", in: 8000...192_000) ?? sampleRate
      lowestAudioBitRate = audio.optionalInt("min_kbps", in: 1...2000) ?? lowestAudioBitRate
      needsAudio = audio.bool("required", default: needsAudio)
    }
  }

  private static let knownContainers = ["mp4", "mov", "webm", "gif"]
}
