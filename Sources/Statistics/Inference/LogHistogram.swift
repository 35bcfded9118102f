import RealModule

/// Non-negative values in buckets whose width is a fixed share of the value: merges exactly, tells any quantile to a
/// relative accuracy (Masson, Rim, Lee, "DDSketch", VLDB 2019, section 2.1).
///
/// A value x falls into bucket ceil(log x / log gamma) with gamma = (1 + accuracy) / (1 - accuracy).
public struct LogHistogram: Hashable, Sendable, Codable {
  /// 0.01: a quantile is told to one per cent of itself.
  public let accuracy: Double
  public private(set) var zeros: Int64 = 0
  /// Negative values and those that are no numbers; they are in no bucket and in no figure.
  public private(set) var rejected: Int64 = 0
  public private(set) var buckets: [Int32: Int64] = [:]

  public init(accuracy: Double = 0.01) {
    precondition((1e-5..<0.5).contains(accuracy), "accuracy lies between 1e-5 and 0.5, not at \(accuracy)")
    self.accuracy = accuracy
  }

  public var count: Int64 { buckets.values.reduce(zeros, +) }

  public mutating func add(_ value: Double, times: Int64 = 1) {
    guard times > 0 else { return }
    guard value >= 0, value.isFinite else {
      rejected += times
      return
    }
    if value < .leastNormalMagnitude {
      zeros += times
    } else {
      buckets[Int32((Double.log(value) / logGamma).rounded(.up)), default: 0] += times
    }
  }

  /// - Throws: ``DataCondition/impossibleCounts`` for histograms of different accuracy.
  public mutating func merge(_ other: Self) throws(DataCondition) {
    guard accuracy == other.accuracy else { throw .impossibleCounts }
    zeros += other.zeros
    rejected += other.rejected
    buckets.merge(other.buckets, uniquingKeysWith: +)
  }

  /// The value below which a share of `level` lies, within ``accuracy`` of itself.
  public func quantile(_ level: Double) throws(DataCondition) -> Double {
    let count = count
    guard count > 0 else { throw .tooFewUnits }
    guard level >= 0, level <= 1 else { throw .notFinite }
    return value(atRank: Int64((level * Double(count)).rounded(.up)))
  }

  /// How many values lie above `value`, up to the bucket it falls into.
  public func count(above value: Double) -> Int64 {
    guard value > 0 else { return count - zeros }
    let edge = Int32((Double.log(value) / logGamma).rounded(.up))
    return buckets.reduce(0) { $1.key > edge ? $0 + $1.value : $0 }
  }

  private var logGamma: Double { .log(onePlus: 2 * accuracy / (1 - accuracy)) }

  /// The rank-th smallest, from 1; ranks outside are moved to the ends.
  func value(atRank rank: Int64) -> Double {
    var below = zeros
    if rank <= below { return 0 }
    var last = 0.0
    for (bucket, held) in buckets.sorted(by: { $0.key < $1.key }) {
      below += held
      // The middle of the bucket in the sense that either end is as far off relatively.
      last = Double.exp(Double(bucket) * logGamma) * (1 - accuracy)
      if rank <= below { break }
    }
    return last
  }
}
