public import Campaigns
import Cryptography
public import FoundationEssentials

/// Permission to report what a viewer did with one version in one place, carried by an address: `/b/TOKEN` for a
/// beacon, `/c/TOKEN` for a click.
///
/// A token is everything the link says, in bytes, and the first 16 bytes of their HMAC-SHA256 (RFC 2104) under one of
/// the deployment's link secrets, in base64url. Nothing of it is kept in a database.
public struct SignedLink: Hashable, Sendable {
  public var workspace: Identifier<Workspace>
  public var variant: Identifier<Variant>
  /// Up to 255 bytes.
  public var placement: String?
  /// Milliseconds since 1970.
  public var issuedAtMs: Int64
  /// Random; what makes one link's events its own.
  public var nonce: UInt64
  /// Where a click leads.
  public var target: Identifier<ClickTarget>?
  /// What may be reported.
  public var kinds: Set<EventKind>
  /// Whether the link stands for many views, each with its own time and number, or for one.
  public var isReusable: Bool

  public init(
    workspace: Identifier<Workspace>, variant: Identifier<Variant>, placement: String?, issuedAtMs: Int64,
    nonce: UInt64, target: Identifier<ClickTarget>? = nil, kinds: Set<EventKind> = Self.standardKinds,
    isReusable: Bool = false
  ) {
    self.workspace = workspace
    self.variant = variant
    self.placement = placement
    self.issuedAtMs = issuedAtMs
    self.nonce = nonce
    self.target = target
    self.kinds = kinds
    self.isReusable = isReusable
  }

  /// Everything a player tells; conversions happen elsewhere and are worth money.
  public static let standardKinds = Set(EventKind.allCases).subtracting([.conversion])
}

/// Why a token is not believed.
public enum LinkError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Not a token, or signed with a secret that is not known (any more).
  case unknown
  /// The signature does not belong to what the token says.
  case forged
  case expired

  public var description: String {
    switch self {
    case .unknown: "this is not a link of this service, or one of a secret that was retired"
    case .forged: "this link's signature is not right; use it exactly as it was issued"
    case .expired: "this link has expired; issue a new one"
    }
  }
}
