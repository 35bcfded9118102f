import Campaigns
import Foundation
import Postgres
import TestKit
import Testing

@testable import Ingestion

@Suite("What is kept of people")
struct PrivacyTests {
  /// Stands in every value that must not be found.
  private static let mark = "Kq7Zx"
  private static let viewer = "viewer-\(mark)-1"
  private static let agent = "Mozilla/5.0 \(mark)-agent"
  private static let address = "198.51.100.\(77)"

  @Test("Neither a viewer's id, user agent nor address stands in any table, however its event ended")
  func nowhere() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture(database)
      let client = ClientContext(isViewer: true, userAgent: Self.agent)
      try await fixture.withDoor(
        TrafficPolicy(bots: BotList([.init(token: Self.mark, category: .selfDeclared)])),
        consent: ConsentPolicy()
      ) { door in
        let said = ",\"user_agent\":\"\(Self.agent)\",\"ip\":\"\(Self.address)\""
        func event(_ message: String, secondsAgo: Int = 60, extra: String = "") -> String {
          fixture.event(message, secondsAgo: secondsAgo, extra: said + extra)
            .replacing(#/"viewer_id":"[^"]*"/#, with: "\"viewer_id\":\"\(Self.viewer)\"")
        }
        let events = [
          event("stored"), event("early", secondsAgo: 500 * 86_400), event("late", secondsAgo: -500 * 86_400),
          event("nowhere", extra: ",\"placement\":\"x\""), event("refused", extra: ",\"consent\":false"),
          event("wrong", extra: ",\"value\":\"much\""),
          event("stranger").replacing(fixture.variants[0].uuidString, with: UUID().uuidString),
        ]
        for source in EventSource.allCases {
          // A door for another format may not take native events; then nothing of them may be kept either.
          _ = try? await door.receive(
            Array("[\(events.joined(separator: ","))]".utf8), workspace: fixture.workspace, source: source,
            client: client, at: Fixture.now)
        }
      }
      _ = try await RollupFolder(database: database, logger: Fixture.quiet).foldAll()
      let (stored, quarantined) = (try await fixture.count("events"), try await fixture.count("quarantine"))
      #expect(stored > 0 && quarantined > 0)
      let found = try await Self.columns(of: database, holding: [Self.mark, Self.address])
      #expect(found.isEmpty, "\(found)")
      // The search itself finds what is there.
      let known = try await Self.columns(of: database, holding: ["[redacted]"])
      #expect(known == ["quarantine.body"])
    }
  }

  /// Columns whose values hold one of the texts, written or as bytes.
  private static func columns(of database: Database, holding texts: [String]) async throws -> [String] {
    // Names of tables and columns cannot be bound, so the server writes the statements and runs them.
    try await database.execute(
      """
      CREATE OR REPLACE FUNCTION holding(wanted text) RETURNS SETOF text LANGUAGE plpgsql AS $$
      DECLARE
        place record;
        hits bigint;
      BEGIN
        FOR place IN
          SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod) AS type
          FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
        LOOP
          IF place.type = 'bytea' THEN
            EXECUTE format('SELECT count(*) FROM %I WHERE position(convert_to($1, ''UTF8'') IN %I) > 0',
              place.relname, place.attname) INTO hits USING wanted;
          ELSE
            EXECUTE format('SELECT count(*) FROM %I WHERE strpos(%I::text, $1) > 0',
              place.relname, place.attname) INTO hits USING wanted;
          END IF;
          IF hits > 0 THEN RETURN NEXT place.relname || '.' || place.attname; END IF;
        END LOOP;
      END $$
      """)
    return try await texts.asyncFlatMap { text in
      try await database.query("SELECT holding(\(text))").decode(String.self)
    }
  }
}

extension Sequence {
  fileprivate func asyncFlatMap<R>(_ transform: (Element) async throws -> [R]) async rethrows -> [R] {
    var results: [R] = []
    for element in self { results += try await transform(element) }
    return results
  }
}
