import Analysis
import Campaigns
import FoundationEssentials
import HTTPTypes
import Hummingbird

/// What was tested and what it means: experiments with their allocation, results, verdicts.
struct ResultRoutes {
  let backend: Backend

  func add(to router: RouterGroup<ServiceRequestContext>) {
    let reading = router.group().add(middleware: RequireScope(scope: .read))
    reading.get("campaigns/:campaign/experiments", use: experiments)
    reading.get("campaigns/:campaign/experiments/:experiment", use: experiment)
    reading.get("campaigns/:campaign/results", use: results)
    reading.get("campaigns/:campaign/verdicts", use: verdicts)
  }

  @Sendable private func experiments(
    _ request: Request, _ context: ServiceRequestContext
  ) async throws -> Response {
    let campaign = try await backend.campaign(context)
    return try ServiceJSON.response(try await views(of: campaign))
  }

  @Sendable private func experiment(
    _ request: Request, _ context: ServiceRequestContext
  ) async throws -> Response {
    let campaign = try await backend.campaign(context)
    let id: Identifier<Experiment> = try context.identifier("experiment")
    guard let view = try await views(of: campaign).first(where: { $0.id == id }) else {
      throw Problem.notFound("experiment \(id)")
    }
    return try ServiceJSON.response(view)
  }

  private func views(of campaign: Campaign) async throws -> [ExperimentView] {
    let segments = Dictionary(
      uniqueKeysWithValues: try await backend.segments.list(in: campaign.scope).map { ($0.id, $0) })
    let variants = Dictionary(
      uniqueKeysWithValues: try await backend.variants.list(in: campaign.scope).map { ($0.id, $0) })
    return try await backend.experiments.list(in: campaign.scope).map {
      ExperimentView($0, segments: segments, variants: variants)
    }
  }

  /// Query: `at=TIME` (RFC 3339) for what was known then.
  @Sendable private func results(_ request: Request, _ context: ServiceRequestContext) async throws
    -> Response
  {
    let campaign = try await backend.campaign(context)
    let moment = try request.moment("at") ?? backend.now()
    let analyses = try await backend.analyst.analyse(campaign: campaign, at: moment)
    return try ServiceJSON.response(ListView(items: analyses.map(ResultView.init)))
  }

  /// Query: `after=ID`, `limit=N`.
  @Sendable private func verdicts(
    _ request: Request, _ context: ServiceRequestContext
  ) async throws -> Response {
    let campaign = try await backend.campaign(context)
    let page = try await backend.verdicts.page(
      in: campaign.scope, after: try request.identifier("after"), limit: try request.limit())
    return try ServiceJSON.response(
      ListView(
        items: page.items.map(VerdictView.init),
        next: page.hasMore ? page.items.last?.id.description : nil))
  }
}

struct ExperimentView: Encodable {
  struct EpochView: Encodable {
    let number: Int
    let startsAt: Date
    let shares: [ShareView]
  }

  struct ShareView: Encodable {
    let variantId: Identifier<Variant>
    let name: String
    let share: Double
  }

  struct ArmView: Encodable {
    let id: Identifier<Variant>
    let name: String
    let generation: Int
    let activatedAt: Date?
  }

  let id: Identifier<Experiment>
  let segment: String
  let round: Int
  let goal: String
  let alpha: Double
  let plannedImpressions: Int64
  let randomised: Bool
  let controlVariantId: Identifier<Variant>
  let startedAt: Date
  let endedAt: Date?
  let epochs: [EpochView]
  let variants: [ArmView]

  init(
    _ experiment: Experiment, segments: [Identifier<Segment>: Segment],
    variants: [Identifier<Variant>: Variant]
  ) {
    id = experiment.id
    segment = segments[experiment.segment]?.key ?? ""
    round = experiment.round
    goal = experiment.goal.rawValue
    alpha = experiment.alpha
    plannedImpressions = experiment.plannedImpressions
    randomised = experiment.randomised
    controlVariantId = experiment.control
    startedAt = experiment.startedAt
    endedAt = experiment.endedAt
    epochs = experiment.epochs.map { epoch in
      EpochView(
        number: epoch.number, startsAt: epoch.startsAt,
        shares: epoch.shares.map {
          ShareView(variantId: $0.variant, name: variants[$0.variant]?.name ?? "", share: $0.share)
        })
    }
    let arms = Set(experiment.epochs.flatMap { $0.shares.map(\.variant) })
    self.variants = arms.compactMap { variants[$0] }
      .sorted { ($0.name.count, $0.name) < ($1.name.count, $1.name) }
      .map { ArmView(id: $0.id, name: $0.name, generation: $0.generation, activatedAt: $0.activatedAt) }
  }
}

/// A segment's analysis as the API tells it.
struct ResultView: Encodable {
  struct VariantResultView: Encodable {
    let variantId: Identifier<Variant>
    let name: String
    let generation: Int
    let share: Double?
    let impressions: Int64
    let successes: Int64
    /// Gross and net by kind of event; `impressions` and `successes` are net.
    let traffic: [TrafficAccount.Line]
    let spendMicros: Int64?
    let rate: Estimate?
    let comparisonVariantId: Identifier<Variant>?
    let difference: Estimate?
    let lift: Estimate?
    let probabilityBest: Double?
    let expectedLoss: Double?
  }

  let segment: String
  let experimentId: Identifier<Experiment>
  let round: Int
  let asOf: Date
  let variants: [VariantResultView]
  /// Over all variants.
  let traffic: [TrafficAccount.Line]
  let checks: [HealthCheck]
  let trend: SegmentTrend?
  let verdicts: [VerdictView]

  init(_ analysis: SegmentAnalysis) {
    segment = analysis.segment.key
    experimentId = analysis.experiment.id
    round = analysis.experiment.round
    asOf = analysis.asOf
    let success = analysis.experiment.goal.success
    variants = analysis.variants.map {
      VariantResultView(
        variantId: $0.variant.id, name: $0.variant.name, generation: $0.variant.generation, share: $0.share,
        impressions: $0.counts.impressions, successes: $0.counts[success],
        traffic: $0.traffic.lines, spendMicros: $0.spendMicros, rate: $0.rate,
        comparisonVariantId: $0.contrast?.comparison, difference: $0.contrast?.difference,
        lift: $0.contrast?.lift, probabilityBest: $0.probabilityBest, expectedLoss: $0.expectedLoss)
    }
    traffic = analysis.traffic.lines
    checks = analysis.checks
    trend = analysis.trend
    verdicts = analysis.verdicts.map(VerdictView.init)
  }
}
