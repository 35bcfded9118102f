import Testing

@testable import Cryptography

@Suite struct HMACSHA256Tests {
  /// RFC 4231 section 4: test cases 1, 2, 3, 4, 6, 7.
  static let cases: [(key: [UInt8], message: [UInt8], code: String)] = [
    (
      [UInt8](repeating: 0x0b, count: 20), Array("Hi There".utf8),
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
    ),
    (
      Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    ),
    (
      [UInt8](repeating: 0xaa, count: 20), [UInt8](repeating: 0xdd, count: 50),
      "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
    ),
    (
      Array(1...25), [UInt8](repeating: 0xcd, count: 50),
      "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"
    ),
    (
      [UInt8](repeating: 0xaa, count: 131),
      Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
    ),
    (
      [UInt8](repeating: 0xaa, count: 131),
      Array(
        ("This is a test using a larger than block-size key and a larger than block-size data. "
          + "The key needs to be hashed before being used by the HMAC algorithm.").utf8),
      "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"
    ),
  ]

  @Test("The cases of RFC 4231 give their published codes", arguments: cases.indices)
  func publishedCodes(index: Int) {
    let (key, message, code) = Self.cases[index]
    #expect(HMACSHA256(key: key).authenticationCode(for: message).hex == code)
  }

  @Test func `a code is valid for its own message, key and length only`() throws {
    let key = HMACSHA256(key: Array("key".utf8))
    let code = key.authenticationCode(for: "message").bytes
    #expect(key.isValid(code, for: "message"))
    #expect(key.isValid(Array(code.prefix(16)), for: "message"))
    #expect(!key.isValid(Array(code.prefix(15)), for: "message"))
    #expect(!key.isValid(code + [0], for: "message"))
    #expect(!key.isValid(code, for: "massage"))
    #expect(!HMACSHA256(key: Array("kex".utf8)).isValid(code, for: "message"))
  }

  @Test func `equal means equal in constant time too`() {
    #expect(constantTimeEquals([1, 2, 3], [1, 2, 3]))
    #expect(constantTimeEquals([], []))
    #expect(!constantTimeEquals([1, 2, 3], [1, 2, 4]))
    #expect(!constantTimeEquals([1, 2, 3], [1, 2]))
  }

  @Test func `random bytes have their length and never repeat`() throws {
    #expect(try SecureRandom.bytes(0).isEmpty)
    let draws = try (0..<100).map { _ in try SecureRandom.bytes(32) }
    #expect(draws.allSatisfy { $0.count == 32 })
    #expect(Set(draws).count == 100)
  }
}
