/// How often something took how long. Buckets are fixed, so that histograms of several processes can be added up.
public struct LatencyHistogram: Hashable, Sendable {
  /// Upper bounds of the buckets in seconds, each included; one more bucket holds what took longer.
  public static let bounds: [Double] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
  ]

  /// Per bucket, not cumulative.
  public private(set) var counts = [Int](repeating: 0, count: bounds.count + 1)
  /// Seconds.
  public private(set) var sum = 0.0

  public init() {}

  public var count: Int { counts.reduce(0, +) }

  public mutating func observe(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    let value = Double(seconds) + Double(attoseconds) * 1e-18
    counts[Self.bounds.firstIndex { value <= $0 } ?? Self.bounds.count] += 1
    sum += value
  }
}
