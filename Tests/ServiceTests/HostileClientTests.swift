import Foundation
import TestKit
import Testing

@testable import Service

/// Clients that take up room: each is cut off, and the others do not notice.
@Suite(.serialized) struct HostileClientTests {
  @Test func aClientThatDripsItsHeadOrItsBodyIsCutOffWith408() async throws {
    try await HostileTarget.with(connections: .init(requestTimeout: .seconds(1))) { target in
      let head = target.head("Content-Length: 5000\r\n")
      let starts = [
        "POST /v1/ev", head, head + "[", target.head("Transfer-Encoding: chunked\r\n") + "1\r\n[\r\n",
      ]
      let connections = try starts.map { _ in try RawConnection(port: target.port) }
      for (connection, start) in zip(connections, starts) { try await connection.send(start) }
      // Bytes that keep coming do not buy more time.
      let deadline = ContinuousClock.now + .seconds(20)
      var open = Set(connections.indices)
      while !open.isEmpty, ContinuousClock.now < deadline {
        for index in open {
          if try await connections[index].readToEnd(atMost: 0.1).contains("408") { open.remove(index) }
        }
        for index in open where index != 3 { try await connections[index].send("e") }
      }
      #expect(open.isEmpty)
      for connection in connections {
        #expect(try await connection.readToEnd(atMost: 5).contains("request_timeout"))
      }
    }
  }

  @Test func aClientThatTakesNoAnswersIsCutOff() async throws {
    try await HostileTarget.with(connections: .init(requestTimeout: .seconds(1))) { target in
      let connection = try RawConnection(port: target.port, receiveBuffer: 4096)
      let requests = String(repeating: "GET /static/style.css HTTP/1.1\r\nHost: x\r\n\r\n", count: 1000)
      // Until nothing more is taken from us: then every buffer in between is full.
      while try await connection.send(requests) {}
      #expect(try await connection.isReset(within: 20))
    }
  }

  @Test func idleConnectionsMakeRoomWhenThereAreTooMany() async throws {
    let connections = ConnectionLimits(idleTimeout: .seconds(4), maxConnections: 40)
    try await HostileTarget.with(connections: connections) { target in
      let crowd = try (0..<80).map { _ in try RawConnection(port: target.port) }
      let through = target.request(body: Array("[\(target.event("through"))]".utf8))
      let answer = try await target.answer(to: through)
      #expect(answer.status == 200, "\(answer.text)")
      for connection in crowd { #expect(try await connection.isClosed(within: 20)) }
    }
  }

  @Test func manyLargeBodiesAtOnceAreTurnedAwayWhileSmallOnesPass() async throws {
    let limits = Backend.Limits(
      maxBodyBytes: 1_000_000, maxInflatedBytes: 1_000_000, maxHeldBodyBytes: 2_000_000)
    try await HostileTarget.with(limits: limits) { target in
      let part = target.head("Content-Length: 1000000\r\n") + String(repeating: " ", count: 900_000)
      var holders = try (0..<6).map { _ in try RawConnection(port: target.port) }
      for holder in holders { try await holder.send(part) }
      var refused = 0
      for holder in holders {
        let text = try await holder.readToEnd(atMost: 0.5)
        guard text.contains("HTTP/1.1 503") else { continue }
        #expect(text.contains("Retry-After: 2") && text.contains("\"overloaded\""))
        refused += 1
      }
      #expect(refused == 4)
      let small = target.request(body: Array("[\(target.event("small"))]".utf8))
      #expect(try await target.answer(to: small).status == 200)
      // When those who held the room are gone, there is room again.
      holders.removeAll()
      let large = target.request(body: Array((part.suffix(900_000) + "[\(target.event("large"))]").utf8))
      var status = 0
      for _ in 0..<50 where status != 200 { status = try await target.answer(to: large).status }
      #expect(status == 200)
    }
  }
}
