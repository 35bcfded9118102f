import FoundationEssentials
import HTTPTypes
import Hummingbird
import Ingestion
import Postgres

/// `/healthz`: the process answers. `/readyz`: it can do its work. Both are open, neither tells secrets.
struct HealthRoutes {
  let backend: Backend

  func add(to router: Router<ServiceRequestContext>) {
    router.get("healthz") { _, _ in
      try ServiceJSON.response(["status": "ok"])
    }
    router.get("readyz", use: ready)
  }

  private struct Readiness: Encodable {
    let ready: Bool
    let checks: [String: String]
  }

  @Sendable private func ready(_ request: Request, _ context: ServiceRequestContext) async throws -> Response
  {
    var checks = ["database": "ok", "schema": "ok", "ingestion": "ok"]
    do {
      try await backend.database.ping()
      let pending = try await backend.migrator.status(backend.database).pending
      if let next = pending.first {
        checks["schema"] = "migration \(next.version) is missing; run: retake migrate"
      }
    } catch {
      checks["database"] = "does not answer"
      checks["schema"] = "unknown"
    }
    if await !backend.writer.isAccepting { checks["ingestion"] = "shutting down" }
    let isReady = checks.values.allSatisfy { $0 == "ok" }
    return try ServiceJSON.response(
      Readiness(ready: isReady, checks: checks), status: isReady ? .ok : .serviceUnavailable)
  }
}
