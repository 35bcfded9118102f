import CZlib

/// Inflates gzip and zlib bodies (RFC 1952, RFC 1950), never to more than `limit` bytes: a small body that
/// would grow without bound stops at the limit instead of filling memory.
struct Inflater {
  enum Failure: Error, Equatable {
    case tooLarge(limit: Int)
    /// It grows more than any events do: the work of unpacking it is what is wanted of us.
    case bomb
    case malformed(String)
    case truncated
    /// Too much is held already.
    case noRoom(Problem)
  }

  /// Bytes out of one byte in, on the whole, beyond which a body is none of events. JSON shrinks by 10 to 40; deflate
  /// itself ends at 1,032.
  static let maxRatio = 200
  /// What a body may grow to whatever its ratio.
  static let plausible = 1 << 20

  let limit: Int

  /// - Parameter lease: where what is held beside the input is accounted for.
  func inflate(_ input: some Collection<UInt8>, _ lease: BodyLease? = nil) throws(Failure) -> [UInt8] {
    var compressed = Array(input)
    var stream = z_stream()
    // 15 bits of window, +32: recognise gzip or zlib by their headers.
    guard retake_inflate_init(&stream, 15 + 32) == Z_OK else { throw .malformed("zlib could not start") }
    defer { inflateEnd(&stream) }

    var output: [UInt8] = []
    // What JSON shrinks by; a bomb has to earn its room.
    output.reserveCapacity(min(limit, compressed.count * 6))
    var chunk = [UInt8](repeating: 0, count: 64 * 1024)
    let outcome: Result<[UInt8], Failure> = compressed.withUnsafeMutableBufferPointer { source in
      stream.next_in = source.baseAddress
      stream.avail_in = UInt32(source.count)
      while true {
        let (status, produced) = chunk.withUnsafeMutableBufferPointer { target in
          stream.next_out = target.baseAddress
          stream.avail_out = UInt32(target.count)
          let status = CZlib.inflate(&stream, Z_NO_FLUSH)
          return (status, target.count - Int(stream.avail_out))
        }
        guard output.count + produced <= limit else { return .failure(.tooLarge(limit: limit)) }
        let grown = output.count + produced
        if grown > Self.plausible, grown > Self.maxRatio * (source.count - Int(stream.avail_in)) {
          return .failure(.bomb)
        }
        if let problem = lease?.refusal(of: source.count + grown) {
          return .failure(.noRoom(problem))
        }
        output.append(contentsOf: chunk[..<produced])
        switch status {
        case Z_STREAM_END:
          guard stream.avail_in > 0 else { return .success(output) }
          // A gzip file may hold several members (RFC 1952, 2.2).
          guard inflateReset(&stream) == Z_OK else { return .failure(.malformed("bad second member")) }
        case Z_OK where produced > 0 || stream.avail_in > 0: continue
        case Z_OK, Z_BUF_ERROR: return .failure(.truncated)
        default: return .failure(.malformed(stream.msg.map { String(cString: $0) } ?? "zlib error \(status)"))
        }
      }
    }
    return try outcome.get()
  }
}
