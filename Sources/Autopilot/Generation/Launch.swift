import Campaigns
import FoundationEssentials
import Postgres

/// A generation entering its segment: what ``LaunchPlan`` says, done.
struct Launch {
  let campaign: Campaign
  let segment: Segment
  let state: LaunchState
  let plan: LaunchPlan
  let control: Identifier<Variant>
  let running: Experiment?
  let round: Int
  let time: LogicalTime
  let now: Date
  let identifiers: IdentifierSource

  func carryOut(on connection: Connection) async throws -> Experiment {
    let scope = campaign.scope
    // After the newest shares, which may begin later than now.
    let start = time.nextHour(
      now: now, notBefore: running?.epochs.last.map { $0.startsAt.addingTimeInterval(3600) })
    let moment = time.moment(now: now)
    let variants = VariantStore(connection)
    let experiments = ExperimentStore(connection)

    for draft in plan.drafts where draft.kind == .retire {
      if let variant = draft.variant {
        try await variants.setStatus(.retired, of: variant, in: scope, at: start)
      }
    }
    for member in state.new {
      try await variants.setStatus(.active, of: member.variant, in: scope, at: start)
    }
    if let running { try await experiments.end(running.id, in: scope, at: start) }
    let policy = campaign.document.policy
    let experiment = Experiment(
      id: identifiers.next(at: moment), campaign: campaign.id, segment: segment.id, round: round,
      goal: campaign.goal, alpha: 1 - policy.confidence,
      plannedImpressions: policy.plannedImpressionsPerSegment,
      randomised: true, control: control, startedAt: start,
      epochs: [AllocationEpoch(number: 1, startsAt: start, shares: Shares.equal(plan.arms))])
    try await experiments.start(experiment)
    if campaign.status == .draft {
      try await CampaignStore(connection).setStatus(.running, of: scope)
    }

    // Decisions of a round of the same moment come before.
    var writer = DecisionWriter(
      segment: segment, decidedAt: moment, identifiers: identifiers, connection: connection, position: 100)
    let change = DecisionEvidence.ShareChange(
      before: running?.epochs.last?.shares ?? [], after: experiment.epochs[0].shares, startsAt: start)
    for draft in plan.drafts {
      let about = draft.kind == .retire ? running?.id : experiment.id
      _ = try await writer.write(
        draft, experiment: about,
        evidence: DecisionEvidence(
          version: LaunchPlan.version, launch: state, plan: state.plan, shares: change))
    }
    return experiment
  }
}
