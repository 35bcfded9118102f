import Campaigns
import Foundation
import Logging
import Postgres
import Synchronization
import TestKit
import Testing

@testable import Ingestion

@Suite("The secrets of pseudonyms")
struct PseudonymKeeperTests {
  private static let day = 86_400.0

  /// A clock on the wall that the test moves.
  private final class Wall: Sendable {
    private let moment = Mutex(Fixture.now)
    var now: Date { moment.withLock { $0 } }
    func turn(to date: Date) { moment.withLock { $0 = date } }
  }

  private func keeper(_ database: Database, _ wall: Wall, days: Int? = 90) async throws -> PseudonymKeeper {
    try await PseudonymKeeper(
      database: database, rotation: days.map { .seconds($0 * 86_400) }, keptFor: .seconds(14 * 86_400),
      now: { wall.now }, logger: Fixture.quiet)
  }

  private func id(_ source: some PseudonymSource, _ moment: Date) -> UUID {
    let workspace = Identifier<Workspace>(UUID(uuidString: "01930000-0000-7000-8000-000000000009") ?? UUID())
    return Array("viewer".utf8).withUnsafeBufferPointer {
      source.pseudonym(at: moment).id(of: $0, in: workspace)
    }
  }

  @Test("A new secret takes effect an hour after it is written down, for every process at the same moment")
  func rotation() async throws {
    try await withTestDatabase { database in
      let wall = Wall()
      let (one, other) = (try await keeper(database, wall), try await keeper(database, wall))
      let first = id(one, wall.now)
      #expect(id(other, wall.now) == first)
      let due = Fixture.now + 90 * Self.day - 3600
      wall.turn(to: due - 1)
      try await one.upkeep()
      #expect(try await database.query("SELECT count(*) FROM pseudonym_secret").decode(Int.self) == [1])
      wall.turn(to: due)
      try await one.upkeep()
      try await other.upkeep()
      #expect(try await database.query("SELECT count(*) FROM pseudonym_secret").decode(Int.self) == [2])
      let change = due + 3600
      for keeper in [one, other] {
        #expect(id(keeper, change - 0.001) == first)
        #expect(id(keeper, change) != first && id(keeper, change) == id(one, change))
      }
      // Replayed later, an event received before the change keeps its pseudonym.
      wall.turn(to: change + 13 * Self.day)
      try await one.upkeep()
      #expect(id(one, change - 1) == first)
    }
  }

  @Test("Long out of use a secret is destroyed: its bytes are gone, and with them the way to its pseudonyms")
  func destruction() async throws {
    try await withTestDatabase { database in
      let wall = Wall()
      let keeper = try await keeper(database, wall)
      let first = id(keeper, wall.now)
      wall.turn(to: Fixture.now + 90 * Self.day)
      try await keeper.upkeep()
      let change = wall.now + 3600
      wall.turn(to: change + 14 * Self.day - 1)
      try await keeper.upkeep()
      #expect(id(keeper, Fixture.now) == first)
      wall.turn(to: change + 14 * Self.day)
      try await keeper.upkeep()
      #expect(id(keeper, Fixture.now) != first && id(keeper, Fixture.now) == id(keeper, wall.now))
      let rows = try await database.query(
        "SELECT number, secret IS NULL, destroyed_at FROM pseudonym_secret ORDER BY number"
      ).decode(Int32.self, Bool.self, Date?.self)
      #expect(rows.map(\.1) == [true, false] && rows[0].2 == wall.now)
    }
  }

  @Test("Never rotated, the first secret stays for ever")
  func never() async throws {
    try await withTestDatabase { database in
      let wall = Wall()
      let keeper = try await keeper(database, wall, days: nil)
      let first = id(keeper, wall.now)
      wall.turn(to: Fixture.now + 4000 * Self.day)
      try await keeper.upkeep()
      #expect(id(keeper, wall.now) == first && id(keeper, .distantPast) == first)
    }
  }

  @Test("Many processes that find rotation due at once make one new secret")
  func race() async throws {
    try await withTestDatabase { database in
      let wall = Wall()
      var keepers: [PseudonymKeeper] = []
      for _ in 0..<5 { keepers.append(try await keeper(database, wall)) }
      wall.turn(to: Fixture.now + 200 * Self.day)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for keeper in keepers { group.addTask { try await keeper.upkeep() } }
        try await group.waitForAll()
      }
      #expect(try await database.query("SELECT count(*) FROM pseudonym_secret").decode(Int.self) == [2])
      #expect(Set(keepers.map { id($0, wall.now + 3600) }).count == 1)
      #expect(Set(keepers.map { id($0, wall.now) }).count == 1)
    }
  }

  @Test("With the database away the secrets known stay in use, the one scheduled takes effect on time")
  func away() async throws {
    try await withTestDatabase { database in
      let wall = Wall()
      let keeper = try await keeper(database, wall)
      let first = id(keeper, wall.now)
      wall.turn(to: Fixture.now + 90 * Self.day)
      try await keeper.upkeep()
      // Whoever is away cannot be told apart from a table that is not there.
      try await database.execute("ALTER TABLE pseudonym_secret RENAME TO pseudonym_secret_away")
      await #expect(throws: PostgresError.self) { try await keeper.upkeep() }
      #expect(id(keeper, wall.now) == first)
      #expect(id(keeper, wall.now + 3600) != first)
    }
  }

  @Test("The pseudonym stored is that of the secret valid when the event was received")
  func stored() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture(database)
      let wall = Wall()
      let keeper = try await keeper(database, wall)
      wall.turn(to: Fixture.now + 90 * Self.day)
      try await keeper.upkeep()
      let change = wall.now + 3600
      try await fixture.withDoor(nil, pseudonym: keeper) { door in
        for (message, moment) in [("b", change), ("a", change - 1), ("d", change + 5), ("c", Fixture.now)] {
          let event = fixture.event(message).replacing(#/"viewer_id":"[^"]*"/#, with: "\"viewer_id\":\"one\"")
          _ = try await fixture.receive(door, [event], client: .server, at: moment)
        }
      }
      let rows = try await database.query("SELECT viewer_id, received_at >= \(change) FROM events")
        .decode(UUID.self, Bool.self)
      #expect(Set(rows.filter(\.1).map(\.0)).count == 1 && Set(rows.filter { !$0.1 }.map(\.0)).count == 1)
      #expect(Set(rows.map(\.0)).count == 2 && rows.count == 4)
    }
  }
}
