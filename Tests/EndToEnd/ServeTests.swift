import Foundation
import TestKit
import Testing

@Suite(.serialized) struct ServeTests {
  @Test func everyEventAcknowledgedUntilTheServiceIsToldToStopIsStoredOnce() async throws {
    try await withTemporaryFolder { folder in
      let export = Repository.file("Tests/EndToEnd/Fixtures/meta-export.csv").path
      let imported = try await Program.run(
        ["import", "insights", export, "--from", "meta", "--campaign", "spring", "--data", folder.path])
      #expect(imported.status == 0, "\(imported.errors)")
      let service = try await ServiceProcess.start(data: folder)
      let key = try await service.key(["ingest", "read"])
      let variants = try await service.send("GET", "/v1/campaigns/spring/variants", key: key).json["items"]
      let variant = try #require((variants as? [[String: Any]])?.first?["id"] as? String)

      let acknowledged = await withTaskGroup(of: Int.self) { group in
        for sender in 0..<4 {
          group.addTask {
            var stored = 0
            for batch in 0..<400 {
              let events = (0..<20).map { Self.event("\(sender)-\(batch)-\($0)", variant) }
              let body = events.joined(separator: "\n")
              // Refused or cut off once the service stops: then nothing of it was acknowledged.
              guard let answer = try? await service.send("POST", "/v1/events", key: key, body: body),
                answer.status == 200, let counts = answer.json["counts"] as? [String: Int]
              else { break }
              stored += counts["stored"] ?? 0
              if sender == 0, batch == 15 { service.program.signal(SIGTERM) }
            }
            return stored
          }
        }
        return await group.reduce(0, +)
      }
      let stopped = try await service.program.wait(atMost: .seconds(60))
      #expect(stopped.status == 0, "\(stopped.errors)")
      #expect(acknowledged >= 16 * 20)

      let again = try await ServiceProcess.start(data: folder)
      let results = try await again.send("GET", "/metrics", key: nil)
      #expect(results.status == 200)
      let report = try await Program.run(
        ["report", "weekly", "spring", "--format", "json", "--week", Self.week, "--data", folder.path])
      #expect(report.status == 0, "\(report.errors)")
      #expect(report.output.contains("\"stored\""))
      let stored = try Self.storedEvents(in: report.output)
      #expect(stored >= acknowledged)
      #expect(
        stored < acknowledged + 4 * 20, "at most the answers that were cut off are stored unacknowledged")
      #expect(try await again.stop().status == 0)
    }
  }

  @Test func aPortInUseIsNamedWithWhatToDo() async throws {
    try await withTemporaryFolder { folder in
      let service = try await ServiceProcess.start(data: folder)
      let port = try #require(service.base.split(separator: ":").last)
      let second = try await Program.run(["serve", "--port", String(port), "--data", folder.path])
      #expect(second.status == 1)
      #expect(second.errors.contains(String(port)), "\(second.errors)")
      #expect(second.errors.contains("--port"), "\(second.errors)")
      #expect(try await service.stop().status == 0)
    }
  }

  @Test func aDatabaseThatIsAwayIsNamedWithoutItsPassword() async throws {
    let outcome = try await Program.run([
      "report", "weekly", "--database-url", "postgresql://someone:secret@127.0.0.1:1/retake",
    ])
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("127.0.0.1"), "\(outcome.errors)")
    #expect(!outcome.errors.contains("secret"))
  }

  @Test func aDataFolderThatCannotBeUsedIsNamed() async throws {
    try await withTemporaryFolder { folder in
      let file = folder.appending(path: "file")
      try Data().write(to: file)
      let outcome = try await Program.run(["key", "list", "--data", file.appending(path: "data").path])
      #expect(outcome.status == 1)
      #expect(outcome.errors.contains(file.path), "\(outcome.errors)")
    }
  }

  @Test func aCampaignFolderWithMistakesTellsAllOfThemByLine() async throws {
    try await withTemporaryFolder { folder in
      let copy = folder.appending(path: "perlune")
      try FileManager.default.copyItem(at: Repository.file("examples/perlune"), to: copy)
      let yaml = copy.appending(path: "campaign.yaml")
      let text = try String(contentsOf: yaml, encoding: .utf8)
        .replacing("tiktok.infeed ", with: "tiktok.infed ").replacing("goal:", with: "gaol:")
      try Data(text.utf8).write(to: yaml)
      let outcome = try await Program.run(
        ["campaign", "apply", copy.path, "--data", folder.appending(path: "data").path])
      #expect(outcome.status == 1)
      #expect(outcome.errors.contains("did you mean \"tiktok.infeed\""), "\(outcome.errors)")
      #expect(outcome.errors.contains("gaol"))
      #expect(outcome.errors.contains(#/campaign\.yaml:\d+:\d+/#))
    }
  }

  private static let day = Calendar(identifier: .gregorian).startOfDay(for: Date())
  private static let week: String = {
    let calendar = Calendar(identifier: .iso8601)
    let parts = calendar.dateComponents(in: .gmt, from: Date())
    return String(format: "%d-W%02d", parts.yearForWeekOfYear ?? 0, parts.weekOfYear ?? 0)
  }()

  private static func event(_ id: String, _ variant: String) -> String {
    let time = Int(Date().timeIntervalSince1970 * 1000) - 1000
    return
      "{\"type\":\"impression\",\"variant_id\":\"\(variant)\",\"viewer_id\":\"v\",\"message_id\":\"\(id)\","
      + "\"timestamp\":\(time)}"
  }

  private static func storedEvents(in report: String) throws -> Int {
    let match = try #require(report.firstMatch(of: #/"stored"\s*:\s*(\d+)/#))
    return try #require(Int(match.1))
  }
}
