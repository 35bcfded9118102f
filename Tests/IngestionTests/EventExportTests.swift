import Campaigns
import Foundation
import Postgres
import TestKit
import Testing

@testable import Ingestion

@Suite("Taking events out")
struct EventExportTests {
  private func export(
    _ fixture: Fixture, as format: EventExport.Format = .ndjson, from: Date? = nil, until: Date? = nil
  ) async throws -> (count: Int, lines: [String]) {
    var bytes: [UInt8] = []
    let count = try await EventExport(fixture.database).run(
      in: CampaignScope(workspace: fixture.workspace, campaign: fixture.campaign), from: from, until: until,
      as: format
    ) { bytes += $0 }
    return (count, String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init))
  }

  @Test("Every stored event is a line, in the order of the ids, and brought back nothing is stored twice")
  func roundTrip() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture(database)
      let extra = ",\"placement\":\"youtube.bumper\",\"value\":12.500001,\"currency\":\"EUR\""
      let events = (0..<4500).map {
        fixture.event(
          "m\($0)", kind: $0 % 7 == 0 ? .conversion : .click, variant: $0 % 2, secondsAgo: $0 * 60,
          extra: $0 % 7 == 0 ? extra : "")
      }
      try await fixture.withDoor { (door, _) async throws in
        #expect(try await fixture.receive(door, events).counts.stored == 4500)
        let (count, lines) = try await export(fixture)
        #expect(count == 4500 && lines.count == 4500)
        let ids = try lines.map { line in
          let json = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
          return try #require(json["message_id"] as? String)
        }
        #expect(ids == ids.sorted() && Set(ids).count == 4500)
        let conversion = try #require(lines.first { $0.contains("conversion") })
        #expect(conversion.contains("\"value\":12.500001,\"currency\":\"EUR\""))
        #expect(
          conversion.contains("\"placement\":\"youtube.bumper\"")
            && conversion.contains("\"traffic\":\"counted\""))
        let back = try await door.receive(
          Array(lines.joined(separator: "\n").utf8), workspace: fixture.workspace, source: .file,
          at: Fixture.now)
        #expect(back.counts == EventCounts(duplicate: 4500))
        // The same lines sent by a client are the client's events: its message ids are its own.
        let sent = try await door.receive(
          Array(lines[0].utf8), workspace: fixture.workspace, source: .native, at: Fixture.now)
        #expect(sent.counts == EventCounts(stored: 1))
      }
      // A table that lost its events gets them back under their ids; viewers get other pseudonyms, as many.
      let before = try await database.query(
        "SELECT event_id, kind, variant_id, occurred_at, value_micros, placement FROM events ORDER BY 1"
      ).decode(UUID.self, Int16.self, UUID.self, Date.self, Int64?.self, Int16.self)
      let viewers = try await database.query("SELECT count(DISTINCT viewer_id) FROM events").decode(Int.self)
      let (_, lines) = try await export(fixture)
      try await database.execute("TRUNCATE events")
      try await fixture.withDoor { (door, _) async throws in
        let back = try await door.receive(
          Array(lines.joined(separator: "\n").utf8), workspace: fixture.workspace, source: .file,
          at: Fixture.now)
        #expect(back.counts == EventCounts(stored: 4501))
      }
      let after = try await database.query(
        "SELECT event_id, kind, variant_id, occurred_at, value_micros, placement FROM events ORDER BY 1"
      ).decode(UUID.self, Int16.self, UUID.self, Date.self, Int64?.self, Int16.self)
      #expect(zip(before, after).allSatisfy { $0 == $1 } && before.count == after.count)
      #expect(
        try await database.query("SELECT count(DISTINCT viewer_id) FROM events").decode(Int.self) == viewers)
    }
  }

  @Test("Only the asked days are written, the end excluded, and of one campaign alone")
  func bounds() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture(database)
      let stranger = try await Fixture(database, name: "stranger")
      try await fixture.withDoor { (door, _) async throws in
        _ = try await fixture.receive(
          door, [0, 86_400, 86_401, 172_800].map { fixture.event("m\($0)", secondsAgo: $0) })
      }
      try await stranger.withDoor { (door, _) async throws in
        _ = try await stranger.receive(door, [stranger.event("s")])
      }
      let day = Fixture.now.addingTimeInterval(-86_400)
      #expect(try await export(fixture).count == 4)
      #expect(try await export(fixture, from: day).count == 2)
      #expect(try await export(fixture, until: day).count == 2)
      #expect(try await export(fixture, from: day, until: Fixture.now).count == 1)
    }
  }

  @Test("CSV names versions and segments, and quotes what needs it")
  func csv() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture(database)
      try await database.execute(
        "UPDATE variant SET name = 'Say \"hi\", you' WHERE id = \(fixture.variants[0])")
      try await fixture.withDoor { (door, _) async throws in
        _ = try await fixture.receive(door, [fixture.event("m")])
      }
      let (_, lines) = try await export(fixture, as: .csv)
      #expect(
        lines.count == 2 && lines[0].hasPrefix("event_id,type,variant_id,variant,segment,viewer_id,timestamp")
      )
      #expect(lines[1].contains(",impression,") && lines[1].contains(",\"Say \"\"hi\"\", you\",s,"))
      #expect(lines[1].hasSuffix(",2026-11-15T23:59:00.000Z,2026-11-16T00:00:00.000Z,,,,counted,native,"))
    }
  }

  @Test("What the deflater makes is read by the gzip program, whatever the pieces were")
  func gzip() throws {
    let deflater = try GzipDeflater()
    var packed: [UInt8] = []
    var text = ""
    for number in 0..<5000 {
      let piece = "line \(number) \(String(repeating: "x", count: number % 97))\n"
      text += piece
      packed += try deflater.deflate(Array(piece.utf8))
    }
    packed += try deflater.deflate([], isLast: true)
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["gzip", "-dc"]
    let (input, output) = (FileManager.default.temporaryDirectory.appending(path: UUID().uuidString), Pipe())
    try Data(packed).write(to: input)
    defer { unlink(input.path) }
    process.standardInput = try FileHandle(forReadingFrom: input)
    process.standardOutput = output
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0 && String(decoding: data, as: UTF8.self) == text)
  }

  @Test(
    "Times and values are written as they are stored",
    arguments: [
      (0.0, "1970-01-01T00:00:00.000Z"), (951_827_696.789, "2000-02-29T12:34:56.789Z"),
      (1_794_787_199.999, "2026-11-15T23:59:59.999Z"), (-0.001, "1969-12-31T23:59:59.999Z"),
    ])
  func times(seconds: Double, text: String) {
    var line = LineText(capacity: 32)
    line.append(Date(timeIntervalSince1970: seconds))
    #expect(String(decoding: line.bytes, as: UTF8.self) == text)
  }
}
