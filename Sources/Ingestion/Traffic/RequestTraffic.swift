/// What can be said of a request's events before they are looked at together: by its headers, and by the user agents
/// that single events state.
struct RequestTraffic: Sendable {
  private let bots: BotList
  private let filtersEmptyUserAgents: Bool
  private let isPrefetch: Bool
  /// Of an event that says nothing of its viewer's user agent.
  private let ofRequest: TrafficReason

  /// Nothing is filtered.
  static let none = RequestTraffic(
    TrafficPolicy(filtersEmptyUserAgents: false, filtersPrefetches: false), ClientContext.server)

  init(_ policy: TrafficPolicy, _ client: ClientContext) {
    bots = policy.bots
    filtersEmptyUserAgents = policy.filtersEmptyUserAgents
    isPrefetch = policy.filtersPrefetches && client.isPrefetch
    // A server's own user agent says nothing of the viewers it reports.
    guard client.isViewer else {
      ofRequest = isPrefetch ? .prefetch : .counted
      return
    }
    var userAgent = client.userAgent ?? ""
    ofRequest = userAgent.withUTF8 { [bots, filtersEmptyUserAgents, isPrefetch] text in
      Self.reason(text, bots, filtersEmptyUserAgents, isPrefetch)
    }
  }

  /// - Parameter userAgent: as the event states it; nil when it does not.
  @inline(__always)
  func reason(userAgent: RawEvent.Text?) -> TrafficReason {
    guard let userAgent else { return ofRequest }
    return Self.reason(userAgent, bots, filtersEmptyUserAgents, isPrefetch)
  }

  private static func reason(
    _ userAgent: UnsafeBufferPointer<UInt8>, _ bots: BotList, _ filtersEmpty: Bool, _ isPrefetch: Bool
  ) -> TrafficReason {
    if bots.index(for: userAgent) != nil { return .declaredBot }
    if isPrefetch { return .prefetch }
    return filtersEmpty && userAgent.allSatisfy { $0 <= 0x20 } ? .emptyUserAgent : .counted
  }
}
