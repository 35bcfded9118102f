import Foundation
import Testing

@testable import Ingestion

/// The decoder against Foundation's `JSONSerialization`, which reads RFC 8259 with its own, other code.
@Suite("Agreement with Foundation")
struct DecoderAgreementTests {
  /// Whether our scanner takes the bytes as one JSON value, in structure and text.
  private func scannerAccepts(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBufferPointer { buffer in
      var scanner = JSONScanner(buffer, depthLimit: 64)
      guard let isValid = try? scanner.skipValue(depth: 0) else { return false }
      return isValid && scanner.peek() == nil
    }
  }

  private func foundationAccepts(_ bytes: [UInt8]) -> Bool {
    (try? JSONSerialization.jsonObject(with: Data(bytes), options: [.fragmentsAllowed])) != nil
  }

  @Test(
    "Both accept these",
    arguments: [
      "0", "-0", "1.5e+10", "1E-2", "[]", "{}", " [ 1 , 2 ] ", "\"\"",
      "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\"",
      "\"\\ud83d\\ude00\"", "true", "[null,false]", "{\"a\":{\"b\":[{}]}}", "\"é😀\u{7F}\"", "{\"\":0}",
      "[[[[[[]]]]]]", "\"\\u0000\"", "1.0", "\t\r\n 1",
    ])
  func bothAccept(text: String) {
    #expect(scannerAccepts(Array(text.utf8)))
    #expect(foundationAccepts(Array(text.utf8)))
  }

  @Test(
    "Both refuse these",
    arguments: [
      "", " ", "01", "+1", "1.", ".5", "1e", "--1", "[,1]", "[1 2]", "{\"a\"}", "{\"a\":}", "{a:1}",
      "{,}", "'a'", "\"a", "\"\\x\"", "\"\\u12\"", "\"\\ud800\"", "tru", "TRUE", "nulll", "[1]]",
      "{\"a\":1}}", "\"\n\"", "\"\t\"", "NaN", "Infinity", "[1}", "{]", "1 2", "//", "\\", "-", "0x1",
      "\u{c}1",
    ])
  func bothRefuse(text: String) {
    #expect(!scannerAccepts(Array(text.utf8)))
    #expect(!foundationAccepts(Array(text.utf8)))
  }

  @Test(
    "Both refuse bytes that are not UTF-8, in a text and outside of one",
    arguments: [
      [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF],
      [0xF0, 0x80, 0x80, 0x80],
      [0xF0, 0x8F, 0xBF, 0xBF], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80],
      [0xF5, 0x80, 0x80, 0x80], [0xFF], [0xFE], [0xC3], [0xE2, 0x82], [0xF0, 0x9F, 0x98], [0xE2, 0x28, 0xA1],
      [0xF0, 0x28, 0x8C, 0xBC], [0xC3, 0x28],
    ] as [[UInt8]])
  func notUTF8(bytes: [UInt8]) {
    for length in [0, 7, 8, 40] {
      let plain = [UInt8](repeating: UInt8(ascii: "x"), count: length)
      for body in [[0x22] + plain + bytes + plain + [0x22], bytes, [0x5B, 0x22] + bytes + [0x22, 0x5D]] {
        #expect(!scannerAccepts(body), "\(body)")
        #expect(!foundationAccepts(body), "\(body)")
      }
    }
  }

  @Test("Both take every kind of UTF-8 at every place in a word")
  func everyUTF8() {
    for character in [
      "\u{80}", "\u{7FF}", "\u{800}", "\u{D7FF}", "\u{E000}", "\u{FFFF}", "\u{10000}", "\u{10FFFF}",
    ] {
      for length in 0..<18 {
        let plain = String(repeating: "x", count: length)
        let body = Array("\"\(plain)\(character)\(plain)\"".utf8)
        #expect(scannerAccepts(body) && foundationAccepts(body), "\(body)")
      }
    }
  }

  @Test(
    "Both refuse surrogates without their other half, wherever they stand",
    arguments: [
      "\\ud800", "\\udbff", "\\udc00", "\\udfff", "\\ud800\\ud800", "\\udc00\\ud800", "\\ud800x", "x\\ud83d",
      "\\ud83d\\u0041", "\\ud83d\\n", "\\ud83d\\ude0", "\\ude00\\ud83d", "\\ud83d\\ude00\\ud83d",
    ])
  func loneSurrogates(text: String) {
    let bodies = ["\"\(text)\"", "{\"\(text)\":1}", "[[\"a\",\"\(text)\"]]"]
    for body in bodies { #expect(!scannerAccepts(Array(body.utf8)), "\(body)") }
    // Foundation lets some halves pass as keys' or texts' replacement characters; what it refuses, we refuse.
    #expect(!foundationAccepts(Array("\"\\ud800\"".utf8)))
  }

  @Test(
    "Both refuse NUL and every other control character as it is, and take all of them escaped",
    arguments: 0..<0x20)
  func controls(code: UInt8) {
    for body: [UInt8] in [[0x22, code, 0x22], [0x22, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, code, 0x22]] {
      #expect(!scannerAccepts(body) && !foundationAccepts(body), "\(body)")
    }
    let digits = String(code, radix: 16)
    let escaped = "\"\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)\""
    #expect(scannerAccepts(Array(escaped.utf8)) && foundationAccepts(Array(escaped.utf8)))
  }

  @Test(
    "Both take these numbers and texts at the edge",
    arguments: [
      "-0", "-0.0", "0e0", "-0E+0", "9223372036854775807", "-9223372036854775808", "18446744073709551615",
      "123456789012345678901234567890", "1e308", "1e-308", "0.1e1", "[-1e-2]", "{\"a\":1,\"a\":2}",
      "\"\\u0000\"", "\"\\u2028\"", "\"\\/\"", "\"\u{2028}\"", "\"\u{FEFF}\"", "\u{FEFF}[1]",
      "12345678", "1234567890123456", "-12345678.12345678", "0.00000000000000000000000001",
    ])
  func edges(text: String) {
    #expect(scannerAccepts(Array(text.utf8)))
    #expect(foundationAccepts(Array(text.utf8)))
  }

  @Test(
    "Both refuse these at the edge",
    arguments: [
      "-", "-01", "00", "0123", "-00", "1.e1", "1e+", "1E", "1.2.3", "1e1.5", "0xFF", "1_000", "\u{FEFF}",
      "{\"a\":1,,\"b\":2}", "[1,,2]", "{\"a\"1}", "{1:2}", "{null:1}", "[\"a]", "{\"a\":1", "\"\\", "\"\\u",
      "\"\\u00",
      "\"\\u00g0\"", "\"\\U0041\"", "\"\\0\"", "[1]\u{0}", "\u{0}", "\u{A0}1", "\u{2028}1",
      "12345678x",
    ])
  func edgesRefused(text: String) {
    #expect(!scannerAccepts(Array(text.utf8)))
    #expect(!foundationAccepts(Array(text.utf8)))
  }

  @Test(
    "A number no Double holds is JSON: only where it is used it is out of range",
    arguments: ["1e400", "-1e400", "1e99999999999999999999"])
  func hugeExponents(text: String) {
    #expect(scannerAccepts(Array(text.utf8)))
    #expect(!foundationAccepts(Array(text.utf8)))
  }

  @Test("Nests as deep as the limit are read, and a thousand times deeper refused without a crash")
  func nesting() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
      func nest(_ depth: Int) -> [UInt8] {
        Array((String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)).utf8)
      }
      #expect(scannerAccepts(nest(64)) && foundationAccepts(nest(64)))
      #expect(!scannerAccepts(nest(65)) && !scannerAccepts(nest(100_000)))
      #expect(!scannerAccepts(Array(String(repeating: open, count: 100_000).utf8)))
    }
  }

  @Test("A NUL behind a number, which only Foundation takes, is refused")
  func trailingNUL() {
    #expect(!scannerAccepts(Array("1\u{0}".utf8)))
    #expect(foundationAccepts(Array("1\u{0}".utf8)))
  }

  @Test("Trailing commas, which only Foundation takes, are refused", arguments: ["[1,]", "{\"a\":1,}"])
  func trailingCommas(text: String) {
    #expect(!scannerAccepts(Array(text.utf8)))
    #expect(foundationAccepts(Array(text.utf8)))
  }

  @Test("After random damage both still judge alike", arguments: 0..<8)
  func mutations(seed: UInt64) {
    var random = Seeded(seed: seed)
    let seeds = [
      eventJSON(["value": "12.50", "x": "{\"a\":[1,-2.5e3,\"\\u00e9\\n\",{}],\"b\":null}"]),
      "[{\"a\":[true,false,null]},\"x\\\\y\",[[],{}],0.1E-7]",
      "\"plain text that is longer than eight bytes\"",
    ].map { Array($0.utf8) }
    let alphabet = Array("{}[]:,\"\\u0123456789eE+-.truefalsn \t\n".utf8)
    for _ in 0..<1_500 {
      var bytes = seeds[Int.random(in: 0..<seeds.count, using: &random)]
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let at = Int.random(in: 0..<bytes.count, using: &random)
        let byte = alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
        switch Int.random(in: 0..<3, using: &random) {
        case 0: bytes[at] = byte
        case 1: bytes.insert(byte, at: at)
        default: bytes.remove(at: at)
        }
      }
      // Foundation takes a trailing comma, and refuses numbers that are JSON but no Double.
      let text = String(decoding: bytes, as: UTF8.self)
      if text.contains(/,\s*[\]}]/) || text.contains(/[eE][+-]?\d{3,}/) { continue }
      #expect(
        scannerAccepts(bytes) == foundationAccepts(bytes), "\(text)")
    }
  }

  @Test("No bytes whatever crash the decoder", arguments: 0..<4)
  func noise(seed: UInt64) {
    var random = Seeded(seed: seed)
    for _ in 0..<3_000 {
      let noise = (0..<Int.random(in: 0..<64, using: &random)).map { _ in
        UInt8.random(in: 0...255, using: &random)
      }
      let prefix: [UInt8] = Bool.random(using: &random) ? [0x5B, 0x7B, 0x22] : [0x7B, 0x22]
      _ = try? Decoded(prefix + noise)
    }
  }
}

/// SplitMix64 (Steele, Lea, Flood 2014): the same numbers from the same seed.
struct Seeded: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
