internal import Cryptography
public import FoundationEssentials

/// Opens a workspace to a program or a person. The secret itself is shown once and never stored.
public struct APIKey: Hashable, Sendable, Codable, Identifiable {
  public let id: Identifier<APIKey>
  public let workspace: Identifier<Workspace>
  public var name: String
  /// The secret's first characters, so that people can tell keys apart.
  public var hint: String
  public var scopes: Set<Scope>
  public var createdAt: Date
  public var revokedAt: Date?

  public init(
    id: Identifier<APIKey>, workspace: Identifier<Workspace>, name: String, hint: String,
    scopes: Set<Scope>, createdAt: Date, revokedAt: Date? = nil
  ) {
    self.id = id
    self.workspace = workspace
    self.name = name
    self.hint = hint
    self.scopes = scopes
    self.createdAt = createdAt
    self.revokedAt = revokedAt
  }

  /// `admin` opens everything; the other scopes open themselves only.
  public func opens(_ scope: Scope) -> Bool { scopes.contains(scope) || scopes.contains(.admin) }
}

/// The secret of a key: `rtk_<strongest scope>_<43 characters of base64url, 256 random bits>`.
///
/// A secret of that strength cannot be guessed from its hash, so one round of SHA-256 keeps it as well as a slow
/// password hash would, and authentication stays a single index look-up.
public struct APIKeySecret: Hashable, Sendable {
  public static let prefix = "rtk_"

  public let text: String

  /// A secret somebody sent; nil when it cannot be one of ours.
  public init?(_ text: String) {
    guard text.hasPrefix(Self.prefix), text.utf8.count <= 128 else { return nil }
    self.text = text
  }

  /// - Throws: `CryptographyError` when the system gives no randomness.
  public static func generate(for scopes: Set<Scope>) throws -> Self {
    let strongest = [Scope.admin, .read, .ingest].first(where: scopes.contains) ?? .read
    let random = Base64URL.encode(try SecureRandom.bytes(32))
    return Self(unchecked: "\(prefix)\(strongest.rawValue)_\(random)")
  }

  private init(unchecked text: String) { self.text = text }

  /// Prefix, scope and four of the 43 random characters.
  public var hint: String {
    let parts = text.split(separator: "_", maxSplits: 2)
    guard parts.count == 3 else { return String(text.prefix(8)) }
    return "\(parts[0])_\(parts[1])_\(parts[2].prefix(4))"
  }

  var sha256: [UInt8] { SHA256.hash(text).bytes }
}
