import Testing

@testable import Service

@Suite struct RequestScanTests {
  private static let head = "POST /v1/events HTTP/1.1\r\nHost: h\r\n"

  private func scan(_ text: String, maxHeadBytes: Int = 8192) -> RequestScan {
    Array(text.utf8).withUnsafeBufferPointer { RequestScan($0, maxHeadBytes: maxHeadBytes) }
  }

  private func part(_ text: String, _ range: Range<Int>?) -> String? {
    range.map { String(decoding: Array(text.utf8)[$0], as: UTF8.self) }
  }

  @Test func aRequestIsFoundWholeAndWhatFollowsItIsLeftAlone() throws {
    let request =
      "POST /v1/events?x=1 HTTP/1.1\r\nhOST: h\r\nUser-Agent: a b\r\nAUTHORIZATION: \tBearer rtk_1 \r\n"
      + "Content-Type: application/json\r\nConnection: Keep-Alive\r\ncontent-length: 2\r\n\r\n[]"
    guard case .whole(let found) = scan(request + "GET / HTTP/1.1") else {
      Issue.record("not whole")
      return
    }
    #expect(found.length == request.utf8.count)
    #expect(part(request, found.target) == "/v1/events?x=1")
    #expect(part(request, found.authorization) == "Bearer rtk_1")
    #expect(part(request, found.body) == "[]")
    #expect(found.isPlain)
  }

  @Test func aRequestWithoutABodyEndsWithItsHead() {
    let request = "GET /health HTTP/1.1\r\nHost: h\r\n\r\n"
    guard case .whole(let found) = scan(request + request) else {
      Issue.record("not whole")
      return
    }
    #expect(found.length == request.utf8.count && found.target == nil && found.body.isEmpty)
  }

  @Test func whatIsMissingOfABodyIsCounted() {
    #expect(scan(Self.head + "Content-Length: 10\r\n\r\n[") == .partial(missing: 9))
    #expect(scan(Self.head + "Content-Length: 999999999\r\n\r\n") == .partial(missing: 999_999_999))
  }

  @Test(arguments: [
    "Content-Encoding: gzip", "Origin: https://shop.example", "ce-type: click", "CE-SpecVersion: 1.0",
    "Content-Type: Application/CloudEvents-batch+json; charset=utf-8",
  ])
  func whatAsksForMoreThanReadingTheBodyIsNotPlain(field: String) {
    guard case .whole(let found) = scan(Self.head + field + "\r\nContent-Length: 0\r\n\r\n") else {
      Issue.record("not whole")
      return
    }
    #expect(!found.isPlain)
  }

  /// Each could be read in two ways, by us and by a proxy in front.
  @Test(arguments: [
    "POST /v1/events HTTP/1.1\r\nContent-Length: 0\r\n\r\n",
    head + "Content-Length: 2\r\nContent-Length: 2\r\n\r\n[]",
    head + "Content-Length: 2, 2\r\n\r\n[]", head + "Content-Length: +2\r\n\r\n[]",
    head + "Content-Length: 0x2\r\n\r\n[]", head + "Content-Length:\r\n\r\n[]",
    head + "Content-Length: 99999999999999999999\r\n\r\n[]",
    head + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n[]",
    head + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", head + "Content-Length : 2\r\n\r\n[]",
    head + "Content-Length: 2\r\n folded: x\r\n\r\n[]", head + "Content-Length: 2\n\r\n[]",
    head + "X: a\u{0}b\r\nContent-Length: 2\r\n\r\n[]", head + "X: a\rb\r\nContent-Length: 2\r\n\r\n[]",
    head + "Host: other\r\nContent-Length: 2\r\n\r\n[]",
    head + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n[]",
    head + "Connection: close\r\nContent-Length: 2\r\n\r\n[]",
    head + "Authorization: Bearer a\r\nAuthorization: Bearer b\r\nContent-Length: 2\r\n\r\n[]",
    "POST /v1/events HTTP/1.0\r\nHost: h\r\nContent-Length: 2\r\n\r\n[]",
    "POST  /v1/events HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n[]",
    "post /v1/events HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n[]",
    "\r\nPOST /v1/events HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n[]",
    "PUT / HTTP/1.1\r\nHost: h\r\n\r\n",
    "GET  HTTP/1.1\r\nHost: h\r\n\r\n", "", "P", head, head + "\r", "\u{16}\u{3}\u{1}",
  ])
  func doubtIsLeftToTheDecoder(text: String) {
    #expect(scan(text) == .unclear)
  }

  @Test func aHeadOverTheLimitIsLeftToTheDecoder() {
    let request = Self.head + "X: \(String(repeating: "x", count: 100))\r\nContent-Length: 0\r\n\r\n"
    #expect(scan(request, maxHeadBytes: request.utf8.count) != .unclear)
    #expect(scan(request, maxHeadBytes: request.utf8.count - 1) == .unclear)
  }

  /// Wherever the bytes stop, nothing is read beyond them and nothing shorter is taken for the whole.
  @Test func everyPrefixOfARequestIsPartialOrUnclear() {
    let request = Self.head + "Authorization: Bearer rtk_1\r\nContent-Length: 4\r\n\r\n[{}]"
    for length in 0..<request.utf8.count {
      if case .whole = scan(String(decoding: request.utf8.prefix(length), as: UTF8.self)) {
        Issue.record("whole after \(length) bytes")
      }
    }
  }
}
