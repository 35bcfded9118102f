import Foundation
import TestKit
import Testing

/// Bytes that are not what they should be: never a 5xx, never a crash, never half a request taken for a whole one.
@Suite(.serialized) struct HostileInputTests {
  @Test func aBodyThatCannotBeReadIsRefusedWithAReason() async throws {
    try await HostileTarget.with { target in
      let good = Array("[\(target.event("a"))]".utf8)
      let zipped = try gzip(good)
      let bomb = try gzip(Array(repeating: 0x20, count: 100_000_000))
      let members = Array(repeating: try gzip(Array(repeating: 0x20, count: 1_000_000)), count: 100).flatMap(
        \.self)
      let gzipped = { (body: [UInt8]) in
        target.request(body: body, headers: "Content-Encoding: gzip\r\nContent-Length: \(body.count)\r\n")
      }
      let nested = Array(repeating: UInt8(ascii: "["), count: 10_000)
      let cases: [(String, [UInt8], Int, String)] = [
        ("truncated gzip", gzipped(Array(zipped.dropLast(9))), 400, "body_truncated"),
        ("a gzip header and nothing", gzipped([0x1f, 0x8b, 8, 0]), 400, "body_truncated"),
        (
          "garbage after gzip", gzipped(zipped + [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]), 400, "body_not_inflatable"
        ),
        ("a gzip bomb", gzipped(bomb), 413, "body_too_large"),
        ("a bomb of many members", gzipped(members), 413, "body_too_large"),
        ("a bomb in a bomb", gzipped(try gzip(bomb)), 400, "malformed_json"),
        (
          "encoded twice by name",
          target.request(
            body: zipped, headers: "Content-Encoding: gzip, gzip\r\nContent-Length: \(zipped.count)\r\n"),
          415, "content_encoding_unknown"
        ),
        ("5 MB", target.request(body: Array(repeating: 0x20, count: 5_000_000)), 413, "body_too_large"),
        ("10,000 arrays", target.request(body: nested), 400, "too_deep"),
        (
          "10,000 arrays inside an event",
          target.request(body: Array("[{\"x\":".utf8) + nested), 400, "too_deep"
        ),
        ("a NUL", target.request(body: [0x5b, 0, 0x5d]), 400, "malformed_json"),
        (
          "a raw NUL in a text",
          target.request(body: Array("[\(target.event("a", replacing: "\"v\"", with: "\"v\0\""))]".utf8)),
          400,
          "malformed_json"
        ),
        (
          "UTF-16",
          target.request(body: Array("[\(target.event("a"))]".utf16.flatMap { [UInt8($0 & 255), 0] })), 400,
          "malformed_json"
        ),
        ("nothing", target.request(body: []), 400, "empty_body"),
      ]
      for (name, bytes, status, code) in cases {
        let answer = try await target.answer(to: bytes)
        #expect(answer.status == status && answer.code == code, "\(name): \(answer.text.prefix(400))")
        #expect(answer.json["message"] is String && answer.json["detail"] is String, "\(name)")
      }
      #expect(try await target.stored() == 0)
    }
  }

  @Test func anEventThatCannotBeIsListedAndItsNeighboursAreStored() async throws {
    try await HostileTarget.with { target in
      let time = try #require(target.event("x").firstMatch(of: #/"timestamp":\d+/#)).0
      let event = { (number: Int, old: String, new: String) in
        Array(target.event("bad-\(number)", replacing: old, with: new).utf8)
      }
      var cases: [(String, [UInt8], String)] = [
        ("a lone surrogate", event(1, "\"v\"", #""\ud800""#), "invalid_text"),
        ("half a pair", event(2, "\"v\"", #""\ud83d!""#), "invalid_text"),
        ("an unknown escape", event(3, "\"v\"", #""\q""#), "invalid_text"),
        ("1e400", event(4, "\"v\"", #""v","value":1e400"#), "number_out_of_range"),
        ("a key twice", event(5, "\"v\"", #""v","viewer_id":"w""#), "duplicate_field"),
        (
          "a time of 1e400",
          Array(target.event("bad-6").replacing(#/"timestamp":\d+/#, with: "\"timestamp\":1e400").utf8),
          "malformed_timestamp"
        ),
        ("a viewer of 300 bytes", event(7, "\"v\"", "\"\(String(repeating: "x", count: 300))\""), "too_long"),
        (
          "40 kB", event(8, "\"v\"", "\"v\",\"x\":\"\(String(repeating: "x", count: 40_000))\""),
          "event_too_large"
        ),
        ("no object", Array("7".utf8), "not_an_object"),
      ]
      let times: [(String, String)] = [
        ("\"1970-01-01T00:00:00Z\"", "timestamp_out_of_range"),
        ("\"2100-01-01T00:00:00Z\"", "timestamp_out_of_range"),
        ("0", "timestamp_out_of_range"), ("9223372036854775807", "timestamp_out_of_range"),
        ("-1", "timestamp_out_of_range"), ("9223372036854775808", "malformed_timestamp"),
        ("\"2026-13-01T00:00:00Z\"", "malformed_timestamp"),
      ]
      for (number, (value, code)) in times.enumerated() {
        let text = target.event("time-\(number)").replacing(
          #/"timestamp":\d+/#, with: "\"timestamp\":\(value)")
        cases.append(("the time \(value)", Array(text.utf8), code))
      }
      var broken = Array(target.event("bad-9").utf8)
      broken.replace([UInt8(ascii: "v"), UInt8(ascii: "\"")], with: [0xff, UInt8(ascii: "\"")])
      cases.append(("invalid UTF-8", broken, "invalid_text"))
      #expect(!time.isEmpty)

      var stored = 0
      for (number, (name, bytes, code)) in cases.enumerated() {
        let neighbours = ["left-\(number)", "right-\(number)"].map { Array(target.event($0).utf8) }
        let comma = [UInt8(ascii: ",")]
        let body = Array("[".utf8) + neighbours[0] + comma + bytes + comma + neighbours[1] + Array("]".utf8)
        let answer = try await target.answer(to: target.request(body: body))
        #expect(answer.status == 200 && answer.count("stored") == 2, "\(name): \(answer.text.suffix(400))")
        #expect(answer.rejectedCodes == [code], "\(name): \(answer.rejectedCodes)")
        stored += 2
      }
      #expect(try await target.stored() == stored)
    }
  }

  @Test func whatIsNotHTTPIsAnsweredWithA4xx() async throws {
    try await HostileTarget.with { target in
      let cases: [(String, String, Int)] = [
        ("an empty name", target.head(": x\r\nContent-Length: 0\r\n"), 400),
        (
          "a header of 100 kB",
          target.head("X: \(String(repeating: "a", count: 100_000))\r\nContent-Length: 0\r\n"), 431
        ),
        (
          "1,000 headers", target.head(String(repeating: "X: a\r\n", count: 1000) + "Content-Length: 0\r\n"),
          431
        ),
        ("a path of 100 kB", target.head("", "GET /\(String(repeating: "a", count: 100_000)) HTTP/1.1"), 431),
        ("a length in letters", target.head("Content-Length: abc\r\n"), 400),
        ("a negative length", target.head("Content-Length: -1\r\n"), 400),
        ("a length beyond numbers", target.head("Content-Length: 99999999999999999999999\r\n"), 400),
        ("a length of 1 TB", target.head("Content-Length: 1099511627776\r\n"), 413),
        ("two lengths", target.head("Content-Length: 2\r\nContent-Length: 3\r\n") + "[]", 400),
        (
          "a length and chunks",
          target.head("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n") + "0\r\n\r\n", 400
        ),
        ("an unknown transfer encoding", target.head("Transfer-Encoding: xchunked\r\n") + "abc", 400),
        ("a chunk of ZZ bytes", target.head("Transfer-Encoding: chunked\r\n") + "ZZ\r\n", 400),
        ("HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
        ("TLS", "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}", 400),
        ("a folded header", target.head("X: a\r\n b\r\nContent-Length: 0\r\n"), 400),
        ("an unknown method", target.head("Content-Length: 0\r\n", "BREW /v1/events HTTP/1.1"), 400),
        ("a broken escape in the path", target.head("", "GET /%zz%00/../..?%=%&&&= HTTP/1.1"), 404),
      ]
      for (name, text, status) in cases {
        let answer = try await target.answer(to: Array(text.utf8))
        #expect(answer.status == status, "\(name): \(answer.text.prefix(300))")
        #expect(answer.json["code"] is String && answer.json["message"] is String, "\(name): \(answer.text)")
      }
    }
  }

  @Test func aRequestCutShortIsNeverTakenForAWholeOne() async throws {
    try await HostileTarget.with { target in
      let line = target.event("cut") + "\n"
      let length = "Content-Length: \(line.utf8.count * 10)\r\n"
      let chunk = String(line.utf8.count, radix: 16) + "\r\n" + line + "\r\n"
      for text in [target.head(length) + line, target.head("Transfer-Encoding: chunked\r\n") + chunk] {
        let answer = try await target.answer(to: Array(text.utf8), thenFinish: true)
        #expect(answer.status == 400 && answer.code == "request_truncated", "\(answer.text)")
      }
      // The same, gone without a word.
      try await RawConnection(port: target.port).send(target.head(length) + line)
      #expect(try await target.stored() == 0)
    }
  }

  @Test func requestsSentAheadAreAnsweredInOrderEvenWhenNonsenseFollows() async throws {
    try await HostileTarget.with { target in
      let connection = try RawConnection(port: target.port)
      let body = Array("[\(target.event("ahead"))]".utf8)
      let unknown = Array(target.head("Content-Length: 0\r\n", "POST /v1/nothing HTTP/1.1").utf8)
      try await connection.send(
        target.request(body: body) + unknown + target.request(body: body) + Array("nonsense\r\n\r\n".utf8))
      let statuses = try await connection.readToEnd().matches(of: #/HTTP\/1\.1 (\d{3})/#).map { Int($0.1) }
      #expect(statuses == [200, 404, 200, 400])
      #expect(try await target.stored() == 1)
    }
  }

  @Test func aClientThatAsksFirstIsToldToGoOn() async throws {
    try await HostileTarget.with { target in
      let body = Array("[\(target.event("asked"))]".utf8)
      let connection = try RawConnection(port: target.port)
      try await connection.send(target.head("Expect: 100-continue\r\nContent-Length: \(body.count)\r\n"))
      #expect(try await connection.readToEnd(atMost: 0.5).hasPrefix("HTTP/1.1 100 Continue"))
      try await connection.send(body)
      #expect(try await connection.readAnswer().contains("HTTP/1.1 200 OK"))
    }
  }

  private func gzip(_ bytes: [UInt8]) throws -> [UInt8] { Array(try Gzip.compress(Data(bytes))) }
}
