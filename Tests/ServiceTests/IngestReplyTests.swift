import Foundation
import NIOCore
import Testing

@testable import Ingestion
@testable import Service

@Suite struct IngestReplyTests {
  private func json(_ reply: IngestReply) throws -> [String: Any] {
    let data = Data(reply.json.readableBytesView)
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  @Test func theUsualReplyIsTheseBytes() {
    let reply = IngestReply(counts: EventCounts(stored: 100), rejected: [])
    #expect(
      String(buffer: reply.json)
        == "{\"counts\":{\"duplicate\":0,\"quarantined\":0,\"received\":100,\"rejected\":0,\"stored\":100},"
        + "\"rejected\":[],\"status\":1,\"success\":true}")
  }

  @Test func everyReasonAndEveryCharacterOfAMessageArrives() throws {
    let message = "no campaign has \"\\placement\"\u{0}\u{1F}\n\u{7F} é 😀 /"
    let rejected = Rejection.Code.allCases.enumerated().map {
      Rejection(index: $0.offset * 7, code: $0.element, message: message)
    }
    let reply = IngestReply(
      counts: EventCounts(stored: 1, duplicate: 22, quarantined: 333, rejected: 4444), rejected: rejected)
    let json = try json(reply)
    #expect(
      json["counts"] as? [String: Int] == [
        "received": 4800, "stored": 1, "duplicate": 22, "quarantined": 333, "rejected": 4444,
      ])
    #expect(json["success"] as? Bool == true && json["status"] as? Int == 1)
    let told = try #require(json["rejected"] as? [[String: Any]])
    #expect(told.map { $0["code"] as? String } == rejected.map(\.code.rawValue))
    #expect(told.map { $0["index"] as? Int } == rejected.map(\.index))
    #expect(told.map { $0["quarantined"] as? Bool } == rejected.map(\.code.isQuarantine))
    #expect(told.allSatisfy { $0["message"] as? String == message })
  }

  @Test func whatIsKeptOnDiskIsCountedAsReceived() throws {
    let json = try json(IngestReply(counts: EventCounts(rejected: 1), rejected: [], spooled: 9))
    #expect((json["counts"] as? [String: Int])?["spooled"] == 9)
    #expect((json["counts"] as? [String: Int])?["received"] == 10)
  }
}
