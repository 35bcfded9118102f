import Campaigns
import HTTPTypes
import Hummingbird
import Reporting

/// `/v1/campaigns/{campaign}/reports/weekly`: the report that the command line prints.
struct ReportRoutes {
  let backend: Backend

  func add(to router: RouterGroup<ServiceRequestContext>) {
    let reading = router.group().add(middleware: RequireScope(scope: .read))
    reading.get("campaigns/:campaign/reports/weekly", use: weekly)
  }

  /// Query: `week=2026-W47` (the last complete week when not said), `format=json|html|text|markdown|csv`.
  @Sendable private func weekly(_ request: Request, _ context: ServiceRequestContext) async throws -> Response
  {
    let campaign = try await backend.campaign(context)
    let now = backend.now()
    do {
      let week =
        try request.uri.queryParameters.get("week").map { try ISOWeek(parsing: $0) }
        ?? ISOWeek(lastCompleteBefore: now)
      let format = try request.uri.queryParameters.get("format").map { try ReportFormat(named: $0) } ?? .json
      let report = try await WeeklyReporter(backend.database).report(
        campaign: campaign, week: week, at: now)
      let text = try ReportRenderer(pages: backend.pagesFolder).render([report], as: format)
      return Response(
        status: .ok, headers: [.contentType: format.mediaType],
        body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    } catch let error as ReportingError {
      throw Problem.badRequest("\(error)", code: "report_not_possible")
    }
  }
}
