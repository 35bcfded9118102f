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
      let parts = header.split(separator: " ", maxSplits: 1).map(String.init)
      switch parts.first?.lowercased() {
      case "bearer" where parts.count == 2: return parts[1]
      case "basic" where parts.count == 2:
        guard let decoded = Data(base64Encoded: parts[1]), let pair = String(data: decoded, encoding: .utf8)
        else { break }
        let credentials = pair.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        return credentials.map(String.init).first { $0.hasPrefix(APIKeySecret.prefix) }
          ?? String(credentials[0])
      default: break
      }
      throw Problem(
        .unauthorized, "authorization_malformed",
        "The Authorization header is neither \"Bearer KEY\" nor Basic with the key as user or password.")
    }
    guard request.method == .get || request.method == .head else { return nil }
    return request.cookies[Self.cookie]?.value
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
