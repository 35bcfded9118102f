import Campaigns
import FoundationEssentials
import HTTPTypes
import Hummingbird

/// Finds the key in the request and lets it pass with the key's identity.
///
/// A key comes as `Authorization: Bearer KEY`, as the user or password of Basic authentication (RFC 7617: event
/// SDKs send their write key as the user, browsers as either), or in the dashboard's cookie, which counts for
/// reading only so that no other site can make a browser change anything.
struct Authentication: RouterMiddleware {
  typealias Context = ServiceRequestContext

  static let cookie = "retake_key"

  let keys: KeyRing

  @concurrent
  func handle(
    _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
  ) async throws -> Response {
    var context = context
    if let secret = try Self.secret(in: request) {
      context.identity = try await keys.identity(of: secret)
    }
    return try await next(request, context)
  }

  private static func secret(in request: Request) throws(Problem) -> String? {
    if let header = request.headers[.authorization] {
      if let secret = AuthorizationHeader.secret(in: header) { return secret }
      throw Problem(
        .unauthorized, "authorization_malformed",
        "The Authorization header is neither \"Bearer KEY\" nor Basic with the key as user or password.")
    }
    guard request.method == .get || request.method == .head else { return nil }
    return request.cookies[Self.cookie]?.value
  }
}

/// Reads a header's key from its bytes: every request has one, and taking it apart into texts costs more than looking
/// the key up.
enum AuthorizationHeader {
  /// The key in `Bearer KEY` or in the user or password of Basic (RFC 7617); nil when the header is neither.
  static func secret(in header: String) -> String? {
    var header = header
    return header.withUTF8 { bytes in
      if let token = value(of: bytes, scheme: "bearer ") { return String(decoding: token, as: UTF8.self) }
      return value(of: bytes, scheme: "basic ").flatMap(basicSecret)
    }
  }

  private static func value(
    of bytes: UnsafeBufferPointer<UInt8>, scheme: StaticString
  ) -> Slice<UnsafeBufferPointer<UInt8>>? {
    let length = scheme.utf8CodeUnitCount
    guard bytes.count > length else { return nil }
    // The scheme's name is lower case, and 0x20 leaves its space what it is.
    for index in 0..<length where bytes[index] | 0x20 != scheme.utf8Start[index] { return nil }
    let value = bytes[length...].drop { $0 == 0x20 }
    return value.isEmpty ? nil : value
  }

  private static func basicSecret(_ credentials: Slice<UnsafeBufferPointer<UInt8>>) -> String? {
    guard credentials.count <= 1024 else { return nil }
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: credentials.count) { buffer in
      guard let count = decode(credentials, into: buffer) else { return nil }
      let pair = buffer[..<count]
      let colon = pair.firstIndex(of: UInt8(ascii: ":")) ?? count
      let (user, password) = (pair[..<colon], pair[min(colon + 1, count)...])
      let isPassword =
        !user.starts(with: APIKeySecret.prefix.utf8) && password.starts(with: APIKeySecret.prefix.utf8)
      return String(decoding: isPassword ? password : user, as: UTF8.self)
    }
  }

  /// Base 64 with padding (RFC 4648, section 4).
  /// - Returns: how many bytes there are; nil when it is something else.
  private static func decode(
    _ text: Slice<UnsafeBufferPointer<UInt8>>, into buffer: UnsafeMutableBufferPointer<UInt8>
  ) -> Int? {
    guard text.count % 4 == 0 else { return nil }
    let padding = text.suffix(2).reduce(0) { $0 + ($1 == UInt8(ascii: "=") ? 1 : 0) }
    var pending: UInt32 = 0
    var bits: UInt32 = 0
    var count = 0
    for character in text.dropLast(padding) {
      let value: UInt8
      switch character {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = character - UInt8(ascii: "A")
      case UInt8(ascii: "a")...UInt8(ascii: "z"): value = character - UInt8(ascii: "a") + 26
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = character - UInt8(ascii: "0") + 52
      case UInt8(ascii: "+"): value = 62
      case UInt8(ascii: "/"): value = 63
      default: return nil
      }
      pending = pending << 6 | UInt32(value)
      bits += 6
      if bits >= 8 {
        bits -= 8
        buffer[count] = UInt8(truncatingIfNeeded: pending >> bits)
        count += 1
      }
    }
    return count
  }
}

/// Lets a request pass whose key opens `scope`.
struct RequireScope: RouterMiddleware {
  typealias Context = ServiceRequestContext

  let scope: Scope

  @concurrent
  func handle(
    _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
  ) async throws -> Response {
    try context.requireIdentity().require(scope)
    return try await next(request, context)
  }
}

extension Identity {
  /// - Throws: `Problem` 403 when the key does not open `scope`.
  func require(_ scope: Scope) throws(Problem) {
    guard !key.opens(scope) else { return }
    let has = key.scopes.map(\.rawValue).sorted().joined(separator: ", ")
    throw Problem(
      .forbidden, "scope_missing",
      "The key \"\(keyName)\" opens \(has), but this needs the scope \(scope.rawValue).")
  }
}
