import Campaigns
import FoundationEssentials
import Postgres
import TestKit
import Testing

/// Verdicts and decisions: append-only lists that grow.
@Suite struct HistoryStoreTests {
  private func verdict(_ fixture: Fixture, _ number: Int, at moment: Date) -> Verdict {
    var randomness = SeededGenerator(seed: UInt64(1000 + number))
    return Verdict(
      id: .new(at: moment, using: &randomness), campaign: fixture.campaign.id,
      segment: fixture.segments[0].id, experiment: fixture.experiment().id,
      variant: fixture.variants[number % 3 == 1 ? 1 : 0].id, kind: number % 3 == 2 ? .fatigued : .leading,
      metric: .clickThrough, estimate: 0.004, low: -0.001, high: 0.009,
      sentence: "A leads.", evidence: #"{"alpha": 0.05}"#, asOf: moment)
  }

  private func decision(_ fixture: Fixture, _ number: Int, reverses: Decision? = nil) -> Decision {
    var randomness = SeededGenerator(seed: UInt64(2000 + number))
    let moment = Fixture.moment.addingTimeInterval(Double(number))
    return Decision(
      id: .new(at: moment, using: &randomness), campaign: fixture.campaign.id,
      segment: fixture.segments[0].id,
      experiment: nil, variant: fixture.variants[0].id, kind: reverses == nil ? .promote : .reverse,
      reason: "it won", evidence: "{}", decidedBy: "autopilot", decidedAt: moment, reverses: reverses?.id)
  }

  @Test func `pages meet every verdict once, newest first, even where times are equal`() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture.make(in: database)
      try await ExperimentStore(database).start(fixture.experiment())
      let store = VerdictStore(database)
      var all: [Verdict] = []
      for number in 0..<7 {
        let verdict = verdict(fixture, number, at: Fixture.moment.addingTimeInterval(Double(number / 3)))
        try await store.insert(verdict)
        all.append(verdict)
      }
      var seen: [Verdict] = []
      var after: Identifier<Verdict>?
      repeat {
        let page = try await store.page(in: fixture.scope, after: after, limit: 3)
        seen += page.items
        after = page.hasMore ? page.items.last?.id : nil
      } while after != nil
      #expect(Set(seen.map(\.id)) == Set(all.map(\.id)))
      #expect(seen.count == 7)
      #expect(seen.map(\.asOf) == seen.map(\.asOf).sorted(by: >))
      #expect(seen.first { $0.id == all[0].id } == all[0])

      let latest = try await store.latest(in: fixture.scope, at: Fixture.moment.addingTimeInterval(1))
      #expect(Set(latest.map(\.id)) == Set(all[3..<6].map(\.id)))
      let first = try await store.between(
        Fixture.moment, and: Fixture.moment.addingTimeInterval(1), in: fixture.scope)
      #expect(Set(first.map(\.id)) == Set(all[..<3].map(\.id)))
    }
  }

  @Test func `a decision is never changed and is reversed once`() async throws {
    try await withTestDatabase { database in
      let fixture = try await Fixture.make(in: database)
      let store = DecisionStore(database)
      let decision = decision(fixture, 1)
      try await store.insert(decision)
      #expect(try await store.find(decision.id, in: fixture.scope) == decision)
      await #expect(throws: PostgresError.self) {
        try await database.execute("UPDATE decision SET reason = 'another'")
      }
      try await store.insert(self.decision(fixture, 2, reverses: decision))
      await #expect(throws: CampaignsError.refused("this decision was reversed already")) {
        try await store.insert(self.decision(fixture, 3, reverses: decision))
      }
      #expect(try await store.page(in: fixture.scope, limit: 1).hasMore)
    }
  }

  @Test func `another workspace reads neither verdicts nor decisions`() async throws {
    try await withTestDatabase { database in
      let ours = try await Fixture.make(in: database, name: "ours", seed: 1)
      let theirs = try await Fixture.make(in: database, name: "theirs", seed: 2)
      try await ExperimentStore(database).start(theirs.experiment())
      let verdict = verdict(theirs, 1, at: Fixture.moment)
      let decision = decision(theirs, 1)
      try await VerdictStore(database).insert(verdict)
      try await DecisionStore(database).insert(decision)
      let smuggled = CampaignScope(workspace: ours.workspace.id, campaign: theirs.campaign.id)
      await expectNotFound { try await VerdictStore(database).find(verdict.id, in: smuggled) }
      await expectNotFound { try await DecisionStore(database).find(decision.id, in: ours.scope) }
      #expect(try await VerdictStore(database).page(in: smuggled).items.isEmpty)
      #expect(try await VerdictStore(database).latest(in: smuggled, at: .distantFuture).isEmpty)
      #expect(try await DecisionStore(database).page(in: smuggled).items.isEmpty)
    }
  }
}
