public import Foundation

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

public struct TransportReply: Hashable, Sendable {
  public var status: Int
  public var body: Data
  /// From the `Retry-After` header.
  public var retryAfterSeconds: Int?

  public init(status: Int, body: Data, retryAfterSeconds: Int? = nil) {
    self.status = status
    self.body = body
    self.retryAfterSeconds = retryAfterSeconds
  }
}

/// The way to a service; throws when there was no answer.
public protocol Transport: Sendable {
  func get(_ path: String) async throws -> TransportReply
  /// - Parameter body: JSON.
  func post(_ path: String, body: [UInt8]) async throws -> TransportReply
}

/// HTTP with connections that are kept.
public final class HTTPTransport: Transport {
  private let base: URL
  private let key: String
  private let session: URLSession

  /// - Parameters:
  ///   - base: `http://127.0.0.1:8080`.
  ///   - key: an API key; sent as a bearer token.
  public init(base: URL, key: String, connections: Int, timeoutSeconds: Double = 60) {
    self.base = base
    self.key = key
    let configuration = URLSessionConfiguration.ephemeral
    configuration.httpMaximumConnectionsPerHost = connections
    configuration.timeoutIntervalForRequest = timeoutSeconds
    session = URLSession(configuration: configuration)
  }

  deinit { session.finishTasksAndInvalidate() }

  public func get(_ path: String) async throws -> TransportReply { try await send(request(path)) }

  public func post(_ path: String, body: [UInt8]) async throws -> TransportReply {
    var request = request(path)
    request.httpMethod = "POST"
    request.httpBody = Data(body)
    request.setValue("application/json", forHTTPHeaderField: "Content-Type")
    return try await send(request)
  }

  private func request(_ path: String) -> URLRequest {
    var request = URLRequest(url: base.appendingPathComponent(path))
    request.setValue("Bearer \(key)", forHTTPHeaderField: "Authorization")
    return request
  }

  private func send(_ request: URLRequest) async throws -> TransportReply {
    let (data, response) = try await session.data(for: request)
    guard let response = response as? HTTPURLResponse else {
      throw SimulationError.unreadable(what: "the answer", reason: "it is not HTTP")
    }
    return TransportReply(
      status: response.statusCode, body: data,
      retryAfterSeconds: response.value(forHTTPHeaderField: "Retry-After").flatMap(Int.init))
  }
}
