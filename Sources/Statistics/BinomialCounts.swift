/// How often something could have happened and how often it did: the whole of what a rate is estimated from.
public struct BinomialCounts: Hashable, Sendable, Codable {
  public var successes: Int64
  public var trials: Int64

  public init(successes: Int64, trials: Int64) {
    self.successes = successes
    self.trials = trials
  }

  public static let zero = BinomialCounts(successes: 0, trials: 0)

  /// False for more successes than trials or a negative count; no claim may come out of such data.
  public var isPossible: Bool { successes >= 0 && successes <= trials }

  /// Successes per trial; 0 without trials.
  public var rate: Double { trials > 0 ? Double(successes) / Double(trials) : 0 }

  public static func + (left: Self, right: Self) -> Self {
    BinomialCounts(successes: left.successes + right.successes, trials: left.trials + right.trials)
  }

  public static func += (left: inout Self, right: Self) { left = left + right }
}

extension Sequence<BinomialCounts> {
  /// All counts merged.
  public func total() -> BinomialCounts { reduce(.zero, +) }
}
