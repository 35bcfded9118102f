import CZlib

/// Inflates gzip as it comes in (RFC 1952, files of several members too), a piece at a time and never more than asked
/// for: memory stays bounded whatever the ratio is.
final class GzipInflater {
  /// On the heap: zlib's state points back at it.
  private let stream: UnsafeMutablePointer<z_stream>
  private let source: FileBytes
  private var input: [UInt8] = []
  private var consumed = 0
  private var isAtEnd = false
  /// A member has begun and not ended.
  private var isInside = false

  /// - Parameter head: what was read of the source already.
  init(_ source: FileBytes, head: [UInt8]) throws(EventFileError) {
    self.source = source
    input = head
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // 15 bits of window, +16: gzip only.
    guard retake_inflate_init(stream, 15 + 16) == Z_OK else {
      throw .brokenGzip(reason: "zlib could not start", atByte: 0)
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deinitialize(count: 1)
    stream.deallocate()
  }

  /// Appends up to `count` inflated bytes to `bytes`; gives how many, 0 at the end.
  func read(_ count: Int, into bytes: inout [UInt8]) throws(EventFileError) -> Int {
    while !isAtEnd {
      if consumed == input.count {
        input.removeAll(keepingCapacity: true)
        consumed = 0
        if try source.read(256 * 1024, into: &input) == 0 {
          isAtEnd = true
          guard !isInside else { throw broken("it ends too early; is the file still being written?") }
          return 0
        }
      }
      let (status, produced) = inflate(count, into: &bytes)
      switch status {
      case Z_STREAM_END:
        isInside = false
        guard inflateReset(stream) == Z_OK else { throw broken("a second member cannot be begun") }
      case Z_OK, Z_BUF_ERROR: isInside = true
      default: throw broken(stream.pointee.msg.map { String(cString: $0) } ?? "zlib error \(status)")
      }
      if produced > 0 { return produced }
    }
    return 0
  }

  private func inflate(_ count: Int, into bytes: inout [UInt8]) -> (status: Int32, produced: Int) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: count) { target in
      let available = input.count - consumed
      let status = input.withUnsafeMutableBufferPointer { source in
        stream.pointee.next_in = source.baseAddress?.advanced(by: consumed)
        stream.pointee.avail_in = UInt32(available)
        stream.pointee.next_out = target.baseAddress
        stream.pointee.avail_out = UInt32(count)
        return CZlib.inflate(stream, Z_NO_FLUSH)
      }
      consumed += available - Int(stream.pointee.avail_in)
      let produced = count - Int(stream.pointee.avail_out)
      bytes.append(contentsOf: target[..<produced])
      return (status, produced)
    }
  }

  private func broken(_ reason: String) -> EventFileError {
    .brokenGzip(reason: reason, atByte: source.offset - Int64(input.count - consumed))
  }
}
