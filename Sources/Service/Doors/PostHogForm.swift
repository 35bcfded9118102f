import FoundationEssentials
import HTTPTypes
import Hummingbird

/// The form in which browsers without compression send to PostHog: `data=` and the JSON, percent-encoded or in base 64.
enum PostHogForm {
  static func isOne(_ request: Request) -> Bool {
    request.headers[.contentType]?.lowercased().hasPrefix("application/x-www-form-urlencoded") ?? false
  }

  /// - Throws: `Problem` 400 when there is no `data` that can be read.
  static func json(in form: [UInt8]) throws(Problem) -> [UInt8] {
    // Some clients send JSON under a form's name.
    if form.first { $0 > 0x20 }.map({ $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "[") }) ?? false {
      return form
    }
    let pairs = form.split(separator: UInt8(ascii: "&"))
    guard let data = pairs.first(where: { $0.starts(with: "data=".utf8) })?.dropFirst(5),
      let text = decoded(data)
    else { throw problem }
    if text.first == UInt8(ascii: "{") || text.first == UInt8(ascii: "[") { return text }
    guard let bytes = Data(base64Encoded: Data(text), options: .ignoreUnknownCharacters), !bytes.isEmpty
    else {
      throw problem
    }
    return Array(bytes)
  }

  private static let problem = Problem.badRequest(
    "The form holds no data= with events in JSON, percent-encoded or in base 64.", code: "form_malformed")

  private static func decoded(_ text: some Sequence<UInt8>) -> [UInt8]? {
    var bytes: [UInt8] = []
    var rest = text.makeIterator()
    while let byte = rest.next() {
      switch byte {
      case UInt8(ascii: "+"): bytes.append(0x20)
      case UInt8(ascii: "%"):
        guard let high = rest.next(), let low = rest.next(),
          let value = UInt8(String(decoding: [high, low], as: UTF8.self), radix: 16)
        else { return nil }
        bytes.append(value)
      default: bytes.append(byte)
      }
    }
    return bytes
  }
}
