import Campaigns
import FoundationEssentials

/// What the API says of campaigns. Kept apart from the stored values, so that neither changes the other.
struct CampaignView: Encodable {
  let id: Identifier<Campaign>
  let key: String
  let name: String
  let status: String
  let goal: String
  let languages: [String]
  let placements: [String]
  let startsOn: String?
  let endsOn: String?
  let budget: BudgetView?

  struct BudgetView: Encodable {
    let minorUnits: Int64
    let currency: String
  }

  init(_ campaign: Campaign) {
    id = campaign.id
    key = campaign.key
    name = campaign.name
    status = campaign.status.rawValue
    goal = campaign.goal.rawValue
    languages = campaign.languages
    placements = campaign.placements
    startsOn = campaign.startsOn
    endsOn = campaign.endsOn
    budget = campaign.budget.map { BudgetView(minorUnits: $0.minorUnits, currency: $0.currency) }
  }
}

struct SegmentView: Codable {
  let id: Identifier<Segment>
  let key: String
  let name: String
  let language: String
  let audience: Int64?
  let rule: AudienceRule

  init(_ segment: Segment) {
    id = segment.id
    key = segment.key
    name = segment.name
    language = segment.language
    audience = segment.audience
    rule = segment.rule
  }
}

struct VariantView: Encodable {
  let id: Identifier<Variant>
  let segmentId: Identifier<Segment>
  let name: String
  let origin: String
  let generation: Int
  let parentId: Identifier<Variant>?
  let levels: [String: String]
  let rationale: String
  let status: String
  let createdAt: Date
  let activatedAt: Date?
  let retiredAt: Date?
  let renditions: [RenditionView]

  init(_ variant: Variant, renditions: [Rendition]) {
    id = variant.id
    segmentId = variant.segment
    name = variant.name
    origin = variant.origin.rawValue
    generation = variant.generation
    parentId = variant.parent
    levels = variant.levels
    rationale = variant.rationale
    status = variant.status.rawValue
    createdAt = variant.createdAt
    activatedAt = variant.activatedAt
    retiredAt = variant.retiredAt
    self.renditions = renditions.map(RenditionView.init)
  }
}

struct RenditionView: Encodable {
  let placement: String
  let url: String
  let width: Int
  let height: Int
  let durationMs: Int
  let sizeBytes: Int64
  let sha256: String
  let engineVersion: String

  init(_ rendition: Rendition) {
    placement = rendition.placement
    url = MediaPath.url(of: rendition)
    width = rendition.width
    height = rendition.height
    durationMs = rendition.durationMs
    sizeBytes = rendition.sizeBytes
    sha256 = rendition.sha256
    engineVersion = rendition.engineVersion
  }
}

struct VerdictView: Encodable {
  let id: Identifier<Verdict>
  let segmentId: Identifier<Segment>
  let experimentId: Identifier<Experiment>
  let variantId: Identifier<Variant>?
  let verdict: String
  let metric: String
  let estimate: Double?
  let low: Double?
  let high: Double?
  let sentence: String
  let evidence: RawJSON
  let asOf: Date

  init(_ verdict: Verdict) {
    id = verdict.id
    segmentId = verdict.segment
    experimentId = verdict.experiment
    variantId = verdict.variant
    self.verdict = verdict.kind.rawValue
    metric = verdict.metric.rawValue
    estimate = verdict.estimate
    low = verdict.low
    high = verdict.high
    sentence = verdict.sentence
    evidence = RawJSON(verdict.evidence)
    asOf = verdict.asOf
  }
}

struct DecisionView: Encodable {
  let id: Identifier<Decision>
  let kind: String
  let segmentId: Identifier<Segment>
  let experimentId: Identifier<Experiment>?
  let variantId: Identifier<Variant>?
  let reason: String
  let evidence: RawJSON
  let decidedBy: String
  let decidedAt: Date
  let reversesId: Identifier<Decision>?

  init(_ decision: Decision) {
    id = decision.id
    kind = decision.kind.rawValue
    segmentId = decision.segment
    experimentId = decision.experiment
    variantId = decision.variant
    reason = decision.reason
    evidence = RawJSON(decision.evidence)
    decidedBy = decision.decidedBy
    decidedAt = decision.decidedAt
    reversesId = decision.reverses
  }
}
