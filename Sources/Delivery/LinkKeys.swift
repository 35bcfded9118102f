import Cryptography
public import FoundationEssentials

/// The secrets links are signed with: the newest signs, all are believed.
public struct LinkKeys: Sendable {
  private let newest: UInt16
  private let keys: [UInt16: HMACSHA256]

  /// - Returns: nil without a secret.
  public init?(secrets: [UInt16: [UInt8]]) {
    guard let newest = secrets.keys.max() else { return nil }
    self.newest = newest
    keys = secrets.mapValues { HMACSHA256(key: $0) }
  }

  func knows(_ number: UInt16) -> Bool { keys[number] != nil }

  /// The link as it stands in an address.
  public func token(of link: SignedLink) -> String {
    let bytes = link.bytes(signedWith: newest)
    // `newest` is one of the keys.
    let code = keys[newest]?.authenticationCode(for: Self.message(bytes[...])).bytes ?? []
    return Base64URL.encode(bytes + code.prefix(SignedLink.codeBytes))
  }

  /// What a token says, if it was signed here within `lifetime` before `moment`.
  public func link(
    of token: String, lifetime: TimeInterval, at moment: Date
  ) throws(LinkError) -> SignedLink {
    guard let bytes = Base64URL.decode(token), let number = SignedLink.secretNumber(of: bytes),
      let key = keys[number]
    else { throw .unknown }
    let said = bytes.dropLast(SignedLink.codeBytes)
    guard key.isValid(Array(bytes.suffix(SignedLink.codeBytes)), for: Self.message(said)),
      let link = SignedLink(bytes: said)
    else { throw .forged }
    guard Double(link.issuedAtMs) / 1000 + lifetime > moment.timeIntervalSince1970 else { throw .expired }
    return link
  }

  /// With a name in front, so that a code made for something else under the same secret is none for a link.
  private static func message(_ bytes: ArraySlice<UInt8>) -> [UInt8] { Array("retake.link\0".utf8) + bytes }
}
