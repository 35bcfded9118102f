import Glibc

/// `flock(2)` on a file: it goes when the process does, however that ends.
final class FileLock: Sendable {
  enum Kind {
    case shared, exclusive
  }

  private let descriptor: Int32

  /// Opens (and makes) the file without locking it.
  init(path: String) throws(PostgresError) {
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else {
      throw PostgresError(.cluster, "cannot open \(path): \(systemMessage())")
    }
  }

  deinit { close(descriptor) }

  /// Waits until it is free.
  func lock(_ kind: Kind) {
    while flock(descriptor, kind == .shared ? LOCK_SH : LOCK_EX) != 0, errno == EINTR {}
  }

  func tryLock(_ kind: Kind) -> Bool {
    flock(descriptor, (kind == .shared ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0
  }

  func unlock() { flock(descriptor, LOCK_UN) }
}
