/// The facts of a finished file.
public struct RenditionInfo: Sendable, Hashable, Codable {
  public var path: String
  public var placement: String
  public var width: Int
  public var height: Int
  public var durationMilliseconds: Int
  public var frames: Int
  public var bytes: Int
  /// Lower-case hexadecimal.
  public var sha256: String
  public var engineVersion: String
  /// What the gate found and let pass.
  public var warnings: [Finding]

  enum CodingKeys: String, CodingKey {
    case path, placement, width, height, frames, bytes, sha256, warnings
    case durationMilliseconds = "duration_ms"
    case engineVersion = "engine_version"
  }
}
