public import Campaigns
public import Statistics

/// Everybody who first saw a version on one day, as moments of what each of them did with it since: a row of
/// `viewer_moment`. x is a viewer's impressions, y what else the viewer did.
public struct ViewerCohort: Hashable, Sendable {
  public var variant: Identifier<Variant>
  public var day: CivilDate
  public var completes: BivariateMoments
  public var clicks: BivariateMoments
  public var conversions: BivariateMoments
  /// Of the conversions, in the currency's units.
  public var value: BivariateMoments

  public init(
    variant: Identifier<Variant>, day: CivilDate, completes: BivariateMoments, clicks: BivariateMoments,
    conversions: BivariateMoments, value: BivariateMoments
  ) {
    self.variant = variant
    self.day = day
    self.completes = completes
    self.clicks = clicks
    self.conversions = conversions
    self.value = value
  }

  public var viewers: Int64 { clicks.count }

  /// Nil for kinds that are not kept by viewer.
  public subscript(kind: EventKind) -> BivariateMoments? {
    switch kind {
    case .complete: completes
    case .click: clicks
    case .conversion: conversions
    default: nil
    }
  }
}

/// Viewers who first saw several versions since the shares last changed, among a sample of all.
public struct ViewerCrossing: Hashable, Sendable {
  public var viewers: Int64
  public var crossed: Int64

  public init(viewers: Int64, crossed: Int64) {
    self.viewers = viewers
    self.crossed = crossed
  }
}

/// How much a viewer's impressions hang together. Viewers were assigned by chance, not impressions, so a round knows
/// less than as many independent impressions would; part of a verdict's evidence.
struct Clustering: Hashable, Sendable, Codable {
  /// Variance of the goal's rate, with viewers as the units, over that of independent impressions; at least 1.
  var designEffect: Double
  /// sum n^2 / sum n over viewers of n impressions: so many impressions are one draw when versions are assigned (Kish,
  /// "Survey sampling", 1965, section 8.2).
  var impressionsPerAssignment: Double

  init(designEffect: Double, impressionsPerAssignment: Double) {
    self.designEffect = designEffect
    self.impressionsPerAssignment = impressionsPerAssignment
  }

  /// From whole days of cohorts of the round's versions; nil where nothing was kept by viewer. The same for all
  /// versions, so that no version's interval profits from its own luck.
  init?(_ inputs: ExperimentInputs) {
    let end = CivilDate(inputs.until)
    var moments: [Identifier<Variant>: BivariateMoments] = [:]
    for arm in inputs.arms { moments[arm] = .zero }
    for cohort in inputs.cohorts where cohort.day < end && cohort.viewers > 0 {
      moments[cohort.variant]? += cohort[inputs.experiment.goal.success] ?? cohort.clicks
    }
    let all = moments.values.reduce(BivariateMoments.zero, +)
    guard all.count >= 100, all.meanX > 0 else { return nil }
    impressionsPerAssignment = max(1, (all.x.variance + all.meanX * all.meanX) / all.meanX)
    var weight = 0.0
    var effect = 0.0
    for moments in moments.values where moments.meanY * Double(moments.count) >= 20 {
      let impressions = moments.meanX * Double(moments.count)
      weight += impressions
      effect += impressions * moments.designEffect
    }
    designEffect = weight > 0 ? max(1, effect / weight) : 1
  }

  enum CodingKeys: String, CodingKey {
    case designEffect = "design_effect"
    case impressionsPerAssignment = "impressions_per_assignment"
  }
}
