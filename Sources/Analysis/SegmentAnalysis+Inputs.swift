import Campaigns
import FoundationEssentials
import Statistics

extension SegmentAnalysis {
  /// The analysis as a pure function: the same inputs give the same verdicts, ids included.
  public init(of inputs: ExperimentInputs) throws(AnalysisError) {
    try self.init(AnalysisCore(inputs))
  }

  init(_ core: AnalysisCore) throws(AnalysisError) {
    let inputs = core.inputs
    var experiment = inputs.experiment
    experiment.epochs = experiment.epochs.filter { $0.startsAt <= inputs.asOf }
    self.init(
      campaign: inputs.segment.campaign, segment: inputs.segment, experiment: experiment, asOf: inputs.asOf,
      variants: core.results(), checks: core.checks, verdicts: try core.verdicts(),
      trend: core.shift?.trend)
  }
}

/// The steps of one segment's analysis, sharing what they have in common.
struct AnalysisCore {
  let inputs: ExperimentInputs
  let epochs: [EpochInput]
  let comparison: Comparison
  let clustering: Clustering?
  let checks: [HealthCheck]
  let shift: Shift?
  let days: DailyCounts
  let sums: Sums
  private let names: [Identifier<Variant>: String]
  private let sentences: Sentences

  init(_ inputs: ExperimentInputs) throws(AnalysisError) {
    self.inputs = inputs
    names = Dictionary(inputs.variants.map { ($0.id, $0.name) }) { first, _ in first }
    for arm in inputs.arms where names[arm] == nil {
      throw .inconsistentRollups("version \(arm) is not one of segment \(inputs.segment.key)")
    }
    epochs = inputs.experiment.randomised ? inputs.epochInputs : []
    clustering = inputs.experiment.randomised ? Clustering(inputs) : nil
    comparison = Comparison(
      epochs: epochs, days: inputs.dayInputs,
      rules: ComparisonRules(inputs.experiment, clustering: clustering))
    days = DailyCounts(inputs)
    sums = Sums(inputs)
    shift =
      inputs.experiment.randomised ? Shift(in: inputs, days: days, alpha: Self.shiftAlpha(inputs)) : nil
    checks = HealthCheck.all(
      of: inputs, epochs: epochs, comparison: comparison, clustering: clustering, names: names)
    sentences = Sentences(goal: inputs.experiment.goal, alpha: inputs.experiment.alpha, names: names)
  }

  var allowsClaims: Bool { !checks.contains(where: \.blocking) }

  /// Where hours are known, two tests look for a shift, with half of alpha each.
  private static func shiftAlpha(_ inputs: ExperimentInputs) -> Double {
    inputs.experiment.alpha / (inputs.hours.isEmpty ? 1 : 2)
  }

  // MARK: - Results

  func results() -> [VariantResult] {
    let current =
      inputs.experiment.endedAt.map { $0 <= inputs.asOf } == true
      ? nil : inputs.experiment.epoch(at: inputs.asOf)
    let positions = Dictionary(comparison.arms.enumerated().map { ($1, $0) }) { first, _ in first }
    // In a round's first hour there is nothing to rank by.
    let ranked =
      allowsClaims && !comparison.arms.isEmpty
      ? comparison.ranking.map { comparison.arms[$0] } : inputs.arms
    return ranked.compactMap { id -> VariantResult? in
      guard let variant = inputs.variants.first(where: { $0.id == id }) else { return nil }
      let counts = sums.counts[id] ?? EventCounts()
      let arm = positions[id]
      let rate = arm.map { comparison.rates[$0] } ?? platformRate(counts)
      return VariantResult(
        variant: variant, share: current?.shares.first { $0.variant == id }?.share, counts: counts,
        traffic: inputs.traffic[id] ?? TrafficAccount(), spendMicros: sums.spend[id],
        rate: counts.impressions > 0 ? rate.map { Estimate($0) } : nil,
        contrast: allowsClaims ? arm.flatMap { comparison.contrast(of: $0) } : nil,
        probabilityBest: allowsClaims ? arm.flatMap { comparison.best?.probabilities[$0] } : nil,
        expectedLoss: allowsClaims ? arm.flatMap { comparison.best?.expectedLosses[$0] } : nil,
        days: sums.days[id] ?? [])
    }
  }

  /// The spread of a platform's own rate; not a basis for comparing.
  private func platformRate(_ counts: EventCounts) -> IntervalEstimate? {
    AverageRate(
      epochs: [AverageRate.Epoch(share: 1, counts: counts.of(inputs.experiment.goal))],
      sequence: ComparisonRules(inputs.experiment, clustering: nil).single
    ).interval
  }

  // MARK: - Verdicts

  func verdicts() throws(AnalysisError) -> [Verdict] {
    let writer = try EvidenceWriter(inputs: epochs, days: comparison.days, checks: checks)
    if let check = checks.first(where: \.blocking) {
      return [try verdict(.invalid, of: nil, nil, sentence: check.sentence, evidence(.healthCheck), writer)]
    }
    var verdicts: [Verdict] = []
    for arm in comparison.ranking {
      verdicts.append(try standing(of: arm, writer))
      if let fatigue = try fatigue(of: comparison.arms[arm], writer) { verdicts.append(fatigue) }
    }
    if let shifted = try shifted(writer) { verdicts.append(shifted) }
    return verdicts
  }

  private func evidence(_ method: Evidence.Method, scale: String = "absolute") -> Evidence {
    Evidence(
      method: method, experiment: inputs.experiment, scale: scale, inputs: epochs, checks: checks,
      clustering: clustering)
  }

  private func standing(of arm: Int, _ writer: EvidenceWriter) throws(AnalysisError) -> Verdict {
    let contrast = comparison.contrast(of: arm)
    let kind = comparison.standing(of: arm)
    let id = comparison.arms[arm]
    let counts = epochs.reduce((Int64(0), Int64(0))) { sum, epoch in
      (sum.0 + epoch.arms[arm].trials, sum.1 + epoch.arms[arm].successes)
    }
    let sentence = sentences.standing(
      kind, of: id, contrast: contrast, counts: counts, arms: comparison.arms.count)
    var evidence = evidence(.comparison)
    evidence.comparison = contrast?.comparison
    return try verdict(kind, of: id, contrast?.difference, sentence: sentence, evidence, writer)
  }

  private func fatigue(
    of variant: Identifier<Variant>, _ writer: EvidenceWriter
  ) throws(AnalysisError) -> Verdict? {
    switch Fatigue(of: variant, in: inputs, days: days) {
    case .contrast(let wear, let change):
      var evidence = evidence(.wear, scale: "relative")
      evidence.wear = wear
      return try verdict(
        .fatigued, of: variant, change, sentence: sentences.fatigued(variant, change: change), evidence,
        writer)
    case .exposure(let wearout, let outcome):
      var evidence = evidence(.wearout, scale: "relative")
      evidence.wearout = wearout
      return try verdict(
        .fatigued, of: variant, outcome.change,
        sentence: sentences.fatiguedByExposure(variant, change: outcome.change), evidence, writer)
    case nil: return nil
    }
  }

  private func shifted(_ writer: EvidenceWriter) throws(AnalysisError) -> Verdict? {
    if let shift, let change = shift.change, change.excludesZero {
      var evidence = evidence(.shift, scale: "relative")
      evidence.shift = shift
      return try verdict(.shifted, of: nil, change, sentence: sentences.shifted(change), evidence, writer)
    }
    guard inputs.experiment.randomised, let drift = Drift(inputs, alpha: Self.shiftAlpha(inputs)),
      let finding = drift.finding
    else { return nil }
    var evidence = evidence(.drift, scale: "relative")
    evidence.drift = drift
    return try verdict(
      .shifted, of: nil, finding.change,
      sentence: sentences.shifted(finding.change, since: CivilDate(dayNumber: finding.startHour / 24)),
      evidence,
      writer)
  }

  private func verdict(
    _ kind: Verdict.Kind, of variant: Identifier<Variant>?, _ estimate: Estimate?, sentence: String,
    _ evidence: Evidence, _ writer: EvidenceWriter
  ) throws(AnalysisError) -> Verdict {
    let experiment = inputs.experiment
    var randomness = QuestionDerivedBits(
      experiment: experiment.id.uuid, variant: variant?.uuid, asOf: inputs.asOf, aspect: kind.aspect)
    return Verdict(
      id: .new(at: inputs.asOf, using: &randomness), campaign: experiment.campaign,
      segment: experiment.segment, experiment: experiment.id, variant: variant, kind: kind,
      metric: experiment.goal, estimate: estimate?.value, low: estimate?.low, high: estimate?.high,
      sentence: sentence,
      evidence: try writer.json(
        evidence, withInputs: evidence.method == .comparison || evidence.method == .healthCheck),
      asOf: inputs.asOf)
  }
}

extension Verdict.Kind {
  /// A version has one standing and may be worn besides: two aspects.
  var aspect: UInt8 {
    switch self {
    case .winner, .loser, .leading, .trailing, .inconclusive, .invalid: 0
    case .fatigued, .shifted: 1
    }
  }
}
