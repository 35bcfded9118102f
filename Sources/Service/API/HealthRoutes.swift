import FoundationEssentials
import HTTPTypes
import Hummingbird
import Ingestion
import Postgres

/// `/healthz`: the process answers. `/readyz`: it can do its work, and be it to keep events until the database is back: a
/// proxy that took every instance out while the database is away would turn the events away that they could keep. Both
/// are open, neither tells secrets.
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
    if !backend.writer.isAccepting { checks["ingestion"] = "shutting down" }
    var isReady = checks.values.allSatisfy { $0 == "ok" }
    if let spool = backend.spool?.status {
      checks["spool"] = spool.problem == nil ? spool.hasRoom ? "ok" : "no room" : "cannot be used"
      if checks["database"] != "ok", checks["ingestion"] == "ok", spool.hasRoom { isReady = true }
    }
    return try ServiceJSON.response(
      Readiness(ready: isReady, checks: checks), status: isReady ? .ok : .serviceUnavailable)
  }
}
