import Campaigns
import FoundationEssentials
import Hummingbird
import Logging
import NIOCore

/// Who is asking: the workspace and scopes of the key that came with the request.
struct Identity: Sendable {
  let workspace: Workspace
  let keyName: String
  let key: APIKey
}

struct ServiceRequestContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  /// Set by `Authentication`; routes behind it may rely on it.
  var identity: Identity?
  /// Of the connection's other end, which may be a proxy; nil on a Unix socket.
  let remoteAddress: SocketAddress?
  let maxUploadSize = 2 * 1024 * 1024
  var responseEncoder: JSONEncoder { ServiceJSON.encoder }

  init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
    remoteAddress = source.channel.remoteAddress
  }

  func requireIdentity() throws(Problem) -> Identity {
    guard let identity else {
      throw Problem(.unauthorized, "key_missing", "Send an API key: Authorization: Bearer rtk_…")
    }
    return identity
  }
}

extension ServiceRequestContext {
  /// The id that stands in the path at `:name`.
  func identifier<Subject>(_ name: String) throws -> Identifier<Subject> {
    let text = try parameters.require(name)
    guard let uuid = UUID(uuidString: text) else {
      throw Problem.badRequest("\"\(text)\" is not an id; ids are UUIDs.", code: "id_malformed")
    }
    return Identifier(uuid)
  }
}
