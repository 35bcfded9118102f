import Campaigns
import Cryptography
import Foundation
import Postgres
import TestKit
import Testing

@testable import Ingestion

@Suite("Devices at the doors")
struct DeviceDoorTests {
  private static let phone =
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36"
  private static let desktop = "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0"

  @Test(
    "A native event may say its device in the words of the trade, or in numbers of AdCOM",
    arguments: [
      ("\"phone\"", DeviceType.phone), ("\"tablet\"", .tablet), ("\"desktop\"", .desktop), ("\"tv\"", .tv),
      ("\"other\"", .other), ("\"Smart TV\"", .tv), ("\"connected_tv\"", .tv), ("\"Set-Top Box\"", .tv),
      ("\"Personal Computer\"", .desktop), ("\"MOBILE\"", .phone), ("\"iPhone14,5\"", .phone),
      ("\"iPad13,1\"", .tablet), ("\"AppleTV6,2\"", .tv), ("\"\\u0070hone\"", .phone), ("4", .phone),
      ("5", .tablet),
      ("2", .desktop), ("3", .tv), ("6", .tv), ("7", .tv), ("8", .other),
    ])
  func words(json: String, type: DeviceType) throws {
    #expect(try decode(",\"device\":\(json)").events.map(\.device) == [type])
  }

  @Test(
    "What says nothing of the type costs no event, whatever it is",
    arguments: [
      "\"unknown\"", "\"\"", "\"toaster\"", "\"ios\"", "\"android\"",
      "\"\(String(repeating: "tv", count: 900))\"", "1",
      "0", "-4", "4.5", "1e99", "null", "true", "[]", "{\"id\":\"x\",\"model\":\"phone\"}", "\"\\u0000\"",
    ])
  func saysNothing(json: String) throws {
    let read = try decode(",\"device\":\(json)")
    #expect(read.events.map(\.device) == [nil] && read.rejections.isEmpty)
  }

  @Test("Of several devices the first that is known counts; text that is none is refused like everywhere")
  func several() throws {
    let read = try decode(",\"device\":\"toaster\",\"device\":\"tv\",\"device\":\"phone\"")
    #expect(read.events.map(\.device) == [.tv])
    #expect(try decode(",\"device\":\"\\ud800\"").rejections.map(\.code) == [.invalidText])
    #expect(try decode(",\"device\":{\"a\":\"\\ud800\"}").rejections.map(\.code) == [.invalidText])
  }

  @Test("Segment's and RudderStack's SDKs: property, device, model, system, in this order")
  func segment() throws {
    func device(_ changes: [String: String]) throws -> ForeignSample.Read? {
      let read = try ForeignSample(ForeignSample.track(changes), .segment)
      #expect(read.rejections.isEmpty)
      return read.events.first
    }
    let variant = "\"variant_id\":\"019a0000-0000-7000-8000-000000000001\""
    let context = "{\"device\":{\"type\":\"ios\",\"model\":\"iPad13,1\"},\"os\":{\"name\":\"iOS\"}}"
    #expect(try device(["context": context])?.device == .tablet)
    #expect(
      try device(["context": context, "properties": "{\(variant),\"device\":\"tv\"}"])?.device == .tv)
    #expect(
      try device(["context": "{\"device\":{\"type\":\"Desktop\",\"model\":\"iPad\"}}"])?.device == .desktop)
    #expect(try device(["context": "{\"os\":{\"name\":\"tvOS\"}}"])?.device == .tv)
    #expect(try device(["context": "{\"device\":\"x\",\"os\":7}"])?.device == nil)
    #expect(
      try device(["context": "{\"device\":{\"type\":{},\"model\":[]},\"os\":{\"name\":true}}"])?.device == nil
    )
    let browser = "{\"userAgent\":\"UA\",\"userAgentData\":{\"mobile\":true,\"platform\":\"Android\"}}"
    #expect(try device(["context": browser])?.isMobile == true)
    #expect(try device(["context": "{\"userAgentData\":{\"mobile\":\"yes\"}}"])?.isMobile == false)
    #expect(try device([:])?.device == nil)
  }

  @Test(
    "PostHog's SDKs say a type; a server's own system is no viewer's. CloudEvents say it as native events do")
  func others() throws {
    let variant = "\"variant_id\":\"019a0000-0000-7000-8000-000000000001\""
    func device(_ properties: String) throws -> DeviceType? {
      let event =
        "{\"event\":\"Ad Impression\",\"distinct_id\":\"a\",\"timestamp\":\"2026-11-16T10:00:00Z\",\"properties\":{\(variant)\(properties)}}"
      let read = try ForeignSample(event, .postHog)
      #expect(read.rejections.isEmpty && read.events.count == 1)
      return read.events.first?.device
    }
    #expect(try device(",\"$device_type\":\"Mobile\"") == .phone)
    #expect(try device(",\"$device_type\":\"Console\",\"$os\":\"Linux\"") == .tv)
    #expect(try device(",\"$os\":\"Linux\"") == nil)
    #expect(try device(",\"device\":\"tablet\",\"$device_type\":\"Desktop\"") == .tablet)
    let event =
      "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"click\",\"time\":\"2026-11-16T10:00:00Z\",\"data\":{\(variant),\"viewer_id\":\"v\",\"device\":\"tv\"}}"
    #expect(try ForeignSample(event, .cloudEvents).events.map(\.device) == [.tv])
  }

  @Test("What the event says goes before its user agent, and that before the request's")
  func precedence() throws {
    let rules = try DeviceRulesTests.shipped.get()
    func type(
      _ client: ClientContext, _ userAgent: String? = nil, _ stated: DeviceType? = nil, isMobile: Bool = false
    )
      -> DeviceType
    {
      let device = RequestDevice(rules, client)
      var memory = RequestDevice.Memory()
      return Array((userAgent ?? "").utf8).withUnsafeBufferPointer { text in
        var event = RawEvent()
        event.userAgent = userAgent == nil ? nil : text
        event.device = stated
        event.isMobile = isMobile
        let first = device.type(of: event, &memory)
        #expect(device.type(of: event, &memory) == first, "as remembered")
        return first
      }
    }
    let viewer = ClientContext(isViewer: true, userAgent: Self.desktop)
    #expect(type(viewer) == .desktop)
    #expect(type(viewer, Self.phone) == .phone)
    #expect(type(viewer, Self.phone, .tv) == .tv)
    #expect(type(viewer, "") == .unknown, "a browser that says nothing of itself is not the request's")
    #expect(type(.server) == .unknown)
    #expect(type(.server, Self.desktop, isMobile: true) == .desktop)
    #expect(type(.server, "new browser", isMobile: true) == .phone)
    #expect(type(.server, isMobile: true) == .phone)
    #expect(type(ClientContext(isViewer: true, userAgent: "new browser", isMobile: true)) == .phone)
    #expect(type(ClientContext(isViewer: true, userAgent: "new browser", isMobile: false)) == .unknown)
    #expect(type(ClientContext(isViewer: true, userAgent: Self.desktop, isMobile: true)) == .desktop)
  }

  @Test(
    "The device is stored, counted by, taken out and brought back; what is filtered is in no count by device")
  func stored() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture(database)
      let writer = fixture.writer()
      let door = EventDoor(
        catalogue: fixture.catalogue, pseudonym: fixture.pseudonym, writer: writer,
        traffic: TrafficRules(
          TrafficPolicy(bots: BotList([.init(token: "googlebot", category: .searchEngine)]))),
        devices: try DeviceRulesTests.shipped.get(), logger: Fixture.quiet)
      let viewer = ClientContext(isViewer: true, userAgent: Self.phone)
      let events = [
        fixture.event("a", extra: ",\"device\":\"tv\""), fixture.event("b"),
        fixture.event("c", kind: .click, secondsAgo: 50),
        fixture.event("d", extra: ",\"user_agent\":\"Googlebot\",\"device\":\"desktop\""),
        fixture.event("e", kind: .viewable, extra: ",\"device\":\"tablet\""),
      ]
      async let writing: Void = writer.run()
      let reply = try await fixture.receive(door, events, client: viewer)
      let again = try await fixture.receive(
        door, events.map { $0.replacing("tv", with: "phone") } + [fixture.event("f", extra: ",\"device\":5")],
        client: .server)
      writer.drain()
      await writing
      #expect(reply.counts == EventCounts(stored: 5))
      #expect(again.counts == EventCounts(stored: 1, duplicate: 5), "the first word stands")
      let devices = try await database.query("SELECT device FROM events ORDER BY device").decode(Int16.self)
      #expect(devices == [1, 1, 2, 2, 3, 4])
      try await RollupFolder(database: database).foldAll()
      #expect(try await RollupAudit(database).differences().isEmpty)
      let rolled = try await database.query(
        "SELECT device, impressions, clicks FROM rollup_device_hour ORDER BY device"
      ).decode(Int16.self, Int64.self, Int64.self)
      #expect(rolled.map(\.0) == [1, 2, 4] && rolled.map(\.1) == [1, 1, 1] && rolled.map(\.2) == [1, 0, 0])
      var text: [UInt8] = []
      let scope = CampaignScope(workspace: fixture.workspace, campaign: fixture.campaign)
      _ = try await EventExport(database).run(in: scope, as: .ndjson) { text += $0 }
      #expect(try Decoded(text).events.compactMap(\.device).map(\.rawValue).sorted() == [1, 1, 2, 2, 3, 4])
      _ = try await EventExport(database).run(in: scope, as: .csv) { text = text.isEmpty ? $0 : $0 + text }
      #expect(String(decoding: text, as: UTF8.self).contains(",source,device\n"))
      let id = try #require(
        try await database.query("SELECT event_id FROM events WHERE device = 4").decode(UUID.self).first)
      let fate = try await EventExplainer(database, workspace: fixture.workspace).explain(id)
      #expect(fate.stored?.device == "tv" && fate.sentences.joined().contains("on a television"))
    }
  }

  @Test("Events, rollups and waiting batches from before devices were read stand as unknown, and add up")
  func before() async throws {
    try await withEmptyDatabase { database in
      try await withTemporaryFolder { folder in
        let files = try FileManager.default.contentsOfDirectory(
          at: Repository.schema, includingPropertiesForKeys: nil)
        for file in files where file.lastPathComponent < "0011" {
          try FileManager.default.copyItem(at: file, to: folder.appending(path: file.lastPathComponent))
        }
        try await Migrator(folder: folder).migrate(database)
      }
      let fixture = try await Fixture(database)
      let (campaign, variant) = (fixture.campaign.uuid, fixture.variants[0])
      let hour = Date(timeIntervalSince1970: (Fixture.now.timeIntervalSince1970 / 3600).rounded(.down) * 3600)
      for (number, (kind, placement)) in [(1, 0), (1, 1), (8, 1), (2, 1), (1, 0)].enumerated() {
        let id = EventID(
          UUID.version8(
            milliseconds: Int64(hour.timeIntervalSince1970 * 1000), hash: SHA256.hash(Array("\(number)".utf8))
          ))
        try await EventStore.ensurePartitions([id.day], on: database)
        try await database.execute(
          """
          INSERT INTO events (event_id, campaign_id, variant_id, viewer_id, kind, placement, traffic, source,
            occurred_at, received_at)
          VALUES (\(id.uuid), \(campaign), \(variant), \(UUID()), \(Int16(kind)), \(Int16(placement)), 0::smallint,
            1::smallint, \(hour), \(hour))
          """)
      }
      try await database.execute(
        """
        INSERT INTO rollup_hour (campaign_id, variant_id, placement, hour, impressions, clicks, viewables)
        VALUES (\(campaign), \(variant), 0, \(hour), 1, 0, 0), (\(campaign), \(variant), 1, \(hour), 1, 1, 1)
        """)
      let deltas =
        "[{\"variant_id\":\"\(variant)\",\"placement\":0,\"hour\":\"\(hour.ISO8601Format())\",\"impressions\":1}]"
      try await database.execute(
        """
        INSERT INTO ingest_batch (campaign_id, batch_id, received_at, stored, deltas)
        VALUES (\(campaign), \(UUID()), \(hour), 1, \(deltas)::text::jsonb)
        """)
      try await Migrator(folder: Repository.schema).migrate(database)
      try await RollupFolder(database: database).foldAll()
      let rolled = try await database.query("SELECT device, impressions, clicks FROM rollup_device_hour")
        .decode(Int16.self, Int64.self, Int64.self)
      #expect(rolled.map { [Int64($0.0), $0.1, $0.2] } == [[0, 3, 1]])
      #expect(try await RollupAudit(database).differences().isEmpty)
      // What comes now says it, and the batch of one that does not is written as it was before.
      try await fixture.withDoor { (door, _) async throws in
        _ = try await fixture.receive(door, [fixture.event("new", extra: ",\"device\":\"tv\"")])
        _ = try await fixture.receive(door, [fixture.event("silent")])
      }
      let written = try await database.query("SELECT deltas::text FROM ingest_batch WHERE folded_at IS NULL")
        .decode(String.self)
      #expect(written.map { $0.contains("\"device\": 4") }.sorted { !$0 && $1 } == [false, true])
      try await RollupFolder(database: database).foldAll()
      #expect(try await RollupAudit(database).differences().isEmpty)
    }
  }

  @Test("What is spooled keeps what its headers said, and a record from before is read")
  func spooled() throws {
    let client = ClientContext(isViewer: true, userAgent: Self.phone, isMobile: true)
    let record = SpoolRecord(
      workspace: Identifier(UUID()), source: .beacon, client: client, receivedAt: Fixture.now, events: 1,
      body: [1, 2])
    let bytes = try record.encoded()
    let header = try #require(SpoolHeader(bytes[...]))
    #expect(SpoolRecord(header, payload: bytes[SpoolHeader.byteCount...])?.client == client)
    let old = "{\"isViewer\":true,\"userAgent\":\"u\",\"isPrefetch\":false,\"consent\":0}"
    let read = try JSONDecoder().decode(ClientContext.self, from: Data(old.utf8))
    #expect(read == ClientContext(isViewer: true, userAgent: "u"))
  }

  private func decode(_ extra: String) throws -> Decoded {
    let event =
      "{\"type\":\"click\",\"variant_id\":\"019a0000-0000-7000-8000-000000000001\",\"viewer_id\":\"v\",\"timestamp\":1793527200123\(extra)}"
    return try Decoded(event.utf8)
  }
}
