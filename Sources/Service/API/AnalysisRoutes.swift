import Analysis
import Campaigns
import FoundationEssentials
import HTTPTypes
import Hummingbird

/// All that is known of a campaign: `GET /v1/campaigns/{key}/analysis?segment=KEY&at=TIME`.
struct AnalysisRoutes {
  let backend: Backend

  func add(to router: RouterGroup<ServiceRequestContext>) {
    router.group().add(middleware: RequireScope(scope: .read)).get(
      "campaigns/:campaign/analysis", use: analysis)
  }

  /// Query: `segment=KEY` for one segment, `at=TIME` (RFC 3339) for what was known then.
  @Sendable private func analysis(
    _ request: Request, _ context: ServiceRequestContext
  ) async throws -> Response {
    let campaign = try await backend.campaign(context)
    var segment: Identifier<Segment>?
    if let key = request.uri.queryParameters.get("segment") {
      let segments = try await backend.segments.list(in: campaign.scope)
      guard let match = segments.first(where: { $0.key == key }) else {
        throw Problem.notFound("segment \"\(key)\"")
      }
      segment = match.id
    }
    let moment = try request.moment("at") ?? backend.now()
    let report = try await backend.analyst.report(
      campaign: campaign, segment: segment, metrics: backend.metrics, at: moment)
    return try ServiceJSON.response(AnalysisView(report))
  }
}

/// A campaign's analysis as the API tells it: verdicts without their evidence, which `/verdicts` has.
struct AnalysisView: Encodable {
  struct SegmentView: Encodable {
    let result: ResultView
    /// What may be said of the segment, in sentences, what forbids claims first.
    let sentences: [String]
    let metrics: [MetricResult]
    let placements: [PartResult]
    let devices: [PartResult]

    init(_ findings: SegmentFindings) {
      result = ResultView(findings.analysis)
      sentences = findings.sentences
      metrics = findings.metrics
      placements = findings.placements
      devices = findings.devices
    }
  }

  let campaign: String
  let name: String
  let currency: String?
  let asOf: Date
  let segments: [SegmentView]
  let languages: [LanguageResult]
  let claims: [CampaignAnalysis.Claim]
  let correction: CampaignAnalysis.Correction
  let pooled: [CampaignAnalysis.PooledLift]
  let factors: FactorReport
  let notes: [String]

  init(_ report: CampaignAnalysis) {
    campaign = report.key
    name = report.name
    currency = report.currency
    asOf = report.asOf
    segments = report.segments.map(SegmentView.init)
    languages = report.languages
    claims = report.claims
    correction = report.correction
    pooled = report.pooled
    factors = report.factors
    notes = report.notes
  }
}
