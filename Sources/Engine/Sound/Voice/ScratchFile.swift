import Foundation
import Glibc

/// Bytes as a file without a name: gone with this object, also when the process dies.
final class ScratchFile {
  let descriptor: Int32

  /// Holds `bytes`, to be read from the beginning; nil when the temporary folder takes no more.
  init?(_ bytes: [UInt8]) {
    var template = Array((NSTemporaryDirectory() + "/retake-XXXXXX").utf8CString)
    descriptor = mkstemp(&template)
    guard descriptor >= 0 else { return nil }
    unlink(template)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes {
        write(descriptor, $0.baseAddress.map { $0 + done }, $0.count - done)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return nil }
      done += count
    }
    guard lseek(descriptor, 0, SEEK_SET) == 0 else { return nil }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Where this process finds it.
  var path: String { "/proc/self/fd/\(descriptor)" }
}
