import Campaigns
import FoundationEssentials
import Ingestion

/// A row of a request that is read as far as it goes: one that is malformed does not stand in the way of the others.
enum InsightPost: Decodable {
  case row(Row)
  case malformed(String)

  struct Row: Decodable {
    let variantId: UUID
    let source: String?
    let day: String
    let until: String?
    let breakdown: Breakdown?
    let impressions: Int64
    let clicks: Int64
    let conversions: Decimal?
    let spend: Decimal?
    let currency: String?
  }

  init(from decoder: any Decoder) throws {
    do {
      self = .row(try Row(from: decoder))
    } catch let error as DecodingError {
      self = .malformed(DecodingErrorText.describe(error))
    }
  }

  func row(index: Int) -> Result<PostedInsight, InsightRejection> {
    switch self {
    case .malformed(let reason): return .failure(.init(index: index, code: .malformed, message: reason))
    case .row(let row):
      return .success(
        PostedInsight(
          variant: Identifier(row.variantId), source: row.source ?? "mapped", day: row.day, until: row.until,
          breakdown: row.breakdown?.text ?? "", impressions: row.impressions, clicks: row.clicks,
          conversions: row.conversions ?? 0, spend: row.spend ?? 0, currency: row.currency))
    }
  }

  /// A text, or an object of texts, which is written in the order of its keys: `age=25-34, device=mobile`.
  struct Breakdown: Decodable {
    let text: String

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let text = try? container.decode(String.self) {
        self.text = text
      } else {
        text = try container.decode([String: String].self).sorted { $0.key < $1.key }
          .map { "\($0.key)=\($0.value)" }.joined(separator: ", ")
      }
    }
  }
}

/// Figures as the API tells them; as they stood, with what replaced them.
struct InsightView: Encodable {
  let variantId: Identifier<Variant>
  let variant: String?
  let segment: String?
  let source: String
  let day: String?
  let until: String?
  let breakdown: String
  let impressions: Int64
  let clicks: Int64
  let conversions: Double
  let spendMicros: Int64
  let importedAt: Date
  let importId: UUID?
  let revisions: Int?
  let supersededAt: Date?
  let supersededBy: UUID?

  init(_ row: InsightReader.Row) {
    self.init(row.key, row.figures, variant: row.variantName, segment: row.segment, revisions: row.revisions)
  }

  init(_ revision: InsightReader.Revision) {
    self.init(
      revision.key, revision.figures, supersededAt: revision.supersededAt, supersededBy: revision.supersededBy
    )
  }

  private init(
    _ key: InsightReader.Key, _ figures: InsightReader.Figures, variant: String? = nil,
    segment: String? = nil,
    revisions: Int? = nil, supersededAt: Date? = nil, supersededBy: UUID? = nil
  ) {
    variantId = key.variant
    self.variant = variant
    self.segment = segment
    source = key.source
    day = key.firstDay
    until = key.lastDay
    breakdown = key.breakdown
    impressions = figures.impressions
    clicks = figures.clicks
    conversions = figures.conversions
    spendMicros = figures.spendMicros
    importedAt = figures.importedAt
    importId = figures.importID
    self.revisions = revisions
    self.supersededAt = supersededAt
    self.supersededBy = supersededBy
  }
}

struct InsightImportView: Encodable {
  let id: UUID
  let source: String
  let importedBy: String
  let importedAt: Date
  let fileName: String?
  let sha256: String
  let currency: String?
  let rows: Int
  let new: Int
  let changed: Int
  let same: Int

  init(_ brought: InsightReader.Import) {
    id = brought.id
    source = brought.source
    importedBy = brought.importedBy
    importedAt = brought.importedAt
    fileName = brought.fileName.isEmpty ? nil : brought.fileName
    sha256 = brought.sha256
    currency = brought.currency
    rows = brought.rows
    new = brought.added
    changed = brought.changed
    same = brought.unchanged
  }
}
