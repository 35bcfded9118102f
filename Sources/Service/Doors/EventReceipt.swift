import Hummingbird
import Ingestion

/// What senders of events are told, whatever door they came through. PostHog's SDKs look for `status`, people for the
/// rest; the HTTP status is exactly 200, which is the only success RudderStack's and PostHog's SDKs know.
struct EventReceipt: Encodable {
  struct Counts: Encodable {
    let received: Int
    let stored: Int
    let duplicate: Int
    let quarantined: Int
    let rejected: Int
  }

  struct Rejected: Encodable {
    let index: Int
    let code: String
    let message: String
    let quarantined: Bool
  }

  let success = true
  let status = 1
  let counts: Counts
  let rejected: [Rejected]

  private enum CodingKeys: CodingKey { case success, status, counts, rejected }

  static func response(_ reply: IngestReply) throws -> Response {
    try ServiceJSON.response(
      EventReceipt(
        counts: .init(
          received: reply.counts.received, stored: reply.counts.stored, duplicate: reply.counts.duplicate,
          quarantined: reply.counts.quarantined, rejected: reply.counts.rejected),
        rejected: reply.rejected.map {
          .init(
            index: $0.index, code: $0.code.rawValue, message: $0.message, quarantined: $0.code.isQuarantine)
        }))
  }
}
