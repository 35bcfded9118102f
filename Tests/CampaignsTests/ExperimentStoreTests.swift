import Campaigns
import FoundationEssentials
import Postgres
import TestKit
import Testing

@Suite struct ExperimentStoreTests {
  @Test func `shares come back in the order they were given`() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture.make(in: database)
      let store = ExperimentStore(database)
      var experiment = fixture.experiment(shares: [0.7, 0.3])
      try await store.start(experiment)
      let second = fixture.epoch(2, at: Fixture.moment.addingTimeInterval(7200), shares: [0.2, 0.8])
      try await store.open(second, in: experiment)
      experiment.epochs.append(second)
      #expect(try await store.running(segment: fixture.segments[0].id, in: fixture.scope) == experiment)
      #expect(try await store.find(experiment.id, in: fixture.scope).epoch(at: Fixture.moment)?.number == 1)
    }
  }

  @Test func `a second round waits until the first has ended`() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture.make(in: database)
      let store = ExperimentStore(database)
      let first = fixture.experiment()
      try await store.start(first)
      await #expect(throws: CampaignsError.self) {
        try await store.start(fixture.experiment(round: 2, id: 51))
      }
      try await store.end(first.id, in: fixture.scope, at: Fixture.moment.addingTimeInterval(60))
      try await store.end(first.id, in: fixture.scope, at: Fixture.moment.addingTimeInterval(120))
      try await store.start(fixture.experiment(round: 2, id: 51))
      let rounds = try await store.list(in: fixture.scope)
      #expect(rounds.map(\.round) == [1, 2])
      #expect(rounds[0].endedAt == Fixture.moment.addingTimeInterval(60))
    }
  }

  @Test(
    "Shares that do not sum to one, or fall under the floor, leave no experiment behind",
    arguments: [[0.5, 0.4], [0.97, 0.03]])
  func badShares(shares: [Double]) async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture.make(in: database)
      await #expect(throws: PostgresError.self) {
        try await ExperimentStore(database).start(fixture.experiment(shares: shares))
      }
      #expect(try await ExperimentStore(database).list(in: fixture.scope).isEmpty)
    }
  }
}
