import Glibc

extension SHA256 {
  /// The hash of a file's content, read in pieces of 1 MiB: memory does not grow with the file.
  ///
  /// Blocks the calling thread while it reads.
  public static func hash(fileAt path: String) throws(CryptographyError) -> SHA256Digest {
    func failure() -> CryptographyError {
      .unreadableFile(path: path, reason: String(cString: strerror(errno)))
    }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure() }
    defer { close(descriptor) }

    var hash = SHA256()
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer { buffer.deallocate() }
    while true {
      let count = read(descriptor, buffer.baseAddress, buffer.count)
      if count == 0 { return hash.finalize() }
      if count < 0 {
        if errno == EINTR { continue }
        throw failure()
      }
      hash.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
  }
}
