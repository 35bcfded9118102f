import Campaigns
import Cryptography
import FoundationEssentials

/// Turns what a client calls its viewer into the id that is stored: HMAC-SHA256 (RFC 2104) under a secret that
/// never leaves the deployment. Equal viewers of a workspace stay equal, and nobody can walk back.
public struct ViewerPseudonym: Sendable {
  private let key: HMACSHA256

  /// - Parameter secret: 32 random bytes, the same in every process of a deployment; see ``PseudonymSecretStore``.
  public init(secret: [UInt8]) { key = HMACSHA256(key: secret) }

  func id(of viewer: RawEvent.Text, in workspace: Identifier<Workspace>) -> UUID {
    var (high, low) = withUnsafeBytes(of: workspace.uuid.uuid) {
      key.authenticationCode(for: $0, UnsafeRawBufferPointer(viewer)).first128Bits
    }
    // Version 8 and the variant of RFC 9562: the rest stays the code's.
    high = high & ~0xF000 | 0x8000
    low = low & (.max >> 2) | 1 << 63
    return withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) {
      UUID(uuid: $0.loadUnaligned(as: uuid_t.self))
    }
  }
}
