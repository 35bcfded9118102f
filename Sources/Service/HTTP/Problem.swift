import FoundationEssentials
import HTTPTypes
public import Hummingbird

/// What a client did wrong or the service cannot do, as `application/problem+json` (RFC 9457) that also carries
/// `code` (stable, for programs) and `message` (for people), which event SDKs read.
struct Problem: Error, HTTPResponseError, Equatable {
  let status: HTTPResponse.Status
  /// Stable, snake_case.
  let code: String
  /// What is wrong, where, and what to do.
  let detail: String
  /// Seconds after which a retry makes sense.
  var retryAfter: Int?

  init(_ status: HTTPResponse.Status, _ code: String, _ detail: String, retryAfter: Int? = nil) {
    self.status = status
    self.code = code
    self.detail = detail
    self.retryAfter = retryAfter
  }

  private struct Document: Encodable {
    let type: String
    let title: String
    let status: Int
    let detail: String
    let code: String
    let message: String
    let instance: String
  }

  /// - Parameter instance: the path that was asked for; empty when none could be read.
  func document(instance: String) -> [UInt8] {
    let document = Document(
      type: "urn:retake:problem:\(code)", title: status.reasonPhrase, status: status.code, detail: detail,
      code: code, message: detail, instance: instance)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      return Array(try encoder.encode(document))
    } catch {
      // Six texts and a number can be encoded; and a refusal without its reasons would still be one.
      return []
    }
  }

  func response(from request: Request, context: some RequestContext) throws -> Response {
    var headers: HTTPFields = [.contentType: "application/problem+json"]
    if let retryAfter { headers[.retryAfter] = String(retryAfter) }
    if status == .unauthorized { headers[.wwwAuthenticate] = "Bearer realm=\"retake\"" }
    return Response(
      status: status, headers: headers,
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: document(instance: request.uri.path))))
  }
}

extension Problem {
  static func notFound(_ what: String) -> Problem {
    Problem(.notFound, "not_found", "There is no \(what) here. It may belong to another workspace.")
  }

  static func badRequest(_ detail: String, code: String = "bad_request") -> Problem {
    Problem(.badRequest, code, detail)
  }

  static func conflict(_ detail: String, code: String = "conflict") -> Problem {
    Problem(.conflict, code, detail)
  }
}
