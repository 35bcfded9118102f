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
