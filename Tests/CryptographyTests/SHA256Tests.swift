import Foundation
import Testing

@testable import Cryptography

@Suite struct SHA256Tests {
  @Test(
    "The examples of FIPS 180-4 hash to their published digests",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
    ])
  func publishedDigests(message: String, digest: String) {
    #expect(SHA256.hash(message).hex == digest)
    #expect(SHA256.hash(Array(message.utf8)).hex == digest)
    #expect(SHA256.hash(AnySequence(message.utf8)).hex == digest)
  }

  @Test("A million a's hash to their published digest, in pieces of any size", arguments: [1, 63, 64, 1000])
  func streaming(size: Int) {
    var hash = SHA256()
    var left = 1_000_000
    let piece = [UInt8](repeating: UInt8(ascii: "a"), count: size)
    while left > 0 {
      hash.update(piece.prefix(left))
      left -= min(size, left)
    }
    #expect(hash.finalize().hex == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  @Test func `a file hashes like its bytes`() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    let bytes = (0..<2_500_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    try Data(bytes).write(to: file)
    defer { unlink(file.path) }
    #expect(try SHA256.hash(fileAt: file.path) == SHA256.hash(bytes))
  }

  @Test func `a file that is not there is named in the error`() {
    #expect(
      throws: CryptographyError.unreadableFile(path: "/no/such/file", reason: "No such file or directory")
    ) { try SHA256.hash(fileAt: "/no/such/file") }
  }

  @Test func `fields cannot slide into each other`() {
    #expect(SHA256.hash(fields: ["ab", "c"]) != SHA256.hash(fields: ["a", "bc"]))
    #expect(SHA256.hash(fields: ["ab", "c"]) == SHA256.hash(fields: ["ab", "c"]))
  }

  @Test func `a digest survives bytes and hex, and its prefixes are its first bytes`() {
    let digest = SHA256.hash("abc")
    #expect(SHA256Digest(bytes: digest.bytes) == digest)
    #expect(SHA256Digest(hex: digest.hex.uppercased()) == digest)
    #expect(SHA256Digest(hex: "ba78") == nil)
    #expect(digest.first64Bits == 0xba78_16bf_8f01_cfea)
    #expect(digest.first128Bits == (0xba78_16bf_8f01_cfea, 0x4141_40de_5dae_2223))
  }
}
