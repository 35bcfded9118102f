import Postgres
import TestKit
import Testing

@Suite struct ListenTests {
  @Test func `Notifications arrive, and after a lost connection the listener says so`() async throws {
    try await withEmptyDatabase { database in
      var notifications = database.listen("jobs \"new\"").makeAsyncIterator()
      try await untilListening(database)
      try await database.notify("jobs \"new\"", payload: "first ü")
      let first = try await notifications.next()
      #expect(first?.payload == "first ü")
      #expect(first?.mayHaveMissedEarlier == false)

      try await database.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()"
      )
      let again = try await notifications.next()
      #expect(again?.mayHaveMissedEarlier == true)
      try await database.notify("jobs \"new\"", payload: "second")
      #expect(try await notifications.next()?.payload == "second")
      await database.close()
      while try await notifications.next() != nil {}
    }
  }

  private func untilListening(_ database: Database) async throws {
    while try await database.first(
      """
      SELECT count(*) FROM pg_stat_activity
      WHERE query LIKE 'LISTEN%' AND state = 'idle' AND datname = current_database()
      """, as: Int.self) == 0
    {
      try Task.checkCancellation()
    }
  }
}
