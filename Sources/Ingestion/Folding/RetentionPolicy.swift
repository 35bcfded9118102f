import FoundationEssentials
import Synchronization

/// How long events are kept.
public struct RetentionPolicy: Hashable, Sendable {
  /// Whole days; nil keeps events for ever.
  public let keepEventsDays: Int?
  /// Whole days that quarantined events stay to be explained; nil for ever.
  public let keepQuarantineDays: Int?

  public static let forEver = RetentionPolicy()

  private init() {
    keepEventsDays = nil
    keepQuarantineDays = nil
  }

  /// - Parameter acceptFromDays: how old events are accepted.
  /// - Throws: ``RetentionError/keepsLessThanAccepted(keepDays:acceptDays:)``: an event that is accepted must find the
  ///   partition in which its twin may lie, or it could be stored twice.
  public init(keepEventsDays: Int?, keepQuarantineDays: Int?, acceptFromDays: Int) throws(RetentionError) {
    if let keepEventsDays, keepEventsDays < acceptFromDays {
      throw .keepsLessThanAccepted(keepDays: keepEventsDays, acceptDays: acceptFromDays)
    }
    self.keepEventsDays = keepEventsDays
    self.keepQuarantineDays = keepQuarantineDays
  }

  /// The last day that may go, in days since 1970. A day is kept until all of it is older than the policy says, and one
  /// day more for what was accepted just in time and still waits in a spool.
  func lastDueDay(at moment: Date) -> Int? {
    keepEventsDays.map { EventPartitions.day(of: moment) - $0 - 2 }
  }
}

public enum RetentionError: Error, Hashable, CustomStringConvertible {
  case keepsLessThanAccepted(keepDays: Int, acceptDays: Int)
  /// A day's partition stays, and all after it, because what was made of it is not what it says.
  case notProven(day: String, reason: String)

  public var description: String {
    switch self {
    case .keepsLessThanAccepted(let keep, let accept):
      """
      ingestion.keep_events is \(keep)d, but ingestion.accept_from lets events in that are \(accept)d old. Keep events at \
      least as long as late ones are accepted: lower accept_from or raise keep_events
      """
    case .notProven(let day, let reason):
      "the events of \(day) are kept beyond their time: \(reason). Look at the rollups of that day before dropping it"
    }
  }
}

/// Where keeping begins: events before it were dropped, so a late one cannot be told from its twin and goes to
/// quarantine. One value per process, raised as partitions go.
public final class RetentionFloor: Sendable, Hashable {
  private let lowest = Atomic<Int64>(.min)

  public init() {}

  /// Milliseconds since 1970.
  public var milliseconds: Int64 { lowest.load(ordering: .relaxed) }

  /// - Parameter day: the first day that is kept, in days since 1970.
  public func raise(toDay day: Int) {
    let milliseconds = Int64(day) * 86_400_000
    _ = lowest.max(milliseconds, ordering: .relaxed)
  }

  public static func == (left: RetentionFloor, right: RetentionFloor) -> Bool { left === right }

  public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
