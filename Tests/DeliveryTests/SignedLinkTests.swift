import Campaigns
import Cryptography
import Foundation
import Testing

@testable import Delivery

@Suite("Signed links")
struct SignedLinkTests {
  private static let now = Date(timeIntervalSince1970: 1_794_787_200)
  private static let day: TimeInterval = 86_400
  private let keys = LinkKeys(secrets: [1: Array(repeating: 1, count: 32), 7: Array(repeating: 7, count: 32)])

  private func link(
    target: UUID? = UUID(), placement: String? = "tiktok.infeed", reusable: Bool = false
  ) -> SignedLink {
    SignedLink(
      workspace: Identifier(UUID()), variant: Identifier(UUID()), placement: placement,
      issuedAtMs: 1_794_787_200_123, nonce: .random(in: 0 ... .max), target: target.map { Identifier($0) },
      isReusable: reusable)
  }

  @Test("A token says what the link said, in characters that stand in any address")
  func roundTrip() throws {
    let keys = try #require(keys)
    for link in [
      link(), link(target: nil), link(placement: nil, reusable: true), link(target: nil, placement: nil),
      link(placement: String(repeating: "p", count: 255)),
    ] {
      let token = keys.token(of: link)
      #expect(token.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") })
      #expect(try keys.link(of: token, lifetime: Self.day, at: Self.now) == link)
    }
  }

  @Test("No byte of a token can be changed, added or taken away")
  func tampering() throws {
    let keys = try #require(keys)
    let token = keys.token(of: link())
    let bytes = try #require(Base64URL.decode(token))
    for index in bytes.indices {
      var changed = bytes
      changed[index] ^= 1
      #expect(throws: LinkError.self, "byte \(index)") {
        try keys.link(of: Base64URL.encode(changed), lifetime: Self.day, at: Self.now)
      }
    }
    for wrong in [
      Array(bytes.dropLast()), bytes + [0], Array(bytes.dropFirst()), [], [1], Array(bytes.prefix(60)),
    ] {
      #expect(throws: LinkError.self) {
        try keys.link(of: Base64URL.encode(wrong), lifetime: Self.day, at: Self.now)
      }
    }
    for text in ["", ".", "..%2F", "=", token + "=", token + "\0"] {
      #expect(throws: LinkError.unknown) { try keys.link(of: text, lifetime: Self.day, at: Self.now) }
    }
  }

  @Test("A link of an older secret is believed until that secret is gone, one of another deployment never")
  func rotation() throws {
    let old = try #require(LinkKeys(secrets: [1: Array(repeating: 1, count: 32)]))
    let link = link()
    let token = old.token(of: link)
    #expect(try keys?.link(of: token, lifetime: Self.day, at: Self.now) == link)
    let new = try #require(LinkKeys(secrets: [7: Array(repeating: 7, count: 32)]))
    #expect(throws: LinkError.unknown) { try new.link(of: token, lifetime: Self.day, at: Self.now) }
    let other = try #require(LinkKeys(secrets: [1: Array(repeating: 2, count: 32)]))
    #expect(throws: LinkError.forged) { try other.link(of: token, lifetime: Self.day, at: Self.now) }
    #expect(LinkKeys(secrets: [:]) == nil)
  }

  @Test("A link is believed for its lifetime and not a moment longer")
  func expiry() throws {
    let keys = try #require(keys)
    let token = keys.token(of: link())
    let issued = Date(timeIntervalSince1970: 1_794_787_200.123)
    _ = try keys.link(of: token, lifetime: Self.day, at: issued.addingTimeInterval(Self.day - 0.01))
    #expect(throws: LinkError.expired) {
      try keys.link(of: token, lifetime: Self.day, at: issued.addingTimeInterval(Self.day))
    }
  }

  @Test("Only plain https addresses can be targets")
  func targets() {
    for url in [
      "https://example.org", "https://example.org/", "https://shop.example.org:8443/a/b?c=d&e=%20#f",
      "https://xn--caf-dma.example/", "https://example.org/@someone", "https://example.org/?next=http://x",
    ] {
      #expect(ClickTarget.problem(of: url) == nil, "\(url)")
    }
    for url in [
      "", "http://example.org", "HTTPS://example.org", "//example.org", "javascript:alert(1)", "https://",
      "https:///path", "https://localhost/", "https://user@example.org/", "https://user:pass@example.org/",
      "https://example.org\\@evil.example/", "https://example.org:0/", "https://example.org:99999/",
      "https://example.org:8443:1/", "https://exa mple.org/", "https://example.org/a b",
      "https://café.example/",
      "https://example.org/\r\nSet-Cookie: a=b", "https://example.org/\u{0}", "https://.example.org/",
      "https://[::1]/", "https://example.org/<script>",
      "https://example.org/" + String(repeating: "a", count: 2048),
    ] {
      #expect(ClickTarget.problem(of: url) != nil, "\(url)")
    }
  }
}
