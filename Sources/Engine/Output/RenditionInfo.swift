/// The facts of a finished file.
public struct RenditionInfo: Sendable, Hashable, Codable {
  public var path: String
  public var placement: String
  public var width: Int
  public var height: Int
  /// 0 for a still.
  public var durationMilliseconds: Int
  public var frames: Int
  public var bytes: Int
  /// Lower-case hexadecimal.
  public var sha256: String
  public var engineVersion: String
  /// What the gate found and let pass.
  public var warnings: [Finding]
  /// What is shown otherwise than the document asks for, with line (unless nothing had to be laid out) and layer: a
  /// font that stands in, a clip that is cut off, a picture with too few pixels.
  public var remarks: [String] = []
  public var form: OutputForm
  /// The encoder's quality it was made with, as `OutputSettings.quality`; nil for GIF and PNG.
  public var quality: Int?
  /// How often it was encoded until it fitted its limits: once where nothing stood against it.
  public var rounds = 1
  /// Of bytes which say nothing and are there for a placement's lowest bit rate.
  public var fillerBytes = 0

  enum CodingKeys: String, CodingKey {
    case path, placement, width, height, frames, bytes, sha256, warnings, remarks, form, quality, rounds
    case durationMilliseconds = "duration_ms"
    case engineVersion = "engine_version"
    case fillerBytes = "filler_bytes"
  }
}
