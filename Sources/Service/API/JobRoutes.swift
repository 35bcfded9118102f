import Campaigns
import FoundationEssentials
import HTTPTypes
import Hummingbird
import Jobs

/// `/v1/campaigns/{campaign}/jobs`: work that is waiting, running or done for a campaign.
struct JobRoutes {
  let backend: Backend

  func add(to router: RouterGroup<ServiceRequestContext>) {
    let reading = router.group().add(middleware: RequireScope(scope: .read))
    reading.get("campaigns/:campaign/jobs", use: list)
  }

  private struct JobView: Encodable {
    let id: String
    let kind: String
    let work: String
    let state: String
    let attempt: Int
    let maxAttempts: Int
    let progress: Double?
    let runAt: Date
    let finishedAt: Date?
    let lastError: String?
  }

  @Sendable private func list(_ request: Request, _ context: ServiceRequestContext) async throws -> Response {
    let campaign = try await backend.campaign(context)
    let lines = try await backend.jobLines(of: campaign, limit: try request.limit())
    return try ServiceJSON.response(
      ListView(
        items: lines.map { line in
          JobView(
            id: line.job.id.description, kind: line.job.kind, work: line.work,
            state: line.job.state.rawValue, attempt: line.job.attempt, maxAttempts: line.job.maxAttempts,
            progress: line.job.progress, runAt: line.job.runAt, finishedAt: line.job.finishedAt,
            lastError: line.job.lastError)
        }))
  }
}
