import Cryptography
import Testing

@Suite("SHA-256 from a kept state")
struct SHA256StateTests {
  @Test(
    "Of every length over three blocks, in two parts and behind whole blocks, it is the hash of all of it")
  func agreesWithWholeHash() {
    let bytes = (0..<1024).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    bytes.withUnsafeBytes { all in
      let state = SHA256State(hashing: UnsafeRawBufferPointer(rebasing: all[..<128]))
      for length in 0..<200 {
        var whole = SHA256()
        whole.update(UnsafeRawBufferPointer(rebasing: all[..<(128 + length)]))
        let expected = whole.finalize()
        let middle = 128 + length / 3
        let parts = (all[128..<middle], all[middle..<(128 + length)])
        #expect(
          state.digest(
            of: UnsafeRawBufferPointer(rebasing: parts.0), UnsafeRawBufferPointer(rebasing: parts.1))
            == expected)
        #expect(
          SHA256State().digest(of: UnsafeRawBufferPointer(rebasing: all[..<(128 + length)])) == expected)
      }
    }
  }
}
