import HTTPTypes
import Hummingbird
import NIOCore

/// Reads a request's body within limits and undoes its `Content-Encoding`.
struct RequestBody {
  let maxBytes: Int
  let maxInflatedBytes: Int

  /// - Parameter encoding: of the body, where the request's address says it and no header does.
  func read(_ request: Request, encoding: String? = nil) async throws -> [UInt8] {
    if let length = request.headers[.contentLength].flatMap(Int.init), length > maxBytes { throw tooLarge }
    let buffer: ByteBuffer
    do {
      buffer = try await request.body.collect(upTo: maxBytes)
    } catch is NIOTooManyBytesError {
      throw tooLarge
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
      return try Inflater(limit: maxInflatedBytes).inflate(bytes)
    } catch {
      switch error {
      case .tooLarge(let limit):
        throw Problem(
          .contentTooLarge, "body_too_large",
          "The body inflates to more than \(limit) bytes; send it in smaller batches.")
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
