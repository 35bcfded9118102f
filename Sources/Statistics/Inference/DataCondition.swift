/// Why figures allow no estimate at all. Thrown, so that nothing downstream can take a placeholder for a number.
public enum DataCondition: String, Error, Hashable, Sendable, Codable, CaseIterable {
  /// Nothing was shown, or fewer units than the method needs.
  case tooFewUnits
  /// A negative count, or more successes than trials.
  case impossibleCounts
  /// A comparison needs at least two arms.
  case oneArm
  /// All units gave the same value, so that chance cannot be told from effect.
  case noVariance
  /// A metric that cannot be negative, such as spend, is.
  case negativeValues
  /// A ratio or a relative change over a baseline that is not above zero.
  case noBaseline
  /// A figure that is not a number, or beyond what a number can hold.
  case notFinite
}

extension DataCondition: CustomStringConvertible {
  /// What is wrong and what helps.
  public var description: String {
    switch self {
    case .tooFewUnits: "too few units were counted; wait until every arm was shown"
    case .impossibleCounts: "a count is negative or has more successes than trials; check the import"
    case .oneArm: "there is only one arm; a comparison needs two"
    case .noVariance: "all units gave the same value; wait for more, or choose a metric that varies"
    case .negativeValues: "a metric that cannot be negative is; check the import"
    case .noBaseline: "the baseline is not above zero, so nothing can be said relative to it"
    case .notFinite: "a figure is not a finite number; check the import"
    }
  }
}

extension BinomialCounts {
  /// What forbids an estimate from these counts; nil when nothing does.
  public var condition: DataCondition? {
    if !isPossible { return .impossibleCounts }
    return trials == 0 ? .tooFewUnits : nil
  }
}
