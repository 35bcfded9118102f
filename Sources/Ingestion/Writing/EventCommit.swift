import FoundationEssentials
import Postgres

/// Brings one plan into the database exactly once, through collisions, deadlocks and lost connections.
struct EventCommit {
  enum Failure: Error {
    /// This data cannot be written, whoever tries.
    case refused(PostgresError)
    /// Not within our patience. The outcome may even be unknown; the ids make a later retry safe.
    case unavailable(PostgresError)
  }

  let database: Database
  let clock: any Clock<Duration>
  /// How long a database that is away or stalled is waited for, all tries together.
  let patience: Duration
  /// A try gets at least this long, however little of the patience is left.
  private static let shortestTry = Duration.milliseconds(250)

  /// How rows go in.
  private enum Way { case direct, staged }

  private struct Attempt {
    var way = Way.direct
    /// Set as soon as the transaction has a number.
    var transaction: String?
    var outcome: CommitPlan.Outcome?
    var collided = false
  }

  func run(
    _ plan: CommitPlan, batch: UUID, at moment: Date, partitions: inout Set<Int>
  ) async throws(Failure) -> (outcome: CommitPlan.Outcome, collided: Bool) {
    let rows = plan.encoded
    var attempt = Attempt()
    let watch = Stopwatch(clock)
    var pause = Duration.milliseconds(20)
    var refusals = 0
    while true {
      let error: PostgresError
      do {
        let missing = plan.days.subtracting(partitions)
        if !missing.isEmpty {
          try await database.transaction(within: left(watch)) { connection in
            try await EventStore.ensurePartitions(Array(missing), on: connection)
          }
          partitions.formUnion(missing)
        }
        let outcome = try await self.attempt(&attempt, plan, rows, batch, moment, within: left(watch))
        return (outcome, attempt.collided)
      } catch let caught as PostgresError {
        error = caught
      } catch {
        throw .refused(PostgresError(.server, "\(error)"))
      }
      // An error that came with COMMIT leaves open what became of it: the server may know.
      if attempt.outcome != nil, let outcome = try await settled(attempt, watch) {
        return (outcome, attempt.collided)
      }
      switch error.kind {
      case .server where error.isUniqueViolation && attempt.way == .direct:
        // Some of these events are stored already: find out which.
        attempt.way = .staged
        attempt.collided = true
        continue
      case .server where error.isDeadlock || error.isSerializationFailure: break
      case .server where error.isCheckViolation && refusals == 0:
        // A partition we knew may have been dropped by retention: make it again.
        partitions.removeAll()
      case .encoding: throw .refused(error)
      case .server where Self.isFaultOfData(error): throw .refused(error)
      default: break
      }
      refusals += 1
      guard watch.elapsed < patience, error.kind != .closed else { throw .unavailable(error) }
      try await sleep(pause, or: error)
      pause = min(pause * 2, .seconds(1))
    }
  }

  private func attempt(
    _ attempt: inout Attempt, _ plan: CommitPlan, _ rows: BinaryCopyWriter, _ batch: UUID, _ moment: Date,
    within limit: Duration
  ) async throws -> CommitPlan.Outcome {
    attempt.transaction = nil
    attempt.outcome = nil
    // The closure must not touch the inout: it is copied in, and what was learnt is copied back even on failure.
    let way = attempt.way
    var transaction: String?
    var written: CommitPlan.Outcome?
    defer {
      attempt.transaction = transaction
      attempt.outcome = written
    }
    return try await database.transaction(within: limit) { connection in
      transaction = try await EventStore.transactionNumber(on: connection)
      var stored: Set<EventID>?
      if !plan.rows.isEmpty {
        switch way {
        case .direct: try await EventStore.copy(rows, on: connection)
        case .staged: stored = try await EventStore.copyPastDuplicates(rows, on: connection)
        }
      }
      let outcome = plan.outcome(stored: stored)
      try await EventStore.record(plan, outcome, batch: batch, at: moment, on: connection)
      // From here on only COMMIT can fail.
      written = outcome
      return outcome
    }
  }

  /// After an error with COMMIT: the outcome when the transaction was committed all the same, nil when it was not.
  private func settled(
    _ attempt: Attempt, _ watch: Stopwatch
  ) async throws(Failure) -> CommitPlan.Outcome? {
    guard let transaction = attempt.transaction, let outcome = attempt.outcome else { return nil }
    var pause = Duration.milliseconds(20)
    while true {
      let error: PostgresError
      do {
        let fate = try await database.transaction(.readOnly, within: left(watch)) { connection in
          try await EventStore.fate(of: transaction, on: connection)
        }
        switch fate {
        case .committed: return outcome
        case .aborted: return nil
        case .inProgress:
          error = PostgresError(.timeout, "the server has not ended transaction \(transaction) yet")
        case nil: return nil
        }
      } catch let caught as PostgresError {
        error = caught
      } catch {
        throw .refused(PostgresError(.server, "\(error)"))
      }
      guard watch.elapsed < patience, error.kind != .closed else { throw .unavailable(error) }
      try await sleep(pause, or: error)
      pause = min(pause * 2, .seconds(1))
    }
  }

  private func sleep(_ pause: Duration, or error: PostgresError) async throws(Failure) {
    do {
      try await clock.sleep(for: pause)
    } catch {
      throw .unavailable(PostgresError(.cancelled, "writing was cancelled"))
    }
  }

  private func left(_ watch: Stopwatch) -> Duration { max(patience - watch.elapsed, Self.shortestTry) }

  /// Whether these rows would be refused for ever (PostgreSQL documentation, appendix A: cardinality, data,
  /// integrity, program limits). Everything else passes or is an operator's to mend, a full disk (53100) and a
  /// read-only standby (25006) among them, and the events wait for that.
  private static func isFaultOfData(_ error: PostgresError) -> Bool {
    guard let state = error.sqlState else { return false }
    return ["21", "22", "23", "54"].contains { state.hasPrefix($0) }
  }
}
