import Foundation

/// How far sending has come. `sent` counts every event once, however often its request had to be repeated.
public struct TrafficReport: Hashable, Sendable {
  public var sent = 0
  /// Answered as stored; what was stored by a request whose answer was lost is answered as duplicate.
  public var acknowledged = 0
  public var duplicates = 0
  public var quarantined = 0
  public var rejected = 0
  public var requests = 0
  /// Requests sent again after a lost connection or "try again".
  public var retries = 0

  public init() {}

  public var answered: Int { acknowledged + duplicates + quarantined + rejected }
}

/// Posts traffic over several connections at once. A request without an answer, or told to come back, is sent again
/// with the same bytes: ids make that safe.
public struct TrafficSender: Sendable {
  private let transport: any Transport
  private let connections: Int
  private let attempts: Int
  private let clock: any Clock<Duration>

  public init(
    transport: any Transport, connections: Int = 4, attempts: Int = 12,
    clock: any Clock<Duration> = ContinuousClock()
  ) {
    self.transport = transport
    self.connections = max(connections, 1)
    self.attempts = max(attempts, 1)
    self.clock = clock
  }

  /// Sends everything and waits for every answer.
  /// - Parameter progress: called after every answer, from this task.
  /// - Throws: ``SimulationError``; what was answered before stays stored.
  public func send(
    _ batches: some Sequence<TrafficBatch>, progress: (TrafficReport) -> Void = { _ in }
  ) async throws -> TrafficReport {
    var report = TrafficReport()
    var iterator = batches.makeIterator()
    try await withThrowingTaskGroup(of: Answer.self) { group in
      var open = 0
      while true {
        while open < connections, let batch = iterator.next() {
          group.addTask { try await deliver(batch) }
          open += 1
        }
        guard let answer = try await group.next() else { break }
        open -= 1
        report.add(answer)
        progress(report)
      }
    }
    return report
  }

  struct Answer: Sendable {
    var sent: Int
    var counts: EventsReply.Counts
    var attempts: Int
  }

  /// `POST /v1/events` answers this.
  struct EventsReply: Decodable {
    struct Counts: Decodable {
      var stored: Int
      var duplicate: Int
      var quarantined: Int
      var rejected: Int
    }
    var counts: Counts
  }

  private func deliver(_ batch: TrafficBatch) async throws -> Answer {
    var pause = Duration.milliseconds(100)
    var reason = ""
    for attempt in 1...attempts {
      var wait = pause
      do {
        let reply = try await transport.post("v1/events", body: batch.body)
        switch reply.status {
        case 200:
          return Answer(sent: batch.expected.sent, counts: try Self.counts(reply.body), attempts: attempt)
        case 429, 500...599:
          reason = "the service answered \(reply.status)"
          if let seconds = reply.retryAfterSeconds { wait = .seconds(seconds) }
        default: throw SimulationError.refused(status: reply.status, body: Self.text(reply.body))
        }
      } catch let error as SimulationError {
        throw error
      } catch {
        try Task.checkCancellation()
        reason = error.localizedDescription
      }
      if attempt < attempts { try await clock.sleep(for: wait) }
      pause = min(pause * 2, .seconds(5))
    }
    throw SimulationError.gaveUp(attempts: attempts, reason: reason)
  }

  private static func counts(_ body: Data) throws -> EventsReply.Counts {
    do {
      return try JSONDecoder().decode(EventsReply.self, from: body).counts
    } catch {
      throw SimulationError.unreadable(what: "the answer to events", reason: "\(error)")
    }
  }

  static func text(_ body: Data) -> String { String(decoding: body.prefix(500), as: UTF8.self) }
}

extension TrafficReport {
  fileprivate mutating func add(_ answer: TrafficSender.Answer) {
    sent += answer.sent
    acknowledged += answer.counts.stored
    duplicates += answer.counts.duplicate
    quarantined += answer.counts.quarantined
    rejected += answer.counts.rejected
    requests += 1
    retries += answer.attempts - 1
  }
}
