import Foundation
import TestKit
import Testing

/// Files of events in and out, as people do it.
@Suite struct EventsTests {
  /// A campaign with versions to send events of; gives the id of one.
  private func variant(in folder: URL) async throws -> String {
    let export = Repository.file("Tests/EndToEnd/Fixtures/meta-export.csv").path
    let data = ["--data", folder.path]
    let imported = try await Program.run(["import", "meta", export, "--campaign", "spring"] + data)
    try #require(imported.status == 0, "\(imported.errors)")
    let service = try await ServiceProcess.start(data: folder)
    let key = try await service.key(["read"])
    let variants = try await service.send("GET", "/v1/campaigns/spring/variants", key: key).json["items"]
    #expect(try await service.stop().status == 0)
    return try #require((variants as? [[String: Any]])?.first?["id"] as? String)
  }

  private func lines(_ count: Int, _ variant: String) -> [String] {
    let now = Int(Date().timeIntervalSince1970 * 1000)
    return (0..<count).map {
      "{\"type\":\"impression\",\"variant_id\":\"\(variant)\",\"viewer_id\":\"v-\($0 % 997)\",\"message_id\":\"m-\($0)\","
        + "\"timestamp\":\(now - $0)}"
    }
  }

  private func write(_ lines: [String], to file: URL) throws {
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: file)
  }

  @Test func anImportThatIsKilledAndInterruptedEndsWithEveryEventOnce() async throws {
    try await withTemporaryFolder { folder in
      let data = folder.appending(path: "data")
      let variant = try await variant(in: data)
      let file = folder.appending(path: "events.ndjson")
      // Large enough that it is not read to its end before the first line about it was met.
      try write(lines(300_000, variant), to: file)
      let arguments = ["events", "import", file.path, "--data", data.path]
      let killed = try Program.start(arguments)
      try await killed.wait(forWords: " of ")
      try await killed.cutOff()
      let interrupted = try Program.start(arguments)
      try await interrupted.wait(forWords: " of ")
      interrupted.signal(SIGINT)
      let stopped = try await interrupted.wait()
      #expect(stopped.status == 130 || stopped.status == 0, "\(stopped.errors)")
      let last = try await Program.run(arguments)
      #expect(last.status == 0, "\(last.errors)")
      if stopped.status == 130 { #expect(last.errors.contains("Going on behind line"), "\(last.errors)") }
      #expect(last.output.contains("300,000 events"), "\(last.output)")
      let known = try await Program.run(arguments)
      #expect(known.status == 0 && known.errors.contains("--again"), "\(known.errors)")

      let csv = folder.appending(path: "events.csv")
      let export = try await Program.run(
        ["events", "export", "--campaign", "spring", "-o", csv.path, "--data", data.path])
      #expect(export.status == 0, "\(export.errors)")
      let rows = try String(contentsOf: csv, encoding: .utf8).split(separator: "\n").dropFirst()
      #expect(rows.count == 300_000 && Set(rows.map { $0.prefix(36) }).count == 300_000)
    }
  }

  @Test func anExportComesBackWithoutDoublingAndABadLineIsToldByNumberAndStatus() async throws {
    try await withTemporaryFolder { folder in
      let data = ["--data", folder.appending(path: "data").path]
      let variant = try await variant(in: folder.appending(path: "data"))
      let file = folder.appending(path: "events.ndjson")
      var sent = lines(50, variant)
      sent.insert("{\"type\":\"impression\"", at: 7)
      sent.insert(sent[3].replacing("\"timestamp\":", with: "\"timestamp\":1"), at: 20)
      try write(sent, to: file)
      let imported = try await Program.run(["events", "import", file.path] + data)
      #expect(imported.status == 2, "\(imported.errors)")
      #expect(
        imported.output.contains("52 events: 50 stored, 0 duplicate, 1 quarantined, 1 rejected"),
        "\(imported.output)")
      #expect(imported.output.contains("line 8: malformed_json"), "\(imported.output)")
      #expect(imported.output.contains("line 21: timestamp_out_of_range"), "\(imported.output)")

      let packed = folder.appending(path: "out.ndjson.gz").path
      let export = try await Program.run(["events", "export", "--campaign", "spring", "-o", packed] + data)
      #expect(export.status == 0, "\(export.errors)")
      #expect(try Tool.run("gzip", ["-t", packed]) == "")
      let back = try await Program.run(["events", "import", packed] + data)
      #expect(back.status == 0, "\(back.errors)")
      #expect(back.output.contains("50 events: 0 stored, 50 duplicate"), "\(back.output)")

      let text = try await Program.run(["events", "explain", "--message-id", "m-3"] + data)
      #expect(text.output.contains("Stored: an impression of version"), "\(text.output)")
      #expect(text.output.contains("In quarantine since"), "\(text.output)")
      let json = try await Program.run(
        ["events", "explain", "--message-id", "m-49", "--format", "json"] + data)
      let items = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: [[String: Any]]]
      let item = try #require(items?["items"]?.first)
      #expect(item["outcome"] as? String == "stored", "\(json.output)")
      #expect((item["stored"] as? [String: Any])?["source"] as? String == "file")
      let none = try await Program.run(["events", "explain", "--message-id", "none"] + data)
      #expect(none.status == 0 && none.output.contains("Nothing with the message id none"), "\(none.output)")
      let missing = try await Program.run(["events", "import", "/nowhere.ndjson"] + data)
      #expect(missing.status == 1 && missing.errors.contains("there is no such file"), "\(missing.errors)")
    }
  }
}
