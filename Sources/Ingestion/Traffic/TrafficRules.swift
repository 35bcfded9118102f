import Synchronization

/// The rules for invalid traffic, as one process applies them: a named reason per event that does not count.
///
/// Such events are stored all the same, counted apart (`rollup_filtered_hour`) and shown beside those that count. What
/// was remembered of viewers is lost when the process ends, and of several processes each knows what came to it.
public final class TrafficRules: Sendable {
  private struct State: ~Copyable {
    var sequences: SequenceRules
    var filtered: [TrafficReason: Int] = [:]
  }

  private let policy: TrafficPolicy
  private let state: Mutex<State>

  public init(_ policy: TrafficPolicy) {
    self.policy = policy
    state = Mutex(State(sequences: SequenceRules(policy)))
  }

  /// Events judged not to count since the process started, by reason; what was sent twice is in it twice.
  public var filtered: [TrafficReason: Int] { state.withLock { $0.filtered } }

  /// What can be said of a request by its headers.
  func request(_ client: ClientContext) -> RequestTraffic { RequestTraffic(policy, client) }

  /// Looks at a request's events together and at what their viewers did before.
  func judge(_ batch: inout CheckedBatch) {
    guard !batch.events.isEmpty else { return }
    state.withLock { state in
      state.sequences.judge(&batch.events)
      for event in batch.events where event.traffic != .counted {
        state.filtered[event.traffic, default: 0] += 1
      }
    }
  }
}
