/// What a media file says of itself, and what was counted while reading it.
public struct MediaFacts: Sendable, Hashable, Codable {
  public struct Video: Sendable, Hashable, Codable {
    /// As libavcodec names them: `h264`, `hevc`, `vp9`, `av1`; `High`; `yuv420p`.
    public var codec: String
    public var profile: String?
    public var pixelFormat: String
    public var width: Int
    public var height: Int
    /// Width of a pixel by its height; 1 where the file states nothing.
    public var pixelShape: Double
    public var isProgressive: Bool
    /// Frames in a second.
    public var frameRate: Double
    public var frames: Int
    public var bitsPerSecond: Int
    public var startSeconds: Double
    public var seconds: Double
  }

  public struct Audio: Sendable, Hashable, Codable {
    public var codec: String
    public var channels: Int
    public var sampleRate: Int
    public var bitsPerSecond: Int
    public var startSeconds: Double
    public var seconds: Double
    /// LUFS and dBTP after decoding; nil for silence.
    public var loudness: Double?
    public var peak: Double?
  }

  /// As libavformat names it, such as `mov,mp4,m4a,3gp,3g2,mj2`.
  public var container: String
  public var bytes: Int
  public var seconds: Double
  /// True when the index stands before the data; nil for containers without one.
  public var isFaststart: Bool?
  public var video: Video?
  public var audio: Audio?

  public var bitsPerSecond: Int { seconds > 0 ? Int(Double(bytes) * 8 / seconds) : 0 }
}
