import Testing

@testable import Cryptography

@Suite struct EncodingTests {
  /// RFC 4648 section 10, without the padding.
  @Test(
    "The vectors of RFC 4648 encode and decode",
    arguments: [
      ("", "", ""), ("f", "Zg", "66"), ("fo", "Zm8", "666f"), ("foo", "Zm9v", "666f6f"),
      ("foob", "Zm9vYg", "666f6f62"), ("fooba", "Zm9vYmE", "666f6f6261"),
      ("foobar", "Zm9vYmFy", "666f6f626172"),
    ])
  func publishedVectors(text: String, base64: String, hex: String) {
    let bytes = Array(text.utf8)
    #expect(Base64URL.encode(bytes) == base64)
    #expect(Base64URL.decode(base64) == bytes)
    #expect(Hex.encode(bytes) == hex)
    #expect(Hex.decode(hex) == bytes)
  }

  @Test func `every byte survives both encodings, with the alphabet that is safe in addresses`() {
    let bytes = Array(UInt8.min...UInt8.max)
    #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes)
    #expect(Hex.decode(Hex.encode(bytes)) == bytes)
    #expect(Base64URL.encode([0xfb, 0xff]) == "-_8")
  }

  @Test(
    "Text that no encoder writes is refused",
    arguments: ["Zg==", "Z", "Zh", "Zm9+", "Zm9/", "Zm9 v", "é"])
  func refusedBase64(text: String) {
    #expect(Base64URL.decode(text) == nil)
  }

  @Test("Odd or foreign hexadecimal digits are refused", arguments: ["6", "6g", "0x66", "66 6f"])
  func refusedHex(text: String) {
    #expect(Hex.decode(text) == nil)
  }
}
