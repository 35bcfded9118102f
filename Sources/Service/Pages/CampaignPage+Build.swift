import Analysis
import Campaigns
import FoundationEssentials
import Jobs

extension CampaignPage {
  /// What a campaign's page is made of, as read from the stores.
  struct Sources {
    let campaign: Campaign
    let workspace: Workspace
    let brandName: String?
    let siblings: [Campaign]
    let segments: [Segment]
    let variants: [Variant]
    let renditions: [Rendition]
    let analyses: [SegmentAnalysis]
    /// Recorded verdicts, newest first.
    let verdicts: [Verdict]
    let decisions: [Decision]
    let jobs: [JobLine]
    let nextRound: Date?
    let asOf: Date
  }

  init(_ sources: Sources) {
    let campaign = sources.campaign
    let names = Dictionary(uniqueKeysWithValues: sources.variants.map { ($0.id, $0.name) })
    let segmentNames = Dictionary(uniqueKeysWithValues: sources.segments.map { ($0.id, $0.name) })
    let analyses = Dictionary(sources.analyses.map { ($0.segment.id, $0) }) { first, _ in first }

    title = campaign.name
    navigation = sources.siblings.map {
      NavigationLink(href: "/campaigns/\($0.key)", label: $0.name, here: $0.id == campaign.id)
    }
    workspace = sources.workspace.name
    name = campaign.name
    detail = [
      sources.brandName, "goal: \(campaign.goal.inWords)", campaign.status.rawValue,
      campaign.startsOn.map { "since \($0)" },
    ].compactMap(\.self).joined(separator: " · ")
    facts = Self.facts(sources)
    segments = sources.segments.map { segment in
      SegmentSection(
        segment, analysis: analyses[segment.id],
        recorded: sources.verdicts.filter { $0.segment == segment.id },
        variants: sources.variants.filter { $0.segment == segment.id },
        renditions: Dictionary(grouping: sources.renditions, by: \.variant), names: names,
        goal: campaign.goal, placements: campaign.placements)
    }
    decisions = sources.decisions.map { decision in
      DecisionRow(
        when: PageTime.text(decision.decidedAt), kind: decision.kind.rawValue,
        segment: segmentNames[decision.segment] ?? "",
        variant: decision.variant.flatMap { names[$0] } ?? "–", reason: decision.reason,
        by: decision.decidedBy)
    }
    hasDecisions = !sources.decisions.isEmpty
    nextRound = sources.nextRound.map { PageTime.text($0) + " UTC" } ?? "not scheduled"
    jobs = sources.jobs.map { line in
      JobRow(
        when: PageTime.text(line.job.runAt), work: line.work, state: line.job.state.rawValue,
        attempt: "\(line.job.attempt) of \(line.job.maxAttempts)", note: line.job.lastError ?? "")
    }
    hasJobs = !sources.jobs.isEmpty
    asOf = "Figures of \(PageTime.text(sources.asOf)) UTC."
  }

  private static func facts(_ sources: Sources) -> [Fact] {
    let results = sources.analyses.flatMap(\.variants)
    let impressions = results.reduce(0) { $0 + $1.counts.impressions }
    let traffic = results.reduce(TrafficAccount()) { $0 + $1.traffic }[.impression]
    let share = traffic.share.map(TrafficAccount.Line.percent) ?? "–"
    let successes = results.reduce(0) { $0 + $1.counts[sources.campaign.goal.success] }
    return [
      Fact(label: "segments", value: "\(sources.segments.count)"),
      Fact(label: "versions in test", value: "\(sources.variants.count { $0.status == .active })"),
      Fact(label: "video files", value: "\(sources.renditions.count)"),
      Fact(label: "impressions in the running tests", value: Figure.count(impressions)),
      Fact(label: "filtered of \(Figure.count(traffic.gross)) gross impressions", value: share),
      Fact(label: "\(sources.campaign.goal.successes) in the running tests", value: Figure.count(successes)),
      Fact(label: "next autopilot round", value: sources.nextRound.map(PageTime.text) ?? "–"),
    ]
  }
}

extension CampaignPage.SegmentSection {
  init(
    _ segment: Segment, analysis: SegmentAnalysis?, recorded: [Verdict], variants: [Variant],
    renditions: [Identifier<Variant>: [Rendition]], names: [Identifier<Variant>: String], goal: Goal,
    placements: [String]
  ) {
    key = segment.key
    name = segment.name
    detail = [
      "language: \(segment.language)",
      segment.audience.map { "about \(Figure.count($0)) people" },
      analysis.map { "round \($0.experiment.round), since \(PageTime.text($0.experiment.startedAt))" },
    ].compactMap(\.self).joined(separator: " · ")
    let checks = (analysis?.checks ?? []).filter { !$0.blocking }.map {
      CampaignPage.Sentence(kind: "check", text: $0.sentence)
    }
    sentences =
      (analysis?.remarks ?? []).map { CampaignPage.Sentence(kind: $0.kind.rawValue, text: $0.sentence) }
      + checks
    traffic = analysis?.traffic.sentence
    earlier = Self.earlierClaims(recorded, now: analysis?.verdicts ?? [])
    hasEarlier = !earlier.isEmpty
    let lifts = (analysis?.variants ?? []).compactMap(\.contrast?.lift)
    let scale = lifts.map { max(abs($0.low), abs($0.high)) }.max() ?? 1
    let order = { (variant: Variant) in variant.status == .retired ? 1 : 0 }
    versions = variants.sorted { (order($0), $0.name.count, $0.name) < (order($1), $1.name.count, $1.name) }
      .map { variant in
        let files = (renditions[variant.id] ?? []).sorted {
          (placements.firstIndex(of: $0.placement) ?? .max)
            < (placements.firstIndex(of: $1.placement) ?? .max)
        }
        return VersionCard(
          variant: variant, renditions: files, result: analysis?[variant.id], analysis: analysis,
          names: names, goal: goal, scale: scale)
      }
  }

  /// The newest of each claim about each version, and about the segment, that does not stand among those of now.
  private static func earlierClaims(_ recorded: [Verdict], now: [Verdict]) -> [CampaignPage.EarlierClaim] {
    struct Claim: Hashable {
      let variant: Identifier<Variant>?
      let kind: Verdict.Kind
    }
    let claims: Set<Verdict.Kind> = [.winner, .loser, .fatigued, .shifted]
    var seen = Set(now.map { Claim(variant: $0.variant, kind: $0.kind) })
    return recorded.filter { claims.contains($0.kind) }
      .filter { seen.insert(Claim(variant: $0.variant, kind: $0.kind)).inserted }
      .map { CampaignPage.EarlierClaim(when: PageTime.text($0.asOf), text: $0.sentence) }
  }
}
