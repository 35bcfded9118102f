import HummingbirdCore

/// What one client's connection may take, so that no client can keep the others out.
public struct ConnectionLimits: Hashable, Sendable {
  /// How long a client may take to send a request, from its first byte to its last, while the service waits for
  /// it; and to take 32 KiB of an answer.
  public var requestTimeout: Duration
  /// How long a connection may stay open without a request.
  public var idleTimeout: Duration
  /// Open connections; further ones wait in the system's queue until others close.
  public var maxConnections: Int
  /// Bytes of a request's line and header fields, taken together.
  public var maxHeaderBytes: Int

  public init(
    requestTimeout: Duration = .seconds(30), idleTimeout: Duration = .seconds(60), maxConnections: Int = 4096,
    maxHeaderBytes: Int = 16_384
  ) {
    self.requestTimeout = requestTimeout
    self.idleTimeout = idleTimeout
    self.maxConnections = maxConnections
    self.maxHeaderBytes = maxHeaderBytes
  }

  /// What an idle connection gets once three quarters of all places are taken, and how often it is looked at.
  var crowdedIdleTimeout: Duration { idleTimeout / 8 }
}

extension ConnectionLimits {
  func channelConfiguration(_ census: ConnectionCensus) -> HTTP1Channel.Configuration {
    HTTP1Channel.Configuration(
      additionalChannelHandlers: [ConnectionGuard(limits: self, census: census)],
      httpDecoderConfiguration: .init(
        maxHeaderFieldSize: maxHeaderBytes, maxHeaderListSize: maxHeaderBytes, maxHeaderFieldCount: 128))
  }
}
