public import FoundationEssentials
public import Postgres

/// One piece of durable work, as it stands in the `job` table.
///
/// ```
///                          .--- its worker let it go: attempt not counted
///                          v                     |
///   enqueue ---------> available --- claim ---> running ---> completed
///                                    ^           | |  |
///   cancel, from any of              |           | |  '----> discarded  (attempts used up, or no use in trying)
///   available, running, retryable:   '- retryable <-'
///   -> cancelled                        failed, or its lease ran out; run_at says when again
///
///   completed, discarded, cancelled --- prune ---> gone
/// ```
/// Constraints of `schema/0005` hold every row to this: only a running job has a lease, only a finished one
/// `finished_at`, and one that may still be claimed has attempts left.
public struct Job: Sendable, Identifiable {
  public enum State: String, Sendable, CaseIterable, PostgresCodable {
    case available, running, retryable, completed, discarded, cancelled
  }

  public let id: JobID
  public let kind: String
  public let payload: JSONB
  public let state: State
  /// Higher goes first.
  public let priority: Int16
  public let runAt: Date
  /// Attempts begun.
  public let attempt: Int
  public let maxAttempts: Int
  public let uniqueKey: String?
  public let leasedBy: String?
  public let leaseExpiresAt: Date?
  /// 0 to 1, as the work last told.
  public let progress: Double?
  /// Safe to show: see ``ErrorText``.
  public let lastError: String?
  public let createdAt: Date
  public let finishedAt: Date?
}

public struct JobID: RawRepresentable, Hashable, Sendable, Codable, CustomStringConvertible, PostgresCodable,
  PostgresArrayElement
{
  public let rawValue: UUID

  public init(rawValue: UUID) { self.rawValue = rawValue }

  public var description: String { rawValue.uuidString.lowercased() }
}

/// The right to work on a job: worker and attempt together, so that a worker that lost a job and was given it
/// again is not mistaken for its former self.
public struct Lease: Hashable, Sendable {
  public let job: JobID
  public let worker: String
  public let attempt: Int
}

/// A job just claimed.
public struct ClaimedJob: Sendable {
  public let lease: Lease
  public let kind: String
  public let payload: JSONB
  public let maxAttempts: Int

  public var isLastAttempt: Bool { lease.attempt >= maxAttempts }
}
