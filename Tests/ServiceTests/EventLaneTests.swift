import Campaigns
import Foundation
import Ingestion
import NIOCore
import TestKit
import Testing

@testable import Service

/// The lane before the HTTP decoder: faster, and otherwise not to be told from the way behind it.
@Suite struct EventLaneTests {
  /// Goes through the router: the lane leaves requests of browsers to it.
  private static let throughRouter = "Origin: https://shop.example\r\n"

  private func request(_ target: HostileTarget, _ message: String, _ headers: String = "") -> [UInt8] {
    let body = Array("[\(target.event(message))]".utf8)
    return target.request(body: body, headers: "Content-Length: \(body.count)\r\n\(headers)")
  }

  /// The answers one connection gives, as many as are asked for.
  private func answers(_ count: Int, of connection: RawConnection) async throws -> [Substring] {
    let text = try await connection.read(atMost: 10) { $0.components(separatedBy: "HTTP/1.1 ").count > count }
    return text.split(separator: "HTTP/1.1 ")
  }

  @Test func theLaneTakesWhatItKnowsAndAnswersAfterCommit() async throws {
    try await HostileTarget.with { target in
      #expect(try await target.answer(to: request(target, "first")).status == 200)
      let keys = KeyRing(
        keys: KeyStore(target.service.database), workspaces: WorkspaceStore(target.service.database),
        now: target.service.backend.now)
      let lane = LaneReception(
        backend: target.service.backend, keys: keys, serverName: "retake",
        date: ResponseDate(now: target.service.backend.now))
      let bytes = request(target, "second")
      guard case .whole(let scanned) = bytes.withUnsafeBufferPointer({ RequestScan($0, maxHeadBytes: 8192) })
      else {
        Issue.record("not whole")
        return
      }
      // A key is looked up by the way behind.
      #expect(!lane.receive(scanned, in: ByteBuffer(bytes: bytes)) { _ in Issue.record("answered") })
      _ = try await keys.identity(of: target.key)
      let answer = await withCheckedContinuation { continuation in
        let taken = lane.receive(scanned, in: ByteBuffer(bytes: bytes)) { continuation.resume(returning: $0) }
        #expect(taken)
      }
      #expect(String(buffer: answer).hasPrefix("HTTP/1.1 200 OK\r\n"))
      #expect(try await target.stored() == 2)
    }
  }

  @Test func bothWaysGiveTheSameAnswer() async throws {
    try await HostileTarget.with { target in
      #expect(try await target.answer(to: request(target, "known")).status == 200)
      let direct = try await target.answer(to: request(target, "a"))
      let routed = try await target.answer(to: request(target, "b", Self.throughRouter))
      func head(_ answer: HostileTarget.Answer) -> Set<String> {
        let head = answer.text.components(separatedBy: "\r\n\r\n")[0]
        return Set(head.components(separatedBy: "\r\n").map { $0.lowercased() })
      }
      func fields(_ answer: HostileTarget.Answer) -> Set<String> {
        head(answer).filter { !$0.hasPrefix("date:") && !$0.hasPrefix("access-control") }
      }
      #expect(fields(direct) == fields(routed))
      #expect(
        head(direct).contains {
          $0.wholeMatch(of: #/date: [a-z]{3}, \d\d [a-z]{3} \d{4} \d\d:\d\d:\d\d gmt/#) != nil
        })
      #expect(
        direct.text.components(separatedBy: "\r\n\r\n")[1]
          == routed.text.components(separatedBy: "\r\n\r\n")[1])
    }
  }

  @Test func pipelinedRequestsOfBothWaysAreAnsweredInTheirOrder() async throws {
    try await HostileTarget.with { target in
      #expect(try await target.answer(to: request(target, "known")).status == 200)
      let connection = try RawConnection(port: target.port)
      let page = Array("GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n".utf8)
      let missing = Array("GET /nowhere HTTP/1.1\r\nHost: h\r\n\r\n".utf8)
      try await connection.send(
        request(target, "a") + page + request(target, "b") + request(target, "c", Self.throughRouter)
          + missing
          + request(target, "d"))
      let answers = try await answers(6, of: connection)
      #expect(answers.map { String($0.prefix(3)) } == ["200", "200", "200", "200", "404", "200"])
      #expect(
        answers.enumerated().filter { $0.element.contains("\"stored\":1") }.map(\.offset) == [0, 2, 3, 5])
      #expect(try await target.stored() == 5)
    }
  }

  @Test func requestsThatComeInPartsAreAnsweredAndTheNextIsFoundBehindThem() async throws {
    try await HostileTarget.with { target in
      #expect(try await target.answer(to: request(target, "known")).status == 200)
      let connection = try RawConnection(port: target.port)
      let bytes = request(target, "parts")
      // In the body, in the head, and a whole one behind the rest of another.
      for cut in [bytes.count - 5, 30] {
        let before = try await target.stored()
        let (first, rest) = (Array(bytes[..<cut]), Array(bytes[cut...]))
        try await connection.send(first)
        #expect(try await !connection.isReadable(within: 0.2))
        try await connection.send(rest + request(target, "behind \(cut)"))
        let count = connection.received.isEmpty ? 2 : 4
        #expect(try await answers(count, of: connection).allSatisfy { $0.hasPrefix("200") })
        #expect(try await target.stored() > before)
      }
      #expect(try await target.stored() == 4)
    }
  }

  @Test func aClientThatFinishesSendingStillGetsItsAnswer() async throws {
    try await HostileTarget.with { target in
      #expect(try await target.answer(to: request(target, "known")).status == 200)
      let answer = try await target.answer(to: request(target, "last words"), thenFinish: true)
      #expect(answer.status == 200 && answer.count("stored") == 1)
      let closing = try RawConnection(port: target.port)
      try await closing.send(request(target, "closing", "Connection: close\r\n"))
      #expect(try await closing.readToEnd(atMost: 10).hasPrefix("HTTP/1.1 200"))
      #expect(try await closing.isClosed(within: 5))
    }
  }

  @Test func whatIsWrongWithABodyIsSaidByEitherWay() async throws {
    try await HostileTarget.with { target in
      #expect(try await target.answer(to: request(target, "known")).status == 200)
      let broken = try await target.answer(to: target.request(body: Array("[{".utf8)))
      #expect(broken.status == 400 && broken.code != nil)
      #expect(target.service.backend.writer.counters.refusedBodies.values.reduce(0, +) == 1)
      let mixed = Array(
        "[\(target.event("good")),\(target.event("bad", replacing: "impression", with: "sneeze"))]".utf8)
      let answer = try await target.answer(to: target.request(body: mixed))
      #expect(answer.status == 200 && answer.count("stored") == 1 && answer.rejectedCodes.count == 1)
    }
  }
}
