public import Campaigns
public import FoundationEssentials
import Statistics

/// All that is known of a campaign at one moment, with one correction over all that is claimed of it.
public struct CampaignAnalysis: Hashable, Sendable, Codable {
  public var campaign: Identifier<Campaign>
  public var key: String
  public var name: String
  /// Of money figures; nil where nobody said.
  public var currency: String?
  public var asOf: Date
  public var segments: [SegmentFindings]
  /// What holds over the whole report, the most certain first.
  public var claims: [Claim]
  public var correction: Correction
  /// Versions against their segment's control, each in the light of all segments.
  public var pooled: [PooledLift]
  public var factors: FactorReport
  /// What this analysis cannot tell, and why.
  public var notes: [String]

  /// One correction for everything a report claims.
  public struct Correction: Hashable, Sendable, Codable {
    /// `e-BH`: of the claims at most a share alpha is false on average, under any dependence, at any look.
    public var method: String
    public var alpha: Double
    /// Pairs of versions x metrics x placements x segments that were compared.
    public var hypotheses: Int
    public var shown: Int
  }

  /// One version against another, holding over the whole report.
  public struct Claim: Hashable, Sendable, Codable {
    public var segment: String
    public var metric: String
    /// Nil for all of them together.
    public var placement: String?
    public var variant: Identifier<Variant>
    public var against: Identifier<Variant>
    /// Whether the metric's direction makes it good.
    public var isBetter: Bool
    public var difference: Estimate
    public var lift: Estimate?
    /// What to expect of the lift, since figures that stand out are on average too good (``WinnersCurse``).
    public var expectedLift: Double?
    public var logEvidence: Double
    public var sentence: String
  }

  /// A version's lift over its segment's control.
  public struct PooledLift: Hashable, Sendable, Codable {
    public var segment: String
    public var variant: Identifier<Variant>
    public var control: Identifier<Variant>
    /// By the segment's own data.
    public var own: Double
    /// Drawn towards the mean of all, with the interval of partial pooling at the campaign's alpha: for choosing, not
    /// for claiming.
    public var pooled: Estimate
    /// 1 keeps the segment's own figure, 0 takes the mean.
    public var weight: Double
  }
}

extension CampaignAnalysis {
  /// A pure function of the segments' findings.
  public init(of campaign: Campaign, segments: [SegmentFindings], factors: FactorReport, asOf: Date) {
    self.campaign = campaign.id
    key = campaign.key
    name = campaign.name
    currency = campaign.budget?.currency
    self.asOf = asOf
    self.segments = segments
    self.factors = factors
    let alpha = segments.map(\.analysis.experiment.alpha).min() ?? 0.05
    let claims = Claims(segments, alpha: alpha)
    self.claims = claims.shown
    correction = Correction(
      method: "e-BH", alpha: alpha, hypotheses: claims.hypotheses, shown: claims.shownCount)
    pooled = Self.pool(segments, alpha: alpha)
    notes = Self.notes(segments)
  }

  private static func pool(_ segments: [SegmentFindings], alpha: Double) -> [PooledLift] {
    let lifts = segments.flatMap { findings in findings.lifts.map { (findings.analysis.segment.key, $0) } }
    let pooling: PartialPooling
    do throws(DataCondition) {
      pooling = try PartialPooling(
        lifts.map { .init(estimate: $0.1.estimate, standardError: $0.1.standardError) }, alpha: alpha)
    } catch {
      // One lift, or none, has nothing to lean on.
      return []
    }
    return zip(lifts, pooling.segments).map { lift, pooled in
      PooledLift(
        segment: lift.0, variant: lift.1.variant, control: lift.1.control,
        own: Lift(logRatio: .init(point: lift.1.estimate)).estimate,
        pooled: Estimate(relative: pooled.interval), weight: pooled.weight)
    }
  }

  private static func notes(_ segments: [SegmentFindings]) -> [String] {
    var notes = [
      "By device: not told, for rollups keep placement, hour and version only.",
      "By language: a segment has one language, so its segments are a language's results.",
    ]
    if segments.contains(where: { $0.analysis.experiment.randomised && $0.placements.isEmpty }) {
      notes.append("By placement: only where a segment was shown in more than one.")
    }
    return notes
  }
}

extension IntervalEstimate {
  fileprivate init(point: Double) {
    self.init(estimate: point, low: point, high: point, alpha: 0.05, sampleSize: 0, standardError: 0)
  }
}
