import HTTPTypes
import Hummingbird
import NIOCore

/// Reads a request's body within limits and undoes its `Content-Encoding`.
struct RequestBody {
  let maxBytes: Int
  let maxInflatedBytes: Int
  /// Where the bytes that are held are accounted for.
  var lease: BodyLease?

  /// - Parameter encoding: of the body, where the request's address says it and no header does.
  func read(_ request: Request, encoding: String? = nil) async throws -> [UInt8] {
    let length = request.headers[.contentLength].flatMap(Int.init)
    if let length, length > maxBytes { throw tooLarge }
    var buffer = ByteBuffer()
    for try await var part in request.body {
      guard buffer.readableBytes + part.readableBytes <= maxBytes else { throw tooLarge }
      if let problem = lease?.refusal(of: buffer.readableBytes + part.readableBytes) { throw problem }
      if buffer.readableBytes == 0 { buffer = part } else { buffer.writeBuffer(&part) }
    }
    // The sequence of parts also ends when the connection does.
    if let length, buffer.readableBytes < length {
      throw Problem.badRequest(
        "The connection ended after \(buffer.readableBytes) of \(length) bytes of the body.",
        code: "request_truncated")
    }
    let bytes = Array(buffer.readableBytesView)
    switch request.headers[.contentEncoding]?.lowercased() ?? encoding {
    case nil, "", "identity": return bytes
    case "gzip", "x-gzip", "deflate": return try inflate(bytes)
    case .some(let other):
      throw Problem(
        .unsupportedMediaType, "content_encoding_unknown",
        "Content-Encoding is \"\(other)\"; send gzip, deflate or none.")
    }
  }

  private func inflate(_ bytes: [UInt8]) throws -> [UInt8] {
    do {
      return try Inflater(limit: maxInflatedBytes).inflate(bytes, lease)
    } catch {
      switch error {
      case .noRoom(let problem): throw problem
      case .tooLarge(let limit):
        throw Problem(
          .contentTooLarge, "body_too_large",
          "The body inflates to more than \(limit) bytes; send it in smaller batches.")
      case .bomb:
        throw Problem(
          .contentTooLarge, "body_too_large",
          "The body inflates to more than \(Inflater.maxRatio) times its size, as no events do.")
      case .malformed(let reason):
        throw Problem.badRequest(
          "The compressed body cannot be read: \(reason).", code: "body_not_inflatable")
      case .truncated:
        throw Problem.badRequest("The compressed body ends too early.", code: "body_truncated")
      }
    }
  }

  private var tooLarge: Problem {
    Problem(
      .contentTooLarge, "body_too_large",
      "The body is larger than the limit of \(maxBytes) bytes; send it in smaller batches.")
  }
}
