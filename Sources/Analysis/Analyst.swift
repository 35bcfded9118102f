public import Campaigns
public import FoundationEssentials
public import Postgres

/// Reads what happened and says what it means.
public struct Analyst: Sendable {
  private let database: any Queryable

  /// - Parameter database: the pool, or the connection of a transaction to take part in.
  public init(_ database: any Queryable) { self.database = database }

  /// The round in force at `moment` in every segment, or in one. Segments in which nothing has started by then
  /// are left out.
  ///
  /// Only whole hours before `moment` count, so asking again about the same past moment gives the same answer
  /// unless late events came in.
  public func analyse(
    campaign: Campaign, segment: Identifier<Segment>? = nil, at moment: Date
  ) async throws -> [SegmentAnalysis] {
    let delay = try await delay(of: campaign, at: moment)
    var analyses: [SegmentAnalysis] = []
    for segment in try await segments(of: campaign, only: segment) {
      let rounds = try await rounds(of: segment, campaign: campaign, begunBy: moment)
      if let round = rounds.last {
        analyses.append(
          try SegmentAnalysis(
            of: try await inputs(of: round, segment: segment, campaign: campaign, at: moment, delay)))
      }
    }
    return analyses
  }

  /// Every round of a segment that was on air at some time between `start` and `moment`, newest first, each as of
  /// its own end or `moment`, whichever came first.
  public func analyseRounds(
    of segment: Segment, campaign: Campaign, from start: Date, until moment: Date
  ) async throws -> [SegmentAnalysis] {
    var analyses: [SegmentAnalysis] = []
    let rounds = try await rounds(of: segment, campaign: campaign, begunBy: moment)
    for round in rounds.reversed() where round.id == rounds.last?.id || (round.endedAt ?? moment) > start {
      let end = round.endedAt.map { min($0, moment) } ?? moment
      let delay = try await delay(of: campaign, at: end)
      analyses.append(
        try SegmentAnalysis(
          of: try await inputs(of: round, segment: segment, campaign: campaign, at: end, delay)))
    }
    return analyses
  }

  /// Everything that is known of a campaign at `moment`, or of one of its segments: rounds as ``analyse(campaign:segment:at:)``
  /// has them, every metric of the catalogue, placements, devices, languages, factors, and one correction over all that is claimed.
  /// - Parameter metrics: of `config/metrics.yaml`.
  public func report(
    campaign: Campaign, segment: Identifier<Segment>? = nil, metrics: [Metric], at moment: Date
  ) async throws -> CampaignAnalysis {
    let reader = RollupReader(database: database)
    let delay = try await delay(of: campaign, at: moment)
    var inputs: [SegmentInputs] = []
    for segment in try await segments(of: campaign, only: segment) {
      guard let round = try await rounds(of: segment, campaign: campaign, begunBy: moment).last else {
        continue
      }
      var parts: [PartCell] = []
      for dimension in Part.Dimension.allCases where round.randomised {
        parts += try await reader.partCells(round, by: dimension, scope: campaign.scope, until: moment)
      }
      inputs.append(
        SegmentInputs(
          try await self.inputs(of: round, segment: segment, campaign: campaign, at: moment, delay),
          parts: parts))
    }
    return try await CampaignAnalysis.analyse(campaign, segments: inputs, metrics: metrics, asOf: moment)
  }

  /// Stores verdicts. One that answers the same question (round, version, moment) is stored once: the first stands.
  /// - Returns: how many were new.
  @discardableResult
  public func record(_ verdicts: [Verdict]) async throws -> Int {
    var recorded = 0
    for verdict in verdicts { recorded += try await insert(verdict) }
    return recorded
  }

  /// Events of the whole campaign: accepted and not yet in its rollups, and, where there are any, those that are.
  private struct Delay {
    var pending: Int64
    var folded: Int64?
  }

  private func delay(of campaign: Campaign, at moment: Date) async throws -> Delay {
    let reader = RollupReader(database: database)
    let pending = try await reader.pendingEvents(scope: campaign.scope, before: moment)
    return Delay(
      pending: pending,
      folded: pending > 0 ? try await reader.foldedEvents(scope: campaign.scope, before: moment) : nil)
  }

  private func inputs(
    of round: Experiment, segment: Segment, campaign: Campaign, at moment: Date, _ delay: Delay
  ) async throws -> ExperimentInputs {
    let reader = RollupReader(database: database)
    var round = round
    // What had not happened by then is not known.
    if let end = round.endedAt, end > moment { round.endedAt = nil }
    var inputs = ExperimentInputs(
      segment: segment, experiment: round,
      variants: try await VariantStore(database).list(in: campaign.scope, segment: segment.id),
      cells: try await reader.cells(segment: segment, scope: campaign.scope, until: moment),
      platform: try await reader.platformCells(segment: segment, scope: campaign.scope, until: moment),
      pendingEvents: delay.pending,
      traffic: try await traffic(of: round, in: campaign.scope, until: moment), asOf: moment)
    inputs.foldedEvents = delay.folded
    if round.randomised { try await addViewersAndHours(to: &inputs, scope: campaign.scope) }
    return inputs
  }

  /// What only randomised rounds need.
  private func addViewersAndHours(to inputs: inout ExperimentInputs, scope: CampaignScope) async throws {
    let viewers = ViewerReader(database: database)
    inputs.cohorts = try await viewers.cohorts(segment: inputs.segment, scope: scope, until: inputs.until)
    if let epoch = inputs.experiment.epochs.last(where: { $0.startsAt < inputs.until }),
      !inputs.cohorts.isEmpty
    {
      let arms = epoch.shares.map(\.variant)
      inputs.crossing = try await viewers.crossing(
        of: arms, scope: scope, from: CivilDate(epoch.startsAt).advanced(byDays: 1), until: inputs.until,
        viewers: inputs.cohorts.reduce(0) { $0 + (arms.contains($1.variant) ? $1.viewers : 0) })
    }
    let days = DailyCounts(inputs)
    guard let first = days.first,
      (CivilDate(inputs.until).dayNumber - first.dayNumber) * 24 > Drift.learningHours
    else { return }
    let worn = days.variants.filter { Fatigue(of: $0, in: inputs, days: days) != nil }
    inputs.hours = try await RollupReader(database: database).hours(
      segment: inputs.segment, goal: inputs.experiment.goal, scope: scope, until: inputs.until,
      factors: VersionMix(inputs, days: days, without: Set(worn)).factors)
  }

  /// Gross and net of a round's own hours. A version that lives on from round to round is counted anew in each.
  private func traffic(
    of round: Experiment, in scope: CampaignScope, until moment: Date
  ) async throws -> [Identifier<Variant>: TrafficAccount] {
    guard round.randomised else { return [:] }
    let arms = Set(round.epochs.flatMap { $0.shares.map(\.variant) })
    return try await TrafficReader(database).accounts(
      scope: scope, from: round.startedAt, until: round.endedAt.map { min($0, moment) } ?? moment, of: arms)
  }

  private func segments(of campaign: Campaign, only id: Identifier<Segment>?) async throws -> [Segment] {
    if let id { return [try await SegmentStore(database).find(id, in: campaign.scope)] }
    return try await SegmentStore(database).list(in: campaign.scope)
  }

  /// In order. A segment that was only ever imported has one round that nobody started: the platform's own.
  private func rounds(
    of segment: Segment, campaign: Campaign, begunBy moment: Date
  ) async throws -> [Experiment] {
    let rounds = try await ExperimentStore(database).list(in: campaign.scope, segment: segment.id)
    // A platform's arms ran whenever its figures say, not when they were imported.
    guard rounds.isEmpty else { return rounds.filter { !$0.randomised || $0.startedAt < moment } }
    let imported = try await VariantStore(database).list(in: campaign.scope, segment: segment.id)
      .filter { $0.origin == .imported }
    guard let first = imported.first else { return [] }
    let alpha = 1 - campaign.document.policy.confidence
    return [
      Experiment(
        id: Identifier(segment.id.uuid), campaign: campaign.id, segment: segment.id, round: 1,
        goal: campaign.goal, alpha: alpha > 0 && alpha < 0.5 ? alpha : 0.05,
        plannedImpressions: max(1, campaign.document.policy.plannedImpressionsPerSegment), randomised: false,
        control: first.id, startedAt: .distantPast, epochs: [])
    ]
  }

  /// A round that exists only in the export has no row to refer to; its verdict is not stored.
  private func insert(_ verdict: Verdict) async throws -> Int {
    try await database.execute(
      """
      INSERT INTO verdict (id, campaign_id, segment_id, experiment_id, variant_id, kind, metric, estimate, low,
        high, sentence, evidence, as_of)
      SELECT \(verdict.id.uuid), \(verdict.campaign.uuid), \(verdict.segment.uuid), experiment.id,
        \(verdict.variant?.uuid), \(verdict.kind.rawValue), \(verdict.metric.rawValue), \(verdict.estimate),
        \(verdict.low), \(verdict.high), \(verdict.sentence), \(JSONB(text: verdict.evidence)), \(verdict.asOf)
      FROM experiment WHERE id = \(verdict.experiment.uuid)
      ON CONFLICT DO NOTHING
      """)
  }
}
