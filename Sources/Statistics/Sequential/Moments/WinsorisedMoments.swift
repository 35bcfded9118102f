/// Moments of values cut off at a cap, so that one enormous sale cannot decide a test.
///
/// The estimate is then the mean of the capped value, not of the value itself, and must be called so: `cappedShare`
/// and `lostShare` say how far apart the two may be. Fix the cap before launch, from data of before (see
/// ``cap(of:quantile:)``); a cap that follows the test's own data has no guarantee.
public struct WinsorisedMoments: Hashable, Sendable, Codable {
  public let cap: Double
  public private(set) var moments = Moments.zero
  /// How many values lay above the cap.
  public private(set) var cappedCount: Int64 = 0
  /// Mean over all values of what was cut off.
  private var excess = Moments.zero

  public init(cap: Double) {
    precondition(cap > 0 && cap.isFinite, "a cap is a positive number, not \(cap)")
    self.cap = cap
  }

  /// - Returns: false, leaving everything as it was, for a negative or non-finite value.
  @discardableResult
  public mutating func add(_ value: Double) -> Bool {
    guard value >= 0, value.isFinite else { return false }
    moments.add(min(value, cap))
    excess.add(max(0, value - cap))
    if value > cap { cappedCount += 1 }
    return true
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

  /// Both with the same cap; nil otherwise, since their means would mean different things.
  public func merged(with other: Self) -> Self? {
    guard cap == other.cap else { return nil }
    var sum = self
    sum.moments += other.moments
    sum.excess += other.excess
    sum.cappedCount += other.cappedCount
    return sum
  }

  /// The cap that leaves a share 1 - quantile of the positive values above it (nearest rank); nil without any.
  public static func cap(of values: some Sequence<Double>, quantile: Double = 0.999) -> Double? {
    let positive = values.filter { $0 > 0 && $0.isFinite }.sorted()
    guard !positive.isEmpty, (0...1).contains(quantile) else { return nil }
    let rank = (quantile * Double(positive.count)).rounded(.up)
    return positive[max(0, min(positive.count, Int(rank)) - 1)]
  }
}
