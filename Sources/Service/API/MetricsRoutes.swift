import FoundationEssentials
import HTTPTypes
import Hummingbird
import Ingestion
import Jobs
import Logging
import Postgres

/// `/metrics` in the text format Prometheus reads (exposition format 0.0.4). What only the database knows is left out
/// while it is away; everything else is told then too.
struct MetricsRoutes {
  let backend: Backend

  func add(to router: Router<ServiceRequestContext>) {
    router.get("metrics", use: metrics)
  }

  @Sendable private func metrics(_ request: Request, _ context: ServiceRequestContext) async throws
    -> Response
  {
    var page = MetricsPage()
    page.add(backend.writer.counters)
    if let spool = backend.spool { page.add(spool.status, at: backend.now()) }
    addDoors(to: &page)
    addConnections(to: &page)
    do {
      let folding = try await backend.eventUpkeep.status(backend.accessDatabase, at: backend.now())
      let jobs = try await backend.queue.counts()
      page.add(folding, at: backend.now())
      page.byLabel(
        "retake_jobs", .gauge, "Jobs, by state.", "state",
        Job.State.allCases.map { ($0.rawValue, jobs[$0] ?? 0) })
      page.single("retake_database_up", .gauge, "Whether the database answered just now.", 1)
    } catch let error as PostgresError {
      context.logger.warning("The database told no metrics", metadata: ["error": "\(error)"])
      page.single("retake_database_up", .gauge, "Whether the database answered just now.", 0)
    }
    return Response(
      status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
      body: ResponseBody(byteBuffer: ByteBuffer(string: page.text)))
  }

  private func addDoors(to page: inout MetricsPage) {
    page.single(
      "retake_requests_rate_limited_total", .counter, "Requests answered with 429.",
      Double(backend.rateLimit?.refused ?? 0))
    page.byLabel(
      "retake_clicks_lost_total", .counter, "Clicks led to their target without being stored, by reason.",
      "reason", backend.linkCounters.lostClicks.map { ($0.key, Int($0.value)) })
  }

  private func addConnections(to page: inout MetricsPage) {
    let health = backend.database.health
    page.byLabel(
      "retake_database_connections", .gauge, "Connections of this process, by use.", "use",
      [("idle", health.idle), ("busy", health.open - health.idle)])
    page.single(
      "retake_database_waiting", .gauge, "Callers waiting for a connection.", Double(health.waiting))
  }
}
