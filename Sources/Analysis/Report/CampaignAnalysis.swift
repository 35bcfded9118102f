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
  /// The segments of each language together; empty where there is one language only.
  public var languages: [LanguageResult]
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
    /// `e-BH`: of the claims at most a share alpha is false on average, under any dependence, at any look; their intervals are
    /// those of e-BY, of which at most a share alpha misses.
    public var method: String
    public var alpha: Double
    /// Pairs of versions that were compared, by every metric, in every segment, placement, device and language.
    public var hypotheses: Int
    public var shown: Int
  }

  /// One version against another, holding over the whole report.
  public struct Claim: Hashable, Sendable, Codable {
    /// Nil where it holds over several.
    public var segment: String?
    public var metric: String
    /// Nil for all of them together.
    public var placement: String?
    /// Nil for all of them together.
    public var device: String?
    /// Over the segments of which language; nil within one segment.
    public var language: String?
    /// Over a language: the one in the first segment that has it.
    public var variant: Identifier<Variant>
    public var against: Identifier<Variant>
    /// Whether the metric's direction makes it good.
    public var isBetter: Bool
    /// At the level of all claims together (e-BY), so wider than the same in its round's table.
    public var difference: Estimate
    public var lift: Estimate?
    /// What to expect of the lift, since figures that stand out are on average too good (``WinnersCurse``).
    public var expectedLift: Double?
    public var logEvidence: Double
    public var sentence: String

    init(
      segment: String?, metric: String, part: Part?, variant: Identifier<Variant>,
      against: Identifier<Variant>, isBetter: Bool, difference: Estimate, lift: Estimate?,
      expectedLift: Double?, logEvidence: Double, sentence: String
    ) {
      self.segment = segment
      self.metric = metric
      placement = part.flatMap { $0.dimension == .placement ? $0.value : nil }
      device = part.flatMap { $0.dimension == .device ? $0.value : nil }
      language = part.flatMap { $0.dimension == .language ? $0.value : nil }
      self.variant = variant
      self.against = against
      self.isBetter = isBetter
      self.difference = difference
      self.lift = lift
      self.expectedLift = expectedLift
      self.logEvidence = logEvidence
      self.sentence = sentence
    }
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
    self.init(
      of: campaign, segments: segments, factors: factors, claims: Claims(segments, goal: campaign.goal),
      pooled: Self.pool(segments), asOf: asOf)
  }

  init(
    of campaign: Campaign, segments: [SegmentFindings], factors: FactorReport, claims: Claims,
    pooled: [PooledLift], asOf: Date
  ) {
    self.campaign = campaign.id
    key = campaign.key
    name = campaign.name
    currency = campaign.budget?.currency
    self.asOf = asOf
    self.segments = segments
    self.factors = factors
    languages = claims.languages
    self.claims = claims.shown
    correction = Correction(
      method: "e-BH", alpha: claims.alpha, hypotheses: claims.hypotheses, shown: claims.shownCount)
    self.pooled = pooled
    notes = Self.notes(segments, claims.languages)
  }

  static func pool(_ segments: [SegmentFindings]) -> [PooledLift] {
    let lifts = segments.flatMap { findings in findings.lifts.map { (findings.analysis.segment.key, $0) } }
    let pooling: PartialPooling
    do throws(DataCondition) {
      pooling = try PartialPooling(
        lifts.map { .init(estimate: $0.1.estimate, standardError: $0.1.standardError) }, alpha: segments.alpha
      )
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

  private static func notes(_ segments: [SegmentFindings], _ languages: [LanguageResult]) -> [String] {
    var notes: [String] = []
    let randomised = segments.filter(\.analysis.experiment.randomised)
    if randomised.contains(where: \.placements.isEmpty) {
      notes.append("By placement: only where a segment was shown in more than one.")
    }
    if randomised.contains(where: \.devices.isEmpty) {
      notes.append("By device: only where a segment was seen on more than one type, as events say it.")
    }
    if languages.isEmpty, let language = segments.first?.analysis.segment.language {
      notes.append("By language: not told, for all of this is in \(language).")
    }
    for language in languages where !language.leftOut.isEmpty {
      notes.append(
        "By language: \(language.language) is told without \(language.leftOut.joined(separator: ", ")), of which nothing "
          + "may be claimed.")
    }
    for language in languages {
      if let missing = language.result.missing {
        notes.append("By language: \(language.language), \(missing).")
      }
    }
    return notes
  }
}

extension [SegmentFindings] {
  /// Of a report over all of them: that of the most careful round.
  var alpha: Double { map(\.analysis.experiment.alpha).min() ?? 0.05 }
}

extension IntervalEstimate {
  fileprivate init(point: Double) {
    self.init(estimate: point, low: point, high: point, alpha: 0.05, sampleSize: 0, standardError: 0)
  }
}
