public import Campaigns
public import FoundationEssentials

/// A page a click may lead to, registered beforehand: the redirect goes nowhere else, whatever an address says.
public struct ClickTarget: Hashable, Sendable {
  public var id: Identifier<ClickTarget>
  public var campaign: Identifier<Campaign>
  public var url: String

  public init(id: Identifier<ClickTarget>, campaign: Identifier<Campaign>, url: String) {
    self.id = id
    self.campaign = campaign
    self.url = url
  }

  /// What is wrong with an address that shall be a target; nil when nothing is.
  ///
  /// Accepted is `https://host[:port][/path][?query][#fragment]` in the characters RFC 3986 has, 2048 at most: nothing
  /// that browsers and this program could read differently (backslashes, user names, white space, control characters).
  public static func problem(of url: String) -> String? {
    let scheme = "https://"
    guard url.hasPrefix(scheme) else { return "must begin with https://" }
    guard url.utf8.count <= 2048 else { return "must have 2048 characters at most" }
    guard url.utf8.allSatisfy({ allowed.contains($0) }) else {
      return "holds a character that must be percent-encoded (RFC 3986)"
    }
    let authority = url.utf8.dropFirst(scheme.utf8.count).prefix { !"/?#".utf8.contains($0) }
    guard !authority.contains(UInt8(ascii: "@")) else { return "must not hold a user name" }
    let parts = authority.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard parts.count <= 2, let host = parts.first, isHost(host) else {
      return "must name a host, in ASCII (internationalised names as xn--…)"
    }
    if parts.count == 2 {
      guard let port = Int(String(decoding: parts[1], as: UTF8.self)), (1...65_535).contains(port) else {
        return "has a port that is not a number from 1 to 65535"
      }
    }
    return nil
  }

  private static func isHost(_ host: some Collection<UInt8>) -> Bool {
    let labels = host.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return labels.count > 1
      && labels.allSatisfy { label in
        (1...63).contains(label.count)
          && label.allSatisfy {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 0x20)
              || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "-")
          }
      }
  }

  /// Unreserved and reserved characters and `%` (RFC 3986, section 2), without square brackets.
  private static let allowed = Set(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#@!$&'()*+,;=%".utf8)
}
