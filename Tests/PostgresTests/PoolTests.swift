import Foundation
import TestKit
import Testing

@testable import Postgres

@Suite struct PoolTests {
  @Test func `Whoever waited longest is served first`() {
    var pool = PoolState<String>(limit: 1)
    let now = ContinuousClock.now
    guard case .granted(.slot) = pool.lease(isUsable: { _ in true }) else {
      Issue.record("the first caller must get a slot")
      return
    }
    guard case .mustWait = pool.lease(isUsable: { _ in true }) else {
      Issue.record("the limit must hold")
      return
    }
    for waiter in 1...3 { pool.wait(UInt64(waiter), until: now.advanced(by: .seconds(waiter))) }
    let left = pool.leave(2)
    #expect(left)
    let first = pool.giveBack("a")?.waiter
    let second = pool.drop()?.waiter
    let nobody = pool.giveBack("b")?.waiter
    #expect([first, second, nobody] == [1, 3, nil])
    #expect(pool.idle == ["b"])
    #expect(pool.openCount == 1)
  }

  @Test func `Late waiters leave and the next look is at the next deadline`() {
    var pool = PoolState<String>(limit: 1)
    let now = ContinuousClock.now
    pool.wait(1, until: now.advanced(by: .seconds(1)))
    pool.wait(2, until: now.advanced(by: .seconds(5)))
    let (expired, next) = pool.expire(at: now.advanced(by: .seconds(2)))
    #expect(expired == [1])
    #expect(next == now.advanced(by: .seconds(5)))
  }

  @Test func `Broken connections are not lent again`() {
    var pool = PoolState<String>(limit: 2)
    _ = pool.lease { _ in true }
    _ = pool.lease { _ in true }
    _ = pool.giveBack("good")
    _ = pool.giveBack("broken")
    guard case .granted(.connection("good")) = pool.lease(isUsable: { $0 == "good" }) else {
      Issue.record("the good one must be lent")
      return
    }
    #expect(pool.openCount == 1)
  }

  @Test func `A pool that is lent out says so in time`() async throws {
    try await withEmptyDatabase { database in
      var configuration = database.configuration
      configuration.maximumConnections = 1
      configuration.acquireTimeout = .milliseconds(50)
      let small = Database(configuration)
      try await small.withConnection { _ in
        let error = await #expect(throws: PostgresError.self) { try await small.ping() }
        #expect(error?.kind == .timeout)
        let task = Task { try await small.ping() }
        task.cancel()
        let cancelled = await #expect(throws: PostgresError.self) { try await task.value }
        #expect(cancelled?.kind == .cancelled)
      }
      try await small.ping()
      #expect(small.health.open == 1)
      await small.close()
      let closed = await #expect(throws: PostgresError.self) { try await small.ping() }
      #expect(closed?.kind == .closed)
    }
  }

  @Test func `Idle connections the server ended are not lent`() async throws {
    try await withEmptyDatabase { database in
      try await database.ping()
      let connection = try await Connection.open(database.configuration)
      try await connection.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
      )
      await connection.close()
      #expect(try await database.first("SELECT 1", as: Int.self) == 1)
    }
  }

  @Test func `A server that is away is named with what to do`() async throws {
    var configuration = DatabaseConfiguration(socketFolder: "/tmp/retake-nowhere", database: "d", user: "u")
    configuration.reconnectPatience = .milliseconds(60)
    let error = await #expect(throws: PostgresError.self) { try await Database(configuration).ping() }
    #expect(error?.kind == .connection)
    #expect(error?.message.contains("/tmp/retake-nowhere") == true)
    #expect(error?.hint != nil)
  }

  @Test func `A password is in no text made of a configuration`() throws {
    let configuration = try DatabaseConfiguration(
      url: "postgres://alice:s3cr%40t@db.example:5433/ads?sslmode=require")
    var dumped = ""
    dump(configuration, to: &dumped)
    for text in ["\(configuration)", String(reflecting: configuration), dumped] {
      #expect(!text.contains("s3cr"))
    }
    #expect(configuration.database == "ads")
    #expect(configuration.port == "5433")
    #expect(configuration.connectionKeywords.contains { $0 == ("password", "s3cr@t") })
    let error = #expect(throws: PostgresError.self) {
      try DatabaseConfiguration(url: "postgres://alice:s3cret@host:port:x/db?nonsense=1")
    }
    #expect(error.map { "\($0)".contains("s3cret") } == false)
  }
}
