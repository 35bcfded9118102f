import HTTPTypes
import Hummingbird

/// Lets pages of any origin send events: the SDKs for browsers call from the advertiser's pages, and ask first
/// (`OPTIONS`; the Fetch standard's CORS protocol). Only for the doors that take events, which read no cookie.
struct AnyOrigin: RouterMiddleware {
  typealias Context = ServiceRequestContext

  @concurrent
  func handle(
    _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
  ) async throws -> Response {
    guard request.headers[.origin] != nil, DoorPaths.takesBodies(request.uri.path) else {
      return try await next(request, context)
    }
    guard request.method == .options else {
      var response = try await next(request, context)
      response.headers[.accessControlAllowOrigin] = "*"
      return response
    }
    var headers: HTTPFields = [
      .accessControlAllowOrigin: "*", .accessControlAllowMethods: "POST", .accessControlMaxAge: "86400",
    ]
    headers[.accessControlAllowHeaders] = request.headers[.accessControlRequestHeaders]
    return Response(status: .noContent, headers: headers)
  }
}
