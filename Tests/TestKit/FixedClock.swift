public import Foundation
import Synchronization

/// A clock that stands still until it is moved.
public final class FixedClock: Sendable {
  private let time: Mutex<Date>

  public init(_ start: Date = FixedClock.monday) { time = Mutex(start) }

  /// 2026-11-16T00:00:00Z, a Monday: weeks of reports begin here.
  public static let monday = Date(timeIntervalSince1970: 1_794_787_200)

  public var now: Date { time.withLock { $0 } }

  public func advance(bySeconds seconds: Double) { time.withLock { $0 += seconds } }

  public func set(_ date: Date) { time.withLock { $0 = date } }
}
