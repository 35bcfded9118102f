import Campaigns
import Cryptography
import FoundationEssentials
import HTTPTypes
import Hummingbird
import Ingestion

/// Figures that ad platforms have already added up: `POST /v1/insights` takes them, `/v1/campaigns/{campaign}/insights`
/// tells them with their history.
struct InsightRoutes {
  let backend: Backend

  private static let rowsPerRequest = 10_000

  func add(to router: RouterGroup<ServiceRequestContext>) {
    let ingesting = router.group().add(middleware: RequireScope(scope: .ingest))
    let reading = router.group().add(middleware: RequireScope(scope: .read))
    ingesting.post("insights", use: receive)
    reading.get("campaigns/:campaign/insights", use: list)
    reading.get("campaigns/:campaign/insights/history", use: history)
    reading.get("campaigns/:campaign/insights/imports", use: imports)
  }

  private struct Receipt: Encodable {
    struct Counts: Encodable {
      let received: Int
      let new: Int
      let changed: Int
      let same: Int
      let rejected: Int
    }

    struct Rejected: Encodable {
      let index: Int
      let code: String
      let message: String
    }

    let success = true
    let status = 1
    let counts: Counts
    let rejected: [Rejected]

    private enum CodingKeys: CodingKey { case success, status, counts, rejected }
  }

  /// Body: `[{"variant_id": "…", "source": "google_ads", "day": "2026-11-02", "breakdown": {"device": "mobile"},
  /// "impressions": 1200, "clicks": 31, "conversions": 2.5, "spend": 12.50, "currency": "EUR"}]`, at most 10,000 rows;
  /// `until` makes a period of the day, `breakdown` may be a text. Sending rows again changes nothing; other figures of
  /// the same (source, variant, days, breakdown) replace the earlier ones, which stay as history.
  @Sendable private func receive(_ request: Request, _ context: ServiceRequestContext) async throws
    -> Response
  {
    let identity = try context.requireIdentity()
    let body = try await RequestBody(
      maxBytes: backend.limits.maxBodyBytes, maxInflatedBytes: backend.limits.maxInflatedBytes
    ).read(request)
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let rows = try decoder.decode([InsightPost].self, from: Data(body))
    guard rows.count <= Self.rowsPerRequest else {
      throw Problem(
        .contentTooLarge, "too_many_rows",
        "The body holds \(rows.count) rows, at most \(Self.rowsPerRequest) are taken at once; send several requests."
      )
    }
    let receipt = try await InsightImporter(database: backend.database).post(
      rows.enumerated().map { $1.row(index: $0) }, body: body, workspace: identity.workspace.id,
      from: .init(fileName: "", importedBy: "key \(identity.keyName)"), at: backend.now())
    return try ServiceJSON.response(
      Receipt(
        counts: .init(
          received: receipt.received, new: receipt.added, changed: receipt.changed, same: receipt.unchanged,
          rejected: receipt.rejected.count),
        rejected: receipt.rejected.map { .init(index: $0.index, code: $0.code.rawValue, message: $0.message) }
      ))
  }

  /// Query: `variant=ID`, `source=NAME`, `from=DAY`, `until=DAY`, `after=TOKEN`, `limit=N`.
  @Sendable private func list(_ request: Request, _ context: ServiceRequestContext) async throws -> Response {
    let campaign = try await backend.campaign(context)
    let limit = try request.limit()
    let rows = try await backend.insights.rows(
      try filter(request), in: campaign.scope, after: try InsightPage.key(request), limit: limit + 1)
    let page = rows.prefix(limit)
    return try ServiceJSON.response(
      ListView(
        items: page.map(InsightView.init),
        next: rows.count > limit ? page.last.map { InsightPage.token($0.key) } : nil))
  }

  /// What figures were before they were corrected. Query: as for the list, without `after`.
  @Sendable private func history(_ request: Request, _ context: ServiceRequestContext) async throws
    -> Response
  {
    let campaign = try await backend.campaign(context)
    let revisions = try await backend.insights.history(
      try filter(request), in: campaign.scope, limit: try request.limit())
    return try ServiceJSON.response(ListView(items: revisions.map(InsightView.init)))
  }

  /// Who brought what, and when. Query: `limit=N`.
  @Sendable private func imports(_ request: Request, _ context: ServiceRequestContext) async throws
    -> Response
  {
    let campaign = try await backend.campaign(context)
    let imports = try await backend.insights.imports(in: campaign.scope, limit: try request.limit())
    return try ServiceJSON.response(ListView(items: imports.map(InsightImportView.init)))
  }

  private func filter(_ request: Request) throws(Problem) -> InsightReader.Filter {
    func day(_ name: String) throws(Problem) -> String? {
      guard let text = request.uri.queryParameters.get(name) else { return nil }
      guard Day.isDay(text) else {
        throw Problem.badRequest(
          "\(name)=\"\(text)\" is not a day; write it as 2026-11-16.", code: "day_malformed")
      }
      return text
    }
    return InsightReader.Filter(
      variant: try request.identifier("variant"), source: request.uri.queryParameters.get("source"),
      from: try day("from"), until: try day("until"))
  }
}

extension Backend {
  var insights: InsightReader { InsightReader(database) }
}

/// Where a page of figures ended, as clients carry it: the last row's key, which only we read.
private enum InsightPage {
  static func token(_ key: InsightReader.Key) -> String {
    let parts = [key.variant.description, key.source, key.firstDay ?? "", key.lastDay ?? "", key.breakdown]
    return Base64URL.encode(Array(parts.joined(separator: "\u{1F}").utf8))
  }

  static func key(_ request: Request) throws(Problem) -> InsightReader.Key? {
    guard let token = request.uri.queryParameters.get("after") else { return nil }
    let parts = (Base64URL.decode(token).map { String(decoding: $0, as: UTF8.self) } ?? "")
      .split(separator: "\u{1F}", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 5, let variant = UUID(uuidString: parts[0]),
      parts[2...3].allSatisfy({ $0.isEmpty || Day.isDay($0) })
    else {
      throw Problem.badRequest(
        "after=\"\(token)\" is no `next` of an earlier answer.", code: "after_malformed")
    }
    return InsightReader.Key(
      variant: Identifier(variant), source: parts[1], firstDay: parts[2].isEmpty ? nil : parts[2],
      lastDay: parts[3].isEmpty ? nil : parts[3], breakdown: parts[4])
  }
}
