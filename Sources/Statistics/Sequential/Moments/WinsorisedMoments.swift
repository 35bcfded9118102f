/// Moments of values cut off at a cap, so that one enormous sale cannot decide a test.
///
/// The estimate is then the mean of the capped value, not of the value itself, and must be called so: `cappedShare` and
/// `lostShare` say how far apart the two may be.
public struct WinsorisedMoments: Hashable, Sendable, Codable {
  public let cap: WinsorCap
  /// Of min(value, cap).
  public private(set) var moments = Moments.zero
  /// How many values lay above the cap.
  public private(set) var cappedCount: Int64 = 0
  /// Negative values and those that are no numbers: counted, in no other figure.
  public private(set) var rejected: Int64 = 0
  /// Mean over all values of what was cut off.
  private var excess = Moments.zero

  public init(cap: WinsorCap) { self.cap = cap }

  public mutating func add(_ value: Double) {
    guard value >= 0, value.isFinite else {
      rejected += 1
      return
    }
    moments.add(min(value, cap.cap))
    excess.add(max(0, value - cap.cap))
    if value > cap.cap { cappedCount += 1 }
  }

  /// The share of values above the cap.
  public var cappedShare: Double {
    moments.count > 0 ? Double(cappedCount) / Double(moments.count) : 0
  }

  /// The share of the whole sum that was cut off.
  public var lostShare: Double {
    let whole = moments.mean + excess.mean
    return whole > 0 ? excess.mean / whole : 0
  }

  /// - Throws: ``DataCondition/impossibleCounts`` for values under different caps, whose means would mean different
  ///   things.
  public mutating func merge(_ other: Self) throws(DataCondition) {
    guard cap == other.cap else { throw .impossibleCounts }
    moments += other.moments
    excess += other.excess
    cappedCount += other.cappedCount
    rejected += other.rejected
  }
}
