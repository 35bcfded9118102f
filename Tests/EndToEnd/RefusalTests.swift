import Foundation
import Postgres
import TestKit
import Testing

/// What the running program refuses, and what it says then.
@Suite struct RefusalTests {
  @Test func aServiceTellsWhyAnEventABodyOrAKeyIsRefused() async throws {
    try await withTemporaryFolder { folder in
      let export = Repository.file("Tests/EndToEnd/Fixtures/meta-export.csv").path
      let imported = try await Program.run(
        ["import", "insights", export, "--from", "meta", "--campaign", "spring", "--data", folder.path])
      try #require(imported.status == 0, "\(imported.errors)")
      let service = try await ServiceProcess.start(
        data: folder, environment: ["RETAKE_SERVICE_MAX_BODY_BYTES": "2048"])
      let (reading, ingesting) = (try await service.key(["read"]), try await service.key(["ingest"]))
      let variants = try await service.send("GET", "/v1/campaigns/spring/variants", key: reading).json[
        "items"]
      let variant = try #require((variants as? [[String: Any]])?.first?["id"] as? String)
      let event = { (time: String) in
        "[{\"type\":\"click\",\"variant_id\":\"\(variant)\",\"viewer_id\":\"v\",\"timestamp\":\(time)}]"
      }

      let scope = try await service.send("POST", "/v1/events", key: reading, body: event("1"))
      #expect(scope.status == 403 && scope.json["code"] as? String == "scope_missing")

      let large = String(repeating: " ", count: 4096) + event("1")
      let body = try await service.send("POST", "/v1/events", key: ingesting, body: large)
      #expect(body.status == 413 && body.json["code"] as? String == "body_too_large")

      let old = try await service.send(
        "POST", "/v1/events", key: ingesting, body: event("\"1970-01-01T00:00:01Z\""))
      #expect(old.status == 200)
      #expect((old.json["counts"] as? [String: Int])?["quarantined"] == 1)
      let reason = (old.json["rejected"] as? [[String: Any]])?.first
      #expect(reason?["code"] as? String == "timestamp_out_of_range", "\(old.json)")
      #expect(try await service.stop().status == 0)
    }
  }

  @Test func aDatabaseOfANewerProgramIsLeftAlone() async throws {
    try await withTestDatabase { database in
      try await database.execute(
        """
        INSERT INTO schema_migration (version, name, checksum)
        SELECT max(version) + 1, 'from_the_future', 'x' FROM schema_migration
        """)
      let outcome = try await Program.run(["campaign", "list", "--database-url", Self.url(database)])
      #expect(outcome.status == 1)
      #expect(outcome.errors.contains("from_the_future"), "\(outcome.errors)")
      let migrate = try await Program.run(["migrate", "--database-url", Self.url(database)])
      #expect(migrate.status == 1)
    }
  }

  @Test func aGivenDatabaseThatIsBehindIsOnlyChangedByMigrate() async throws {
    try await withEmptyDatabase { database in
      let url = Self.url(database)
      let refused = try await Program.run(["campaign", "list", "--database-url", url])
      #expect(refused.status == 1)
      #expect(refused.errors.contains("retake migrate"), "\(refused.errors)")
      let isEmpty = try await database.query("SELECT to_regclass('workspace') IS NULL").decode(Bool.self)
      #expect(isEmpty == [true])

      let migrated = try await Program.run(["migrate", "--database-url", url])
      #expect(migrated.status == 0, "\(migrated.errors)")
      let again = try await Program.run(["migrate", "--database-url", url])
      #expect(again.status == 0 && again.output.contains("up to date"))
      let list = try await Program.run(["campaign", "list", "--database-url", url])
      #expect(list.status == 0 && list.output.contains("campaign apply"), "\(list.errors)")
    }
  }

  @Test func aMissingAssetStopsTheWholeApplication() async throws {
    try await withTemporaryFolder { folder in
      let copy = folder.appending(path: "perlune")
      try FileManager.default.copyItem(at: Repository.file("examples/perlune"), to: copy)
      try FileManager.default.removeItem(at: copy.appending(path: "assets/product.svg"))
      let data = ["--data", folder.appending(path: "data").path]
      let outcome = try await Program.run(["campaign", "apply", copy.path] + data)
      #expect(outcome.status == 1)
      #expect(outcome.errors.contains("assets/product.svg"), "\(outcome.errors)")
      #expect(outcome.errors.contains(#/brand\.yaml:\d+:\d+/#), "\(outcome.errors)")
      let list = try await Program.run(["campaign", "list"] + data)
      #expect(list.output.contains("No campaigns"), "\(list.output)")
    }
  }

  @Test(.enabled(if: geteuid() != 0, "root may write everywhere"))
  func aReadOnlyDataFolderIsNamed() async throws {
    try await withTemporaryFolder { folder in
      chmod(folder.path, 0o500)
      defer { chmod(folder.path, 0o700) }
      let outcome = try await Program.run(["key", "list", "--data", folder.path])
      #expect(outcome.status == 1)
      #expect(outcome.errors.contains(folder.lastPathComponent), "\(outcome.errors)")
    }
  }

  @Test(arguments: [
    ["simulate", "truth.yaml"], ["key", "create", "name"], ["report", "weekly", "--format", "pdf"],
    ["analyze", "c", "--at", "yesterday"], ["serve", "--port", "70000"], ["frobnicate"],
  ])
  func aWrongCommandLineIsStatus64AndSaysWhatIsAllowed(_ arguments: [String]) async throws {
    let outcome = try await Program.run(arguments)
    #expect(outcome.status == 64)
    #expect(outcome.errors.contains("Usage:"), "\(outcome.errors)")
    #expect(outcome.output == "")
  }

  private static func url(_ database: Database) -> String {
    let configuration = database.configuration
    return "postgresql:///\(configuration.database)?host=\(configuration.host)&port=\(configuration.port)"
      + "&user=\(configuration.user)"
  }
}
