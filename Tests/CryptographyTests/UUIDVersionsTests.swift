import Foundation
import Testing

@testable import Cryptography

/// Gives the words it was made with, in turn.
private struct Words: RandomNumberGenerator {
  var words: [UInt64]
  mutating func next() -> UInt64 { words.removeFirst() }
}

@Suite struct UUIDVersionsTests {
  @Test func `the UUIDv7 example of RFC 9562 appendix A6 comes out bit for bit`() {
    var randomness = Words(words: [0xcc3, 0x18c4_dc0c_0c07_398f])
    let uuid = UUID.version7(milliseconds: 0x017F_22E2_79B0, using: &randomness)
    #expect(uuid.uuidString == "017F22E2-79B0-7CC3-98C4-DC0C0C07398F")
    #expect(uuid.milliseconds == 0x017F_22E2_79B0)
  }

  @Test func `a UUIDv7 of a date carries its millisecond`() {
    var randomness = Words(words: [.max, .max])
    let uuid = UUID.version7(at: Date(timeIntervalSince1970: 1_645_557_742), using: &randomness)
    #expect(uuid.uuidString == "017F22E2-79B0-7FFF-BFFF-FFFFFFFFFFFF")
  }

  @Test func `a UUIDv8 carries the time and the first 74 bits of the hash`() throws {
    let hash = SHA256.hash("abc")  // ba7816bf 8f01cfea 4141...
    let uuid = UUID.version8(milliseconds: 0x017F_22E2_79B0, hash: hash)
    #expect(uuid.uuidString.hasPrefix("017F22E2-79B0-8BA7-"))
    #expect(uuid.milliseconds == 0x017F_22E2_79B0)
    // The 62 bits after the variant are bits 12 to 73 of the hash.
    let bits = hash.bytes.prefix(10).map { byte in
      let digits = String(byte, radix: 2)
      return String(repeating: "0", count: 8 - digits.count) + digits
    }.joined()
    let expected = try #require(UInt64(bits.dropFirst(12).prefix(62), radix: 2))
    let low = withUnsafeBytes(of: uuid.uuid) {
      UInt64(bigEndian: $0.load(fromByteOffset: 8, as: UInt64.self))
    }
    #expect(low == 1 << 63 | expected)
  }

  @Test func `the same event meets its twin and another does not`() {
    let one = UUID.version8(milliseconds: 1_000, hash: SHA256.hash(fields: ["w", "s", "m1"]))
    #expect(one == UUID.version8(milliseconds: 1_000, hash: SHA256.hash(fields: ["w", "s", "m1"])))
    #expect(one != UUID.version8(milliseconds: 1_001, hash: SHA256.hash(fields: ["w", "s", "m1"])))
    #expect(one != UUID.version8(milliseconds: 1_000, hash: SHA256.hash(fields: ["w", "s", "m2"])))
  }

  @Test func `later milliseconds sort after earlier ones`() {
    var randomness = SystemRandomNumberGenerator()
    let texts = (0..<50).map {
      UUID.version7(milliseconds: 1_700_000_000_000 + $0, using: &randomness).uuidString
    }
    #expect(texts == texts.sorted())
  }

  @Test func `a random UUID carries no time`() {
    #expect(UUID().milliseconds == nil)
  }
}
