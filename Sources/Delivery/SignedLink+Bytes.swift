import Campaigns
import FoundationEssentials

/// The bytes of a token, numbers with their highest byte first:
///
///     version 1 | flags 1 | secret's number 2 | workspace 16 | variant 16 | issued ms 6 | nonce 8 | kinds 2
///     | target 16, when flag 1 is set | placement's length 1 and its bytes, when flag 2 is set | code 16
///
/// Flag 0 is set for reusable links. Bit `k` of kinds stands for the kind whose number is `k`.
extension SignedLink {
  static let version: UInt8 = 1
  static let codeBytes = 16
  private static let reusable: UInt8 = 1
  private static let hasTarget: UInt8 = 2
  private static let hasPlacement: UInt8 = 4

  /// All but the code.
  func bytes(signedWith number: UInt16) -> [UInt8] {
    let placement = (placement ?? "").utf8.prefix(255)
    var bytes: [UInt8] = [Self.version, 0]
    if isReusable { bytes[1] |= Self.reusable }
    if target != nil { bytes[1] |= Self.hasTarget }
    if !placement.isEmpty { bytes[1] |= Self.hasPlacement }
    func append(_ value: some FixedWidthInteger, _ count: Int) {
      withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0.suffix(count)) }
    }
    append(number, 2)
    withUnsafeBytes(of: workspace.uuid.uuid) { bytes.append(contentsOf: $0) }
    withUnsafeBytes(of: variant.uuid.uuid) { bytes.append(contentsOf: $0) }
    append(issuedAtMs, 6)
    append(nonce, 8)
    append(kinds.reduce(into: UInt16(0)) { $0 |= 1 << UInt16($1.rawValue) }, 2)
    if let target { withUnsafeBytes(of: target.uuid.uuid) { bytes.append(contentsOf: $0) } }
    if !placement.isEmpty {
      bytes.append(UInt8(placement.count))
      bytes.append(contentsOf: placement)
    }
    return bytes
  }

  /// The number of the secret a token claims to be signed with; nil when this is no token.
  static func secretNumber(of token: [UInt8]) -> UInt16? {
    guard token.count >= 52 + codeBytes, token[0] == version else { return nil }
    return UInt16(token[2]) << 8 | UInt16(token[3])
  }

  /// - Parameter bytes: whose code was found right.
  init?(bytes: ArraySlice<UInt8>) {
    var rest = bytes.dropFirst(4)
    func take(_ count: Int) -> ArraySlice<UInt8>? {
      guard rest.count >= count else { return nil }
      defer { rest = rest.dropFirst(count) }
      return rest.prefix(count)
    }
    func number(_ count: Int) -> UInt64? {
      take(count).map { $0.reduce(0) { $0 << 8 | UInt64($1) } }
    }
    func uuid() -> UUID? {
      take(16).map { bytes in bytes.withUnsafeBytes { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) } }
    }
    guard let flags = bytes.dropFirst().first, let workspace = uuid(), let variant = uuid(),
      let issuedAtMs = number(6), let nonce = number(8), let kinds = number(2)
    else { return nil }
    var target: UUID?
    var placement: String?
    if flags & Self.hasTarget != 0 {
      target = uuid()
      if target == nil { return nil }
    }
    if flags & Self.hasPlacement != 0 {
      guard let count = number(1), let name = take(Int(count)) else { return nil }
      placement = String(decoding: name, as: UTF8.self)
    }
    guard rest.isEmpty else { return nil }
    self.init(
      workspace: Identifier(workspace), variant: Identifier(variant), placement: placement,
      issuedAtMs: Int64(issuedAtMs), nonce: nonce, target: target.map { Identifier($0) },
      kinds: Set(EventKind.allCases.filter { kinds >> UInt64($0.rawValue) & 1 == 1 }),
      isReusable: flags & Self.reusable != 0)
  }
}
