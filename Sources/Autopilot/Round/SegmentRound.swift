import Analysis
import Campaigns
import Creative
import FoundationEssentials
import Postgres

/// One segment's part of a round, inside its transaction.
struct SegmentRound {
  let campaign: Campaign
  let analysis: SegmentAnalysis
  let effects: LevelEffects
  let time: LogicalTime
  let now: Date
  let policy: Policy
  let identifiers: IdentifierSource
  let connection: Connection

  private var segment: Segment { analysis.segment }
  private var store: AutopilotStore { AutopilotStore(connection) }

  func run() async throws -> RoundReport.SegmentOutcome {
    try await store.lock(segment.id)
    if let latest = try await store.latestRound(segment.id), latest >= time.at {
      return skip(latest == time.at ? .alreadyDone : .laterRoundDone)
    }
    let running = try await ExperimentStore(connection).running(segment: segment.id, in: campaign.scope)
    guard let running, running.id == analysis.experiment.id, let epoch = running.epochs.last,
      epoch.startsAt <= time.at
    else { return skip(.changeUnderWay) }

    try await Analyst(connection).record(analysis.verdicts)
    let variants = try await VariantStore(connection).list(in: campaign.scope, segment: segment.id)
    let state = SegmentState(
      analysis,
      facts: .init(
        experiment: running, variants: variants, isPaused: try await store.isPaused(running.id),
        lastRegeneration: try await store.latestRegeneration(segment.id, in: campaign.scope)?.decidedAt,
        unseenDesigns: DesignRoom(campaign).unseen(by: variants)),
      campaign: campaign, at: time.at)
    let outcome = policy.decide(state)
    let change = outcome.shares.map { shares in
      DecisionEvidence.ShareChange(
        before: epoch.shares, after: shares,
        startsAt: time.nextHour(now: now, notBefore: epoch.startsAt.addingTimeInterval(3600)))
    }
    let evidence = DecisionEvidence(
      version: Policy.currentVersion, policy: .init(rules: policy.rules, state: state), shares: change,
      verdicts: try await store.verdicts(segment.id, asOf: time.at))
    let result = try await apply(outcome, change, evidence, to: running, variants: variants)
    try await store.recordRound(segment, at: time.at, decisions: result.decisions.count)
    return result
  }

  private func apply(
    _ outcome: PolicyOutcome, _ change: DecisionEvidence.ShareChange?, _ evidence: DecisionEvidence,
    to experiment: Experiment, variants: [Variant]
  ) async throws -> RoundReport.SegmentOutcome {
    var writer = DecisionWriter(
      segment: segment, decidedAt: time.at, identifiers: identifiers, connection: connection)
    var decisions: [Decision] = []
    var ordered: [Variant] = []
    for draft in outcome.drafts {
      var evidence = evidence
      switch draft.kind {
      case .retire:
        if let variant = draft.variant {
          try await VariantStore(connection).setStatus(
            .retired, of: variant, in: campaign.scope, at: change?.startsAt ?? time.at)
        }
      case .regenerate:
        guard let plan = draft.plan else { continue }
        evidence.plan = plan
        // Traffic changes only when the new versions enter.
        evidence.shares = nil
        ordered = try await order(plan, variants: variants)
        if ordered.isEmpty { continue }
      default: break
      }
      decisions.append(try await writer.write(draft, experiment: experiment.id, evidence: evidence))
    }
    if let change {
      try await ExperimentStore(connection).open(
        AllocationEpoch(
          number: (experiment.epochs.last?.number ?? 0) + 1, startsAt: change.startsAt, shares: change.after),
        in: experiment)
    }
    return .init(segment: segment, decisions: decisions, ordered: ordered, skipped: nil)
  }

  private func order(_ plan: RegenerationPlan, variants: [Variant]) async throws -> [Variant] {
    let verdicts = try await store.latestVerdicts(segment.id)
    let history = variants.map { variant in
      PastVariant(
        id: variant.id, name: variant.name, levels: variant.levels, verdict: verdicts[variant.id],
        isRunning: variant.status == .active && !plan.replaces.contains(variant.id))
    }
    guard let parent = history.first(where: { $0.id == plan.parent }) else { return [] }
    let generation = (variants.map(\.generation).max() ?? 0) + 1
    let designs = DesignRoom(campaign).designer.nextGeneration(
      champion: parent, history: history, count: plan.count, generation: generation, effects: effects)
    return try await GenerationOrder(
      campaign: campaign, time: time, identifiers: identifiers, connection: connection
    ).place(designs, segment: segment, generation: generation, existing: variants)
  }

  private func skip(_ reason: RoundReport.Skip) -> RoundReport.SegmentOutcome {
    .init(segment: segment, decisions: [], ordered: [], skipped: reason)
  }
}
