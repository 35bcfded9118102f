import FoundationEssentials
import HTTPTypes
import Hummingbird
import Ingestion
import Jobs
import Postgres

/// `/metrics` in the text format Prometheus reads (exposition format 0.0.4).
struct MetricsRoutes {
  let backend: Backend

  func add(to router: Router<ServiceRequestContext>) {
    router.get("metrics", use: metrics)
  }

  @Sendable private func metrics(_ request: Request, _ context: ServiceRequestContext) async throws
    -> Response
  {
    var page = MetricsPage()
    let counters = await backend.writer.counters
    page.family("retake_events_total", .counter, "Events answered since this process started, by outcome.")
    for (outcome, count) in [
      ("stored", counters.events.stored), ("duplicate", counters.events.duplicate),
      ("quarantined", counters.events.quarantined), ("rejected", counters.events.rejected),
    ] {
      page.sample("retake_events_total", ["outcome": outcome], Double(count))
    }
    page.family("retake_events_received_total", .counter, "Events answered since this process started.")
    page.sample("retake_events_received_total", [:], Double(counters.events.received))
    page.family("retake_events_refused_total", .counter, "Quarantined and rejected events, by reason.")
    for (code, count) in counters.reasons.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      page.sample("retake_events_refused_total", ["reason": code.rawValue], Double(count))
    }
    page.family(
      "retake_event_bodies_refused_total", .counter, "Request bodies that were not events, by reason.")
    for (code, count) in counters.refusedBodies.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      page.sample("retake_event_bodies_refused_total", ["reason": code.rawValue], Double(count))
    }
    page.family("retake_events_turned_away_total", .counter, "Events answered with 503: send them again.")
    page.sample("retake_events_turned_away_total", [:], Double(counters.turnedAway))
    page.family("retake_events_waiting", .gauge, "Events waiting for a commit.")
    page.sample("retake_events_waiting", [:], Double(counters.waiting))
    page.family("retake_ingest_commits_total", .counter, "Transactions that stored events.")
    page.sample("retake_ingest_commits_total", [:], Double(counters.commits))
    page.family(
      "retake_ingest_collisions_total", .counter, "Commits that met stored events and were replayed.")
    page.sample("retake_ingest_collisions_total", [:], Double(counters.collisions))

    page.family("retake_requests_rate_limited_total", .counter, "Requests answered with 429.")
    page.sample("retake_requests_rate_limited_total", [:], Double(backend.rateLimit?.refused ?? 0))
    page.family(
      "retake_clicks_lost_total", .counter, "Clicks led to their target without being stored, by reason.")
    for (reason, count) in backend.linkCounters.lostClicks.sorted(by: { $0.key < $1.key }) {
      page.sample("retake_clicks_lost_total", ["reason": reason], Double(count))
    }

    let backlog = try await backend.folder.backlog()
    page.family(
      "retake_rollup_backlog_batches", .gauge, "Stored batches not yet folded into the hourly counts.")
    page.sample("retake_rollup_backlog_batches", [:], Double(backlog.batches))
    page.family("retake_rollup_lag_seconds", .gauge, "Age of the oldest of these batches.")
    page.sample(
      "retake_rollup_lag_seconds", [:], backlog.since.map { max(0, backend.now().timeIntervalSince($0)) } ?? 0
    )

    page.family("retake_jobs", .gauge, "Jobs, by state.")
    let jobs = try await backend.queue.counts()
    for state in Job.State.allCases {
      page.sample("retake_jobs", ["state": state.rawValue], Double(jobs[state] ?? 0))
    }
    let health = backend.database.health
    page.family("retake_database_connections", .gauge, "Connections of this process, by use.")
    page.sample("retake_database_connections", ["use": "idle"], Double(health.idle))
    page.sample("retake_database_connections", ["use": "busy"], Double(health.open - health.idle))
    page.family("retake_database_waiting", .gauge, "Callers waiting for a connection.")
    page.sample("retake_database_waiting", [:], Double(health.waiting))
    return Response(
      status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
      body: ResponseBody(byteBuffer: ByteBuffer(string: page.text)))
  }
}

/// Lines of the exposition format.
struct MetricsPage {
  enum Kind: String { case counter, gauge }

  private(set) var text = ""

  mutating func family(_ name: String, _ kind: Kind, _ help: String) {
    text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
  }

  mutating func sample(_ name: String, _ labels: [String: String], _ value: Double) {
    let pairs = labels.sorted { $0.key < $1.key }.map { "\($0.key)=\"\(Self.escaped($0.value))\"" }
    let number = value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
    text += name + (pairs.isEmpty ? "" : "{\(pairs.joined(separator: ","))}") + " \(number)\n"
  }

  private static func escaped(_ value: String) -> String {
    value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
  }
}
