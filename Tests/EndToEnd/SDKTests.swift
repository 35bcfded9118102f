import Foundation
import Postgres
import TestKit
import Testing

/// The SDKs of PyPI, unchanged, against the built program.
@Suite(.serialized, .enabled("the SDKs of PyPI are not to be had") { SDKEnvironment.isReady })
struct SDKTests {
  private static let sdks = ["segment", "rudderstack", "posthog"]

  private struct Sent: Decodable {
    let failed: [String]
    let steps: [String]
  }

  @Test func everyEventTheSDKsSendIsStoredOnceAndNothingElseIs() async throws {
    try await withService { service in
      let sent = try await service.send(count: 100, script: [])
      for (sdk, sent) in sent { #expect(sent.failed.isEmpty, "\(sdk): \(sent.failed)") }
      #expect(try await service.stored() == [1: 100, 3: 100, 8: 100])
      let counts = try await service.database.first(
        "SELECT sum(received)::bigint, sum(stored)::bigint, sum(duplicate)::bigint, sum(rejected)::bigint FROM ingest_count",
        as: (Int.self, Int.self, Int.self, Int.self))
      // Segment's identify and page, RudderStack's identify, PostHog's page view.
      #expect(
        counts?.0 == 304 && counts?.1 == 300 && counts?.2 == 0 && counts?.3 == 4,
        "\(String(describing: counts))")
    }
  }

  @Test func whateverHappensOnTheWayEveryEventIsStoredOnce() async throws {
    let script = [
      "503:1", "pass", "429:1", "pass", "cut", "pass", "lost", "pass", "hang", "pass", "400", "500", "pass",
    ]
    try await withService { service in
      let sent = try await service.send(count: 140, script: script)
      for (sdk, sent) in sent {
        #expect(sent.steps.starts(with: script), "\(sdk): \(sent.steps)")
        #expect(sent.failed.count == 1, "only the 400 is given up: \(sdk): \(sent.failed)")
      }
      #expect(try await service.stored() == [1: 140, 3: 140, 8: 140])
      let duplicates = try await service.database.first(
        "SELECT sum(duplicate)::bigint FROM ingest_count", as: Int.self)
      #expect((duplicates ?? 0) >= 3 * 40, "what was lost and what hung was stored, and met again")
    }
  }

  private struct Stage {
    let service: ServiceProcess
    let database: Database
    let key: String
    let variant: String

    /// All SDKs at once, each with its own proxy.
    func send(count: Int, script: [String]) async throws -> [String: Sent] {
      try await withThrowingTaskGroup(of: (String, Sent).self) { group in
        for sdk in SDKTests.sdks {
          group.addTask {
            let arguments =
              [
                SDKEnvironment.folder.appending(path: "send.py").path, sdk, service.base, key, variant,
                UUID().uuidString, String(count),
              ] + script
            let outcome = try await Program.start(arguments, executable: SDKEnvironment.python)
              .wait(atMost: .seconds(90))
            try #require(outcome.status == 0, "\(sdk): \(outcome.errors)")
            return (sdk, try JSONDecoder().decode(Sent.self, from: Data(outcome.output.utf8)))
          }
        }
        return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
      }
    }

    /// Kind to number of events.
    func stored() async throws -> [Int16: Int] {
      let rows = try await database.rows(
        "SELECT kind, count(*) FROM events GROUP BY kind", as: (Int16.self, Int.self))
      return Dictionary(uniqueKeysWithValues: rows)
    }
  }

  private func withService(_ body: (Stage) async throws -> Void) async throws {
    try await withTestDatabase { database in
      try await withTemporaryFolder { folder in
        let configuration = database.configuration
        let url =
          "postgresql:///\(configuration.database)?host=\(configuration.host)&port=\(configuration.port)"
          + "&user=\(configuration.user)"
        let environment = ["RETAKE_DATABASE_URL": url]
        let export = Repository.file("Tests/EndToEnd/Fixtures/meta-export.csv").path
        let imported = try await Program.run(
          ["import", "insights", export, "--from", "meta", "--campaign", "spring", "--data", folder.path],
          environment: environment)
        try #require(imported.status == 0, "\(imported.errors)")
        let made = try await Program.run(
          ["key", "create", "sdk", "--scope", "ingest", "--data", folder.path], environment: environment)
        try #require(made.status == 0, "\(made.errors)")
        let variant = try #require(
          try await database.first("SELECT id::text FROM variant ORDER BY id LIMIT 1", as: String.self))
        let service = try await ServiceProcess.start(data: folder, environment: environment)
        try await body(
          Stage(
            service: service, database: database,
            key: made.output.trimmingCharacters(in: .whitespacesAndNewlines), variant: variant))
        #expect(try await service.stop().status == 0)
      }
    }
  }
}
