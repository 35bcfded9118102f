import Foundation
import Ingestion

/// A result written piece by piece: to a file, which appears under its name only when it is whole, or to standard
/// output; gzip when the file is called so.
final class StreamedFile {
  /// Whoever read our output went away (`| head`): no failure of ours.
  struct ReaderGone: Error {}

  private let path: String?
  private let part: String
  private let descriptor: Int32
  private let deflater: GzipDeflater?
  private(set) var byteCount = 0

  /// - Parameter path: nil for standard output.
  init(_ path: String?) throws {
    self.path = path
    guard let path else {
      (part, descriptor, deflater) = ("", STDOUT_FILENO, nil)
      return
    }
    try OutputFile.checkWritable(path)
    let target = URL(filePath: path)
    part =
      target.deletingLastPathComponent()
      .appending(path: ".\(target.lastPathComponent).\(ProcessInfo.processInfo.processIdentifier).part").path
    deflater = path.hasSuffix(".gz") ? try GzipDeflater() : nil
    descriptor = open(part, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw CommandFailure("\(path) cannot be written: \(String(cString: strerror(errno))).")
    }
  }

  func write(_ bytes: [UInt8]) throws { try put(try deflater?.deflate(bytes) ?? bytes) }

  /// Makes the file appear, replacing one of its name in one step.
  func finish() throws {
    if let deflater { try put(try deflater.deflate([], isLast: true)) }
    guard let path else { return }
    guard fsync(descriptor) == 0, close(descriptor) == 0, rename(part, URL(filePath: path).path) == 0 else {
      throw CommandFailure("\(path) cannot be written: \(String(cString: strerror(errno))).")
    }
  }

  /// Leaves nothing behind.
  func discard() {
    guard path != nil else { return }
    close(descriptor)
    unlink(part)
  }

  private func put(_ bytes: [UInt8]) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      if count < 0, errno == EPIPE, path == nil { throw ReaderGone() }
      guard count > 0 else {
        throw CommandFailure(
          "\(path ?? "The output") cannot be written: \(String(cString: strerror(errno))).")
      }
      rest = rest.dropFirst(count)
    }
    byteCount += bytes.count
  }
}
