import Campaigns
import FoundationEssentials

/// One request as it came, with all that its replay needs to come to the same events.
struct SpoolRecord: Hashable, Sendable {
  var workspace: Identifier<Workspace>
  var source: EventSource
  var client: ClientContext
  var receivedAt: Date
  /// How many events its sender was told are kept.
  var events: Int
  var body: [UInt8]

  /// Header and payload, ready to be appended.
  func encoded() throws(SpoolError) -> [UInt8] {
    var bytes = [UInt8]()
    let client = try encodedClient()
    bytes.reserveCapacity(SpoolHeader.byteCount + 24 + client.count + body.count)
    bytes.append(contentsOf: repeatElement(0, count: SpoolHeader.byteCount))
    bytes.append(littleEndian: source.rawValue)
    withUnsafeBytes(of: workspace.uuid.uuid) { bytes.append(contentsOf: $0) }
    bytes.append(littleEndian: UInt32(client.count))
    bytes.append(contentsOf: client)
    bytes.append(contentsOf: body)
    let digest = bytes.withUnsafeBytes { SpoolHeader.digest(of: $0[SpoolHeader.byteCount...]) }
    let header = SpoolHeader(
      payloadBytes: bytes.count - SpoolHeader.byteCount, events: events, receivedAt: receivedAt,
      digest: digest)
    bytes.replaceSubrange(..<SpoolHeader.byteCount, with: header.encoded())
    return bytes
  }

  /// From a payload whose digest was found right; nil when it was written by a program that knows more than this one.
  init?(_ header: SpoolHeader, payload: ArraySlice<UInt8>) {
    var rest = payload
    guard let source = rest.popLittleEndian(Int16.self).flatMap(EventSource.init), rest.count >= 20 else {
      return nil
    }
    let workspace = rest.withUnsafeBytes { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }
    rest = rest.dropFirst(16)
    guard let count = rest.popLittleEndian(UInt32.self), rest.count >= count,
      let client = Self.client(rest.prefix(Int(count)))
    else { return nil }
    self.init(
      workspace: Identifier(workspace), source: source, client: client, receivedAt: header.receivedAt,
      events: header.events, body: Array(rest.dropFirst(Int(count))))
  }

  init(
    workspace: Identifier<Workspace>, source: EventSource, client: ClientContext, receivedAt: Date,
    events: Int,
    body: [UInt8]
  ) {
    self.workspace = workspace
    self.source = source
    self.client = client
    self.receivedAt = receivedAt
    self.events = events
    self.body = body
  }

  /// JSON, so that facts added to a context later find their place; nothing for the commonest.
  private func encodedClient() throws(SpoolError) -> [UInt8] {
    if client == .server { return [] }
    do {
      return Array(try JSONEncoder().encode(client))
    } catch {
      throw .system(doing: "the request's context cannot be written", code: 0, reason: "\(error)")
    }
  }

  private static func client(_ bytes: ArraySlice<UInt8>) -> ClientContext? {
    if bytes.isEmpty { return .server }
    do { return try JSONDecoder().decode(ClientContext.self, from: Data(bytes)) } catch { return nil }
  }
}
