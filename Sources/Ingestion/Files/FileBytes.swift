import FoundationEssentials
import Glibc

/// A file, a pipe or standard input, read piece by piece; knows how far it is.
final class FileBytes {
  private let descriptor: Int32
  private let isOwned: Bool
  /// Bytes read from the file itself.
  private(set) var offset: Int64 = 0

  /// - Parameter path: nil for standard input.
  init(path: String?) throws(EventFileError) {
    guard let path else {
      (descriptor, isOwned) = (STDIN_FILENO, false)
      return
    }
    let opened = open(path, O_RDONLY | O_CLOEXEC)
    guard opened >= 0 else { throw .cannotOpen(path: path, reason: Self.reason(errno)) }
    (descriptor, isOwned) = (opened, true)
  }

  deinit { if isOwned { close(descriptor) } }

  /// Appends up to `count` bytes to `bytes`; gives how many, 0 at the end.
  func read(_ count: Int, into bytes: inout [UInt8]) throws(EventFileError) -> Int {
    while true {
      let result = withUnsafeTemporaryAllocation(byteCount: count, alignment: 16) { buffer -> (Int, Int32) in
        let got = Glibc.read(descriptor, buffer.baseAddress, count)
        let error = errno
        if got > 0 { bytes.append(contentsOf: buffer[..<got]) }
        return (got, error)
      }
      if result.0 >= 0 {
        offset += Int64(result.0)
        return result.0
      }
      guard result.1 == EINTR else { throw .cannotRead(reason: Self.reason(result.1)) }
    }
  }

  /// Whether there is something to read, waiting for it at most so long: a pipe may be silent for ever.
  func isReady(withinMilliseconds patience: Int32) -> Bool {
    var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&waiting, 1, patience) != 0
  }

  func skip(to offset: Int64) throws(EventFileError) {
    guard lseek(descriptor, Int(offset), SEEK_SET) == Int(offset) else {
      throw .cannotRead(reason: Self.reason(errno))
    }
    self.offset = offset
  }

  static func reason(_ code: Int32) -> String {
    switch code {
    case ENOENT: "there is no such file"
    case EACCES, EPERM: "its permissions do not allow it"
    case EISDIR: "it is a folder"
    case ENOSPC, EDQUOT: "the disk is full"
    default: String(cString: strerror(code))
    }
  }
}
