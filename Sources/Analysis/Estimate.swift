/// A figure with the interval it is known to lie in. `low <= value <= high`.
public struct Estimate: Hashable, Sendable, Codable {
  public var value: Double
  public var low: Double
  public var high: Double

  public init(value: Double, low: Double, high: Double) {
    self.value = value
    self.low = low
    self.high = high
  }

  /// Whether the interval lies wholly above or wholly below zero.
  public var excludesZero: Bool { low > 0 || high < 0 }
}
