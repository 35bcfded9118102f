/// What a connection waits for, and until when. Pure: moments are passed in, and what to do about them is said, not
/// done.
///
///     idle -- bytes arrive --> receiving -- last byte --> answering -- answer written --> idle
///
/// A client is charged only for the time in which the service waits for its bytes: a service that does not read,
/// because it is busy with what came before, keeps nobody's clock running. An answer nobody takes is timed beside it.
struct ConnectionClock {
  typealias Moment = ContinuousClock.Instant

  enum Action: Equatable {
    case waitUntil(Moment)
    /// Nobody has asked anything for too long.
    case closeIdle
    /// A request is too long in coming.
    case refuseSlowRequest
    /// An answer is not taken.
    case closeUnread
  }

  private let limits: ConnectionLimits
  /// Requests whose head came and whose answer is not complete.
  private(set) var openRequests = 0
  /// Whether a part of a request came and the rest did not.
  private(set) var isReceiving = false
  /// Whether that part includes the head, so that somebody is at work on it.
  private(set) var hasHead = false
  private var idleSince: Moment
  /// Time spent waiting for the rest of the request, up to `waitingSince`.
  private var spent = Duration.zero
  private var readingSince: Moment?
  private var unwritableSince: Moment?

  init(_ limits: ConnectionLimits, at now: Moment) {
    self.limits = limits
    idleSince = now
  }

  /// Requests that came before the one that is being received and are not answered yet.
  var earlierRequests: Int { openRequests - (hasHead ? 1 : 0) }

  mutating func readStarted(at now: Moment) {
    if readingSince == nil { readingSince = now }
  }

  /// Bytes have come, of whatever.
  mutating func readEnded(at now: Moment) {
    if let since = readingSince, isReceiving { spent += now - since }
    readingSince = nil
    if openRequests == 0, !isReceiving {
      isReceiving = true
      spent = .zero
    }
  }

  mutating func headCame() {
    openRequests += 1
    if !isReceiving { spent = .zero }
    isReceiving = true
    hasHead = true
  }

  mutating func requestEnded() {
    isReceiving = false
    hasHead = false
  }

  mutating func answerEnded(at now: Moment) {
    openRequests -= 1
    idleSince = now
  }

  mutating func becameWritable(_ isWritable: Bool, at now: Moment) {
    unwritableSince = isWritable ? nil : unwritableSince ?? now
  }

  func action(at now: Moment, isCrowded: Bool) -> Action {
    var next = now + limits.crowdedIdleTimeout
    if let unwritableSince {
      let due = unwritableSince + limits.requestTimeout
      if now >= due { return .closeUnread }
      next = min(next, due)
    }
    if isReceiving {
      // What came before it is answered first; until then its slowness harms nobody.
      if let readingSince, earlierRequests <= 0 {
        let due = readingSince + limits.requestTimeout - spent
        if now >= due { return .refuseSlowRequest }
        next = min(next, due)
      }
    } else if openRequests == 0 {
      let due = idleSince + (isCrowded ? limits.crowdedIdleTimeout : limits.idleTimeout)
      if now >= due { return .closeIdle }
      next = min(next, due)
    }
    return .waitUntil(next)
  }
}
