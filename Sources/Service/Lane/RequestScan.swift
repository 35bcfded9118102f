/// What the bytes of a connection begin with, when they begin with a request of HTTP/1.1 (RFC 9112).
///
/// Reads only what is beyond doubt: one Content-Length, no Transfer-Encoding, nothing a proxy might read otherwise. All
/// else is `unclear` and left to the HTTP decoder.
enum RequestScan: Equatable {
  /// A request and its body are there.
  case whole(ScannedRequest)
  /// The head is there; so many bytes of the body are not.
  case partial(missing: Int)
  case unclear

  /// - Parameter maxHeadBytes: request line and header fields.
  init(_ bytes: UnsafeBufferPointer<UInt8>, maxHeadBytes: Int) {
    var reader = HeadReader(bytes: bytes, limit: min(bytes.count, maxHeadBytes))
    guard let head = reader.head() else {
      self = .unclear
      return
    }
    let length = reader.place + (head.contentLength ?? 0)
    guard length <= bytes.count else {
      self = .partial(missing: length - bytes.count)
      return
    }
    self = .whole(
      ScannedRequest(
        target: head.target, authorization: head.authorization, isPlain: head.isPlain,
        body: reader.place..<length))
  }
}

/// Places count from the request's first byte.
struct ScannedRequest: Equatable {
  /// Of POST requests; nil for other methods.
  var target: Range<Int>?
  /// The field's value.
  var authorization: Range<Int>?
  /// Whether nothing asks for more than reading the body as it is: no encoding, no origin to answer to, no event in the
  /// header fields.
  var isPlain: Bool
  var body: Range<Int>

  var length: Int { body.upperBound }
}

private struct Head {
  var target: Range<Int>?
  var contentLength: Int?
  var authorization: Range<Int>?
  var hasHost = false
  var isPlain = true
}

private struct HeadReader {
  let bytes: UnsafeBufferPointer<UInt8>
  let limit: Int
  var place = 0

  /// - Returns: nil when the head does not end within the limit or leaves any doubt.
  mutating func head() -> Head? {
    var head = Head()
    guard readRequestLine(&head) else { return nil }
    while place + 1 < limit {
      if bytes[place] == .carriageReturn {
        guard bytes[place + 1] == .lineFeed, head.hasHost else { return nil }
        place += 2
        return head
      }
      guard readField(&head) else { return nil }
    }
    return nil
  }

  private mutating func readRequestLine(_ head: inout Head) -> Bool {
    let isPost = takes("POST ")
    guard isPost || takes("GET ") else { return false }
    let start = place
    while place < limit, bytes[place] > 0x20, bytes[place] < 0x7F { place += 1 }
    guard place > start, takes(" HTTP/1.1\r\n") else { return false }
    if isPost { head.target = start..<place - 11 }
    return true
  }

  private mutating func readField(_ head: inout Head) -> Bool {
    let start = place
    while place < limit, bytes[place].isToken { place += 1 }
    let name = start..<place
    guard !name.isEmpty, place < limit, bytes[place] == UInt8(ascii: ":") else { return false }
    place += 1
    guard let value = fieldValue() else { return false }
    switch name.count {
    case 4 where matches(name, "host"):
      if head.hasHost { return false }
      head.hasHost = true
    case 6 where matches(name, "expect"), 7 where matches(name, "upgrade"),
      17 where matches(name, "transfer-encoding"):
      return false
    case 6 where matches(name, "origin"), 16 where matches(name, "content-encoding"): head.isPlain = false
    case 10 where matches(name, "connection"): return matches(value, "keep-alive")
    case 12 where matches(name, "content-type"):
      if value.count >= 23, matches(value.lowerBound..<value.lowerBound + 23, "application/cloudevents") {
        head.isPlain = false
      }
    case 13 where matches(name, "authorization"):
      if head.authorization != nil { return false }
      head.authorization = value
    case 14 where matches(name, "content-length"):
      guard head.contentLength == nil, let length = number(value) else { return false }
      head.contentLength = length
    default:
      if name.count > 3, matches(name.lowerBound..<name.lowerBound + 3, "ce-") { head.isPlain = false }
    }
    return true
  }

  /// Up to the line's end, without the white space around it.
  private mutating func fieldValue() -> Range<Int>? {
    while place < limit, bytes[place] == .space || bytes[place] == .tab { place += 1 }
    let start = place
    while place < limit, bytes[place] >= 0x20 && bytes[place] != 0x7F || bytes[place] == .tab { place += 1 }
    guard place + 1 < limit, bytes[place] == .carriageReturn, bytes[place + 1] == .lineFeed else {
      return nil
    }
    var end = place
    while end > start, bytes[end - 1] == .space || bytes[end - 1] == .tab { end -= 1 }
    place += 2
    return start..<end
  }

  private mutating func takes(_ text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard place + count <= limit else { return false }
    for index in 0..<count where bytes[place + index] != text.utf8Start[index] { return false }
    place += count
    return true
  }

  /// Compares with a text in lower case, whatever the case of the bytes.
  private func matches(_ range: Range<Int>, _ text: StaticString) -> Bool {
    guard range.count == text.utf8CodeUnitCount else { return false }
    for index in 0..<range.count {
      let byte = bytes[range.lowerBound + index]
      let lower = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
      if lower != text.utf8Start[index] { return false }
    }
    return true
  }

  private func number(_ range: Range<Int>) -> Int? {
    guard (1...9).contains(range.count) else { return nil }
    var number = 0
    for byte in bytes[range] {
      guard (0x30...0x39).contains(byte) else { return nil }
      number = number * 10 + Int(byte - 0x30)
    }
    return number
  }
}

extension UInt8 {
  fileprivate static let tab = UInt8(ascii: "\t")
  fileprivate static let lineFeed = UInt8(ascii: "\n")
  fileprivate static let carriageReturn = UInt8(ascii: "\r")
  fileprivate static let space = UInt8(ascii: " ")

  /// A character of a field's name (RFC 9110, section 5.6.2).
  fileprivate var isToken: Bool {
    switch self {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "!"), UInt8(ascii: "#"),
      UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "&"), UInt8(ascii: "'"), UInt8(ascii: "*"),
      UInt8(ascii: "+"), UInt8(ascii: "^"), UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"):
      true
    default: false
    }
  }
}
