public import Campaigns

/// What a verdict was reached from: enough to reach it again without the database (`Verdict.recomputed()`).
public struct Evidence: Hashable, Sendable, Codable {
  public enum Method: String, Hashable, Sendable, Codable {
    /// Pairwise differences by asymptotic confidence sequences, alpha split over the pairs.
    case comparison = "pairwise_confidence_sequence"
    /// Change of the contrast against concurrent versions.
    case wear = "change_in_contrast"
    /// Change of the level of all versions together.
    case shift = "change_in_level"
    /// A health check forbids claims.
    case healthCheck = "health_check"
  }

  /// Of the arithmetic. A change that alters results raises it.
  public static let currentVersion = 1

  public var method: Method
  public var version: Int
  /// The experiment's.
  public var alpha: Double
  public var plannedImpressions: Int64
  public var randomised: Bool
  /// The version that `estimate` is against.
  public var comparison: Identifier<Variant>?
  /// `absolute`: estimate is a difference of rates. `relative`: a relative change.
  public var scale: String
  /// The round's counts and shares by epoch.
  public var inputs: [EpochInput]
  public var checks: [HealthCheck]
  var wear: Wear?
  var shift: Shift?

  init(
    method: Method, experiment: Experiment, comparison: Identifier<Variant>? = nil,
    scale: String = "absolute",
    inputs: [EpochInput], checks: [HealthCheck], wear: Wear? = nil, shift: Shift? = nil
  ) {
    self.method = method
    version = Self.currentVersion
    alpha = experiment.alpha
    plannedImpressions = experiment.plannedImpressions
    randomised = experiment.randomised
    self.comparison = comparison
    self.scale = scale
    self.inputs = inputs
    self.checks = checks
    self.wear = wear
    self.shift = shift
  }

  enum CodingKeys: String, CodingKey {
    case method, version, alpha, randomised, comparison, scale, inputs, checks, wear, shift
    case plannedImpressions = "planned_impressions"
  }
}
