/// What can go wrong at the edge of this room: the operating system withholds something.
///
/// Hashing bytes that are already in memory cannot fail and therefore does not throw.
public enum CryptographyError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A file could not be opened or read to its end.
  case unreadableFile(path: String, reason: String)
  /// The system's random generator gave nothing; no key or token may be made until it does.
  case randomnessUnavailable(reason: String)

  public var description: String {
    switch self {
    case .unreadableFile(let path, let reason):
      "cannot read \(path): \(reason). Check that the file exists and that this user may read it."
    case .randomnessUnavailable(let reason):
      "the system's random generator failed (\(reason)). Check that getrandom(2) is allowed in this container."
    }
  }
}
