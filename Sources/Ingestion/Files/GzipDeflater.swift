import CZlib

/// Makes gzip (RFC 1952) of what it is given, piece by piece.
public final class GzipDeflater {
  /// On the heap: zlib's state points back at it.
  private let stream: UnsafeMutablePointer<z_stream>

  public init() throws(EventFileError) {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // deflateInit2 is a macro. 15 bits of window, +16: gzip. The fastest level: lines of JSON pack well at any.
    let status = deflateInit2_(
      stream, Z_BEST_SPEED, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else { throw .cannotWrite(reason: "zlib could not start") }
  }

  deinit {
    deflateEnd(stream)
    stream.deinitialize(count: 1)
    stream.deallocate()
  }

  /// What is ready to be written of what was given so far.
  /// - Parameter isLast: nothing more comes; the file is whole after this.
  public func deflate(_ bytes: [UInt8], isLast: Bool = false) throws(EventFileError) -> [UInt8] {
    var input = bytes
    var output: [UInt8] = []
    let status = input.withUnsafeMutableBufferPointer { source -> Int32 in
      stream.pointee.next_in = source.baseAddress
      stream.pointee.avail_in = UInt32(source.count)
      var status = Z_OK
      repeat {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 64 * 1024) { target in
          stream.pointee.next_out = target.baseAddress
          stream.pointee.avail_out = UInt32(target.count)
          status = CZlib.deflate(stream, isLast ? Z_FINISH : Z_NO_FLUSH)
          output.append(contentsOf: target[..<(target.count - Int(stream.pointee.avail_out))])
        }
      } while status == Z_OK && (stream.pointee.avail_out == 0 || isLast)
      return status
    }
    guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else {
      throw .cannotWrite(reason: "zlib error \(status)")
    }
    return output
  }
}
