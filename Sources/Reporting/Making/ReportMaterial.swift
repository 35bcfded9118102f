import Analysis
import Campaigns
import FoundationEssentials

/// All that a report is made of. Making it is a pure function.
struct ReportMaterial {
  var campaign: Campaign
  var brand: Brand?
  var week: ISOWeek
  /// The end of what was looked at.
  var asOf: Date
  var variants: [Variant]
  var periods: PeriodTable
  /// Rounds newest first.
  var segments: [(segment: Segment, rounds: [SegmentAnalysis])] = []
  var decisions: [Decision]
  var decisionsSince: [Decision]
  var events: EventAccounting?
  var hasUndatedInsights: Bool

  private var isComplete: Bool { asOf >= week.end }

  private var changes: ChangeSentence {
    ChangeSentence(goal: campaign.goal, isComplete: isComplete, hasUndatedInsights: hasUndatedInsights)
  }

  func report() -> WeeklyReport {
    let parts = segments.map { segmentReport(of: $0.segment, rounds: $0.rounds) }
    let figures = periods.sum(of: variants)
    let change = changes.change(figures, trend: nil)
    var report = WeeklyReport(
      campaign: header, week: week, asOf: asOf, headlines: [], figures: figures, change: change,
      segments: parts, decisionsSince: decisionsSince.map { line($0) }, events: events,
      traffic: periods.traffic, hasUndatedInsights: hasUndatedInsights, method: [])
    report.headlines = Headlines(report).sentences()
    report.method = MethodNote(report).sentences()
    return report
  }

  private var header: CampaignHeader {
    CampaignHeader(
      key: campaign.key, name: campaign.name, brand: brand?.name, colour: brand?.document.colours["primary"],
      goal: campaign.goal, goalInWords: campaign.goal.inWords, status: campaign.status,
      languages: campaign.languages, placements: campaign.placements, currency: campaign.budget?.currency)
  }

  private func segmentReport(of segment: Segment, rounds: [SegmentAnalysis]) -> SegmentReport {
    let own = variants.filter { $0.segment == segment.id }
    let figures = periods.sum(of: own)
    return SegmentReport(
      key: segment.key, name: segment.name, language: segment.language, audience: segment.audience,
      figures: figures,
      change: changes.change(figures, trend: isComplete ? rounds.first?.trend : nil),
      rounds: rounds.map { round(of: segment, $0) },
      verdicts: rounds.flatMap { verdicts(of: segment, $0) }.sorted {
        ($0.kind.rank, -$0.round) < ($1.kind.rank, -$1.round)
      },
      decisions: decisions.filter { $0.segment == segment.id }.map { line($0) },
      days: days(of: rounds))
  }

  private func round(of segment: Segment, _ analysis: SegmentAnalysis) -> RoundReport {
    let experiment = analysis.experiment
    return RoundReport(
      round: experiment.round, startedAt: experiment.epochs.isEmpty ? nil : experiment.startedAt,
      endedAt: experiment.endedAt, randomised: experiment.randomised, alpha: experiment.alpha,
      versions: analysis.variants.map { version($0, in: segment, analysis) }, checks: analysis.checks)
  }

  private func version(
    _ result: VariantResult, in segment: Segment, _ analysis: SegmentAnalysis
  ) -> VersionReport {
    let variant = result.variant
    return VersionReport(
      id: variant.id, name: variant.name, generation: variant.generation,
      parent: variant.parent.flatMap { name(of: $0) },
      levels: levels(of: variant, language: segment.language),
      status: variant.status, share: result.share, figures: periods[variant.id], rate: result.rate,
      comparison: result.contrast.flatMap { name(of: $0.comparison) },
      difference: result.contrast?.difference,
      lift: result.contrast?.lift, probabilityBest: result.probabilityBest,
      verdict: analysis.standing(of: variant.id)?.kind, isFatigued: analysis.isFatigued(variant.id),
      days: result.days)
  }

  private func verdicts(of segment: Segment, _ analysis: SegmentAnalysis) -> [VerdictLine] {
    analysis.verdicts.map { verdict in
      VerdictLine(
        kind: verdict.kind, segment: segment.name, version: verdict.variant.flatMap { name(of: $0) },
        round: analysis.experiment.round, sentence: verdict.sentence, asOf: verdict.asOf)
    }
  }

  private func line(_ decision: Decision) -> DecisionLine {
    DecisionLine(
      kind: decision.kind, segment: segments.first { $0.segment.id == decision.segment }?.segment.name ?? "",
      version: decision.variant.flatMap { name(of: $0) }, reason: decision.reason,
      decidedBy: decision.decidedBy, decidedAt: decision.decidedAt)
  }

  private func name(of id: Identifier<Variant>) -> String? { variants.first { $0.id == id }?.name }

  /// In the campaign's order of factors, which is that of importance.
  private func levels(of variant: Variant, language: String) -> [LevelLine] {
    let factors = campaign.document.factors
    let known = factors.compactMap { factor -> LevelLine? in
      guard let key = variant.levels[factor.key] else { return nil }
      let level = factor.levels.first { $0.key == key }
      let text = level?.text.flatMap {
        $0[language] ?? $0["en"] ?? $0.sorted { $0.key < $1.key }.first?.value
      }
      return LevelLine(
        factor: Words.humanised(factor.key), level: text.map { "“\($0)”" } ?? Words.humanised(key))
    }
    let others = variant.levels.filter { level in !factors.contains { $0.key == level.key } }
    return known
      + others.sorted { $0.key < $1.key }
      .map { LevelLine(factor: Words.humanised($0.key), level: Words.humanised($0.value)) }
  }

  /// All versions together, day by day, the last four weeks.
  private func days(of rounds: [SegmentAnalysis]) -> [DayPoint] {
    var sums: [Date: DayPoint] = [:]
    for point in rounds.flatMap(\.variants).flatMap(\.days) {
      var sum = sums[point.day] ?? DayPoint(day: point.day, impressions: 0, successes: 0)
      sum.impressions += point.impressions
      sum.successes += point.successes
      sums[point.day] = sum
    }
    return Array(sums.values.sorted { $0.day < $1.day }.suffix(28))
  }
}
