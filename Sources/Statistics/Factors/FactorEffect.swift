/// One day of one version.
public struct FactorObservation: Hashable, Sendable, Codable {
  /// The version's row in the ``FactorialDesign``.
  public var version: Int
  /// Any whole number that names the day; versions are compared within days only.
  public var day: Int
  public var counts: BinomialCounts

  public init(version: Int, day: Int, counts: BinomialCounts) {
    self.version = version
    self.day = day
    self.counts = counts
  }
}

/// What carrying a level does, against the mean of the factor's other levels, on the log-odds scale.
public struct FactorEffect: Hashable, Sendable, Codable {
  public let factor: Int
  public let level: Int
  /// Estimate and interval; `logEvidence` is ln E against no effect. For effects that are shown the interval is at
  /// alpha R / m (e-BY: Xu, Wang, Ramdas 2022, R shown of m tested), so it leaves zero out exactly when they are
  /// and the intervals reported miss in a share of at most alpha; for the others at alpha / m. Nil with a
  /// ``condition``.
  public let logOdds: IntervalEstimate?
  /// Whether e-BH shows it, the false discovery rate at most alpha, at any look.
  public let isShown: Bool
  /// The standard error there would be if versions differed by their levels only: what plain logistic regression
  /// believes.
  public let standardErrorWithinVersions: Double?
  /// Terms of two factors, or other factors, that this effect may as well be due to.
  public let aliases: [FactorAlias]
  public let condition: FactorCondition?
}

/// Why nothing is said of a factor or of any.
public enum FactorCondition: String, Hashable, Sendable, Codable, CaseIterable {
  /// Some counts are negative or have more successes than trials.
  case impossibleCounts
  /// A version that the design does not have, or rows of different lengths.
  case unknownVersion
  /// Fewer than two versions with enough events.
  case burnIn
  /// Fewer versions than levels to judge and two more to judge the noise between versions by.
  case tooFewVersions
  /// No two versions were ever shown on the same day.
  case notConnected
  /// All versions that can be compared with each other carry the same level.
  case notVaried
  /// The versions cannot tell this factor from other factors.
  case aliased
  /// Counts that no model of days and versions could be fitted to.
  case notConverged
}
