import Foundation
import TestKit
import Testing

/// The whole loop over a small campaign: one audience, two versions, one placement, two weeks.
@Suite struct LoopTests {
  private struct Summary: Decodable {
    struct Events: Decodable {
      let sent, acknowledged, stored, duplicates, quarantined, rejected: Int
    }
    struct Rendition: Decodable {
      let path: String
      let width, height: Int
    }
    struct Verdict: Decodable {
      let variant: String?
      let verdict: String
      let low, high, truth: Double?
    }
    struct Regenerated: Decodable {
      let generation: Int
      let renditions: [String]
    }
    struct Report: Decodable {
      let text, html: String
    }
    let workspace: String
    let segments: [String]
    let events: Events
    let renditions: [Rendition]
    let verdicts: [Verdict]
    let regenerated: [Regenerated]
    let report: Report
    let dashboardUrl: String
    let seconds: [String: Double]
  }

  @Test(.timeLimit(.minutes(5)))
  func aLosingVersionIsFoundRetiredAndReplacedAndTheNextRunStandsBesideTheFirst() async throws {
    try await withTemporaryFolder { folder in
      let campaign = try SmallCampaign.write(into: folder)
      let data = folder.appending(path: "data")
      let first = try await Self.demo(campaign, data: data, summary: folder.appending(path: "first.json"))
      #expect(first.workspace == "demo" && first.segments == ["hikers"])
      try Self.expectPromisesKept(first)

      let second = try await Self.demo(campaign, data: data, summary: folder.appending(path: "second.json"))
      #expect(second.workspace == "demo-2")
      // The same audience again, other people seeing other versions, and nothing of the first run in it.
      #expect(abs(Double(second.events.sent) / Double(first.events.sent) - 1) < 0.05)
      try Self.expectPromisesKept(second)

      let report = try await Program.run(
        [
          "report", "weekly", "small", "--workspace", "demo", "--data", data.path, "--format", "html", "-o",
          "r.html",
        ],
        in: folder)
      #expect(report.status == 0, "\(report.errors)")
      let page = try String(contentsOf: folder.appending(path: "r.html"), encoding: .utf8)
      #expect(page.contains("<svg"))
      // The weeks that are replayed end with the last whole one; the days since 1970, a Thursday, tell where that was.
      let week = 7 * 86_400.0
      let monday = ((Date().timeIntervalSince1970 + 3 * 86_400) / week).rounded(.down) * week - 3 * 86_400
      let evening = Date(timeIntervalSince1970: monday - 4 * 3_600).ISO8601Format()
      let analysis = try await Program.run([
        "analyze", "small", "--workspace", "demo", "--data", data.path, "--at", evening,
      ])
      #expect(analysis.status == 0, "\(analysis.errors)")
      for words in ["by device", "phone", "tablet", "desktop", "tv", "unknown", "By language: not told"] {
        #expect(analysis.output.contains(words), "\(analysis.output)")
      }
      // The last to leave stops the server.
      let server = data.appending(path: "postgres/data/postmaster.pid").path
      #expect(!FileManager.default.fileExists(atPath: server))
    }
  }

  private static func demo(_ campaign: URL, data: URL, summary: URL) async throws -> Summary {
    let outcome = try await Program.run([
      "demo", "--once", "--port", "0", "--example", campaign.path, "--data", data.path, "--summary",
      summary.path,
    ])
    try #require(outcome.status == 0, "\(outcome.errors)")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Summary.self, from: Data(contentsOf: summary))
  }

  private static func expectPromisesKept(_ summary: Summary) throws {
    let events = summary.events
    #expect(events.stored == events.acknowledged && events.stored > 1000)
    #expect(
      events.sent == events.acknowledged + events.duplicates + events.quarantined + events.rejected)
    #expect(events.duplicates > 0 && events.quarantined > 0 && events.rejected > 0)
    #expect(summary.verdicts.contains { $0.verdict == "loser" })
    #expect(
      summary.verdicts.contains { verdict in
        guard let low = verdict.low, let high = verdict.high, let truth = verdict.truth else { return false }
        return low <= truth && truth <= high
      })
    let remade = try #require(summary.regenerated.first)
    #expect(remade.generation == 2)
    for file in remade.renditions { #expect(try Media.decodingErrors(URL(filePath: file)) == "") }
    #expect(summary.renditions.allSatisfy { $0.width == 1080 && $0.height == 1080 })
    for file in [summary.report.text, summary.report.html] {
      #expect(FileManager.default.fileExists(atPath: file))
    }
    #expect(summary.dashboardUrl.contains("/key?key="))
    #expect((summary.seconds["total"] ?? 0) > 0)
  }
}

/// A campaign that turns the loop once in seconds, made of the sample's brand and words.
private enum SmallCampaign {
  static func write(into folder: URL) throws -> URL {
    let campaign = folder.appending(path: "small")
    try FileManager.default.copyItem(at: Repository.file("examples/perlune"), to: campaign)
    let yaml = campaign.appending(path: "campaign.yaml")
    var text = try String(contentsOf: yaml, encoding: .utf8)
    for (pattern, replacement) in [
      (#/(?m)^key: .*$/#, "key: small"),
      (#/(?m)^versions_per_segment: .*$/#, "versions_per_segment: 2"),
      (#/(?m)^languages: .*$/#, "languages: [en, fr]"),
      (#/(?m)^  planned_impressions_per_segment: .*$/#, "  planned_impressions_per_segment: 20000"),
      (#/(?m)^  - (tiktok\.infeed|youtube\.bumper).*\n/#, ""),
    ] as [(any RegexComponent, String)] {
      text = replacing(pattern, in: text, with: replacement)
    }
    try Data(text.utf8).write(to: yaml)
    try Data(segments.utf8).write(to: campaign.appending(path: "segments.yaml"))
    try Data(truth.utf8).write(to: campaign.appending(path: "truth.yaml"))
    return campaign
  }

  private static func replacing(_ pattern: some RegexComponent, in text: String, with new: String) -> String {
    text.replacing(pattern, with: new)
  }

  private static let segments = """
    schema: retake.segments/1
    segments:
      - key: hikers
        name: Hikers
        language: en
        rule: {all: [{attribute: interest, in: [hiking]}]}
    """

  /// Version B has half the clicks of A: shown after days, not weeks.
  private static let truth = """
    schema: retake.truth/1
    seed: 11
    start: 2026-10-26
    weeks: 2
    traffic:
      repeat_viewers: 0.2
      duplicates: 0.02
      invalid: {bad_timestamp: 0.002, malformed: 0.002}
    segments:
      hikers:
        impressions_per_day: 1500
        rates: {click: 0.06}
        lift: {A: 1.0, B: 0.5, new: 1.0}
    """
}
