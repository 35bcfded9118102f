public import FoundationEssentials

/// How long a failed job waits: exponential, with jitter so that jobs that failed together do not return together.
public struct Backoff: Sendable {
  /// Seconds after the first failure; doubles with every further one.
  public var base: TimeInterval
  /// Seconds; no wait is longer before jitter.
  public var longest: TimeInterval
  /// 0.25 spreads each wait over ±25 %.
  public var jitter: Double

  public init(base: TimeInterval = 2, longest: TimeInterval = 900, jitter: Double = 0.25) {
    self.base = base
    self.longest = longest
    self.jitter = jitter
  }

  /// Seconds until the next try.
  /// - Parameters:
  ///   - attempt: the attempt that failed, from 1.
  ///   - draw: a random number in 0..<1.
  public func delay(afterAttempt attempt: Int, draw: Double) -> TimeInterval {
    // The exponent is capped only to keep it finite; `longest` rules long before.
    let doubled = base * exp2(Double(min(max(attempt, 1) - 1, 60)))
    return min(doubled, longest) * (1 + jitter * (2 * draw - 1))
  }

  private func exp2(_ exponent: Double) -> Double {
    Double(sign: .plus, exponent: Int(exponent), significand: 1)
  }
}
