import Campaigns
import Documents
import HTTPTypes
import Hummingbird
import Ingestion
import Logging
import NIOCore
import NIOHTTP1
import Postgres

/// Turns every error a route throws into the one problem document a client gets.
struct ProblemMiddleware: RouterMiddleware {
  typealias Context = ServiceRequestContext

  @concurrent
  func handle(
    _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
  ) async throws -> Response {
    do {
      return try await next(request, context)
    } catch {
      let problem = Self.problem(for: error, request: request, logger: context.logger)
      return try problem.response(from: request, context: context)
    }
  }

  static func problem(for error: any Error, request: Request, logger: Logger) -> Problem {
    switch error {
    case let problem as Problem: return problem
    case let error as CampaignsError: return Problem(error)
    case let error as DocumentError:
      return Problem(.unprocessableContent, "document_invalid", error.description)
    case let error as AssetError:
      return Problem(.unprocessableContent, "asset_invalid", error.description)
    case let error as HTTPError where error.status == .notFound:
      return Problem.notFound("\(request.method.rawValue) \(request.uri.path)")
    case let error as HTTPError:
      return Problem(error.status, "bad_request", error.body ?? error.status.reasonPhrase)
    case is HTTPParserError, is ChannelError, is IOError:
      // Nobody may be there to read this; it is no failure of ours.
      return Problem.badRequest(
        "The connection ended in the middle of the request.", code: "request_truncated")
    case let error as DecodingError:
      return Problem.badRequest(DecodingErrorText.describe(error), code: "body_invalid")
    case let error as IngestError: return Problem(error)
    case let error as PostgresError where error.isDatabaseAway:
      logger.error("The database is away", metadata: ["error": "\(error)"])
      return Problem(
        .serviceUnavailable, "database_unavailable",
        "The database does not answer. Nothing of this request was kept; send it again.", retryAfter: 2)
    default:
      logger.error(
        "A request failed", metadata: ["path": "\(request.uri.path)", "error": "\(error)"])
      return Problem(
        .internalServerError, "internal_error",
        "Retake failed to answer; its log says why. Nothing of this request was kept.")
    }
  }
}

extension PostgresError {
  /// The request may do better later: nothing is wrong with it.
  fileprivate var isDatabaseAway: Bool {
    switch kind {
    case .connection, .timeout, .cancelled, .closed: true
    // Shutting down, or out of disk, memory or connections (PostgreSQL documentation, appendix A).
    case .server: ["53", "57", "58"].contains { sqlState?.hasPrefix($0) == true }
    default: false
    }
  }
}

extension Problem {
  init(_ error: CampaignsError) {
    switch error {
    case .notFound: self.init(.notFound, "not_found", error.description)
    case .alreadyExists: self.init(.conflict, "already_exists", error.description)
    case .refused: self.init(.unprocessableContent, "refused", error.description)
    case .unreadableRow: self.init(.internalServerError, "internal_error", error.description)
    }
  }
}

/// Says where in a JSON body what was expected.
enum DecodingErrorText {
  static func describe(_ error: DecodingError) -> String {
    switch error {
    case .keyNotFound(let key, let context):
      "The key \"\(key.stringValue)\" is missing\(place(context.codingPath))."
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      "\(context.debugDescription)\(place(context.codingPath))"
    case .dataCorrupted(let context):
      context.codingPath.isEmpty
        ? "The body is not well-formed JSON: \(context.debugDescription)"
        : "\(context.debugDescription)\(place(context.codingPath))"
    @unknown default: "\(error)"
    }
  }

  private static func place(_ path: [any CodingKey]) -> String {
    guard !path.isEmpty else { return "" }
    let text = path.map { key in key.intValue.map { "[\($0)]" } ?? ".\(key.stringValue)" }.joined()
    return " at \(text.hasPrefix(".") ? String(text.dropFirst()) : text)"
  }
}
