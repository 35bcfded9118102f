import Campaigns
import FoundationEssentials
import HTTPTypes
import Ingestion
import NIOCore

/// What the lane does with a request: as ``EventRoutes`` through ``EventReception``, where nothing has to be waited for
/// but the commit.
struct LaneReception: Sendable {
  let backend: Backend
  let keys: KeyRing
  let serverName: String
  let date: ResponseDate

  /// - Parameter answer: called once with the whole answer, on any thread.
  /// - Returns: false when the request must go the other way; nothing was done about it.
  func receive(
    _ request: ScannedRequest, in buffer: ByteBuffer, answer: @escaping @Sendable (ByteBuffer) -> Void
  ) -> Bool {
    // Every request may hold this much without asking.
    guard request.body.count <= BodyLease.free else { return false }
    return buffer.withUnsafeReadableBytes { bytes in
      guard let target = request.target, let authorization = request.authorization,
        Self.paths.contains(where: { bytes[target].elementsEqual($0) }),
        let secret = AuthorizationHeader.secret(in: String(decoding: bytes[authorization], as: UTF8.self)),
        let sender = keys.remembered(secret), sender.key.opens(.ingest)
      else { return false }
      let moment = backend.now()
      let workspace = sender.workspace.id
      guard backend.rateLimit?.admits(workspace, at: moment) ?? true else { return false }
      return backend.door.receiveAtOnce(Array(bytes[request.body]), workspace: workspace, at: moment) {
        result in
        switch result {
        case .success(let reply):
          backend.rateLimit?.charge(workspace, reply.received)
          answer(response("200 OK", "application/json", body: reply.json))
        case .failure(let error): answer(response(Problem(error), to: request, in: buffer))
        }
      }
    }
  }

  private static let paths = [Array("/v1/events".utf8), Array("/v1/events/".utf8)]

  private func response(_ problem: Problem, to request: ScannedRequest, in buffer: ByteBuffer) -> ByteBuffer {
    let path = request.target.flatMap { target in
      buffer.getString(at: buffer.readerIndex + target.lowerBound, length: target.count)
    }
    return response(
      "\(problem.status.code) \(problem.status.reasonPhrase)", "application/problem+json",
      retryAfter: problem.retryAfter, body: ByteBuffer(bytes: problem.document(instance: path ?? "")))
  }

  private func response(
    _ status: String, _ contentType: StaticString, retryAfter: Int? = nil, body: ByteBuffer
  ) -> ByteBuffer {
    var response = ByteBuffer()
    response.reserveCapacity(192 + body.readableBytes)
    response.writeStaticString("HTTP/1.1 ")
    response.writeString(status)
    response.writeStaticString("\r\nContent-Type: ")
    response.writeStaticString(contentType)
    response.writeStaticString("\r\nContent-Length: ")
    response.writeDecimal(body.readableBytes)
    if let retryAfter {
      response.writeStaticString("\r\nRetry-After: ")
      response.writeDecimal(retryAfter)
    }
    response.writeStaticString("\r\nDate: ")
    response.writeString(date.text)
    response.writeStaticString("\r\nServer: ")
    response.writeString(serverName)
    response.writeStaticString("\r\n\r\n")
    response.writeImmutableBuffer(body)
    return response
  }
}
