public import FoundationEssentials

/// When something happens as far as a campaign is concerned.
///
/// In live use, work ordered at 06:00 that takes until 08:20 takes effect after 08:20: nobody was shown anything else
/// before. In a replay of the past (the demo, a backfill) the campaign's clock stands still at `at` while the machine
/// works, and what is ordered takes effect right after `at`.
public struct LogicalTime: Hashable, Sendable {
  /// Whole seconds.
  public let at: Date
  public let isReplay: Bool

  public init(at: Date, isReplay: Bool) {
    self.at = Date(timeIntervalSince1970: at.timeIntervalSince1970.rounded(.down))
    self.isReplay = isReplay
  }

  /// The campaign's present while the machine's clock shows `now`.
  public func moment(now: Date) -> Date { isReplay ? at : max(at, now) }

  /// When changes of traffic take effect: the next whole UTC hour, so that each hour of the rollups belongs to one
  /// epoch of shares.
  public func nextHour(now: Date, notBefore earliest: Date? = nil) -> Date {
    let hour = (moment(now: now).timeIntervalSince1970 / 3600).rounded(.down) * 3600 + 3600
    let next = Date(timeIntervalSince1970: hour)
    return earliest.map { max(next, $0) } ?? next
  }
}
