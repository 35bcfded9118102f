import Campaigns
import Foundation
import Jobs
import Postgres
import TestKit
import Testing

@testable import Autopilot

struct RoundTests {
  static let firstMonday = Stage.launch + Stage.week

  /// B is really better, A really worse.
  static func clear(_ segment: Segment, _ name: String, _ day: Int) -> Double {
    ["A": 0.016, "B": 0.028, "C": 0.021][name] ?? 0.021
  }

  @Test("a winner is promoted, the worst retired, a generation ordered, and it enters in a new experiment")
  func winner() async throws {
    try await Stage.with { stage in
      try await stage.launched()
      try await stage.traffic(from: Stage.launch, to: Self.firstMonday, rate: Self.clear)
      let report = try await stage.run(Self.firstMonday)
      #expect(report.segments.count == 3)
      for outcome in report.segments {
        let segment = outcome.segment
        #expect(
          try await stage.told(outcome.decisions, segment) == ["promote B", "retire A", "regenerate A"])
        #expect(outcome.ordered.map(\.name) == ["D", "E"])
        let before = try await stage.variants(segment)
        #expect(before.map(\.status) == [.retired, .active, .active, .rendering, .rendering])
        #expect(before[3].parent == before[1].id && before[3].generation == 2)
        let epochs = try #require(try await stage.experiments(segment).first).epochs
        #expect(epochs.map(\.startsAt) == [Stage.launch + 3600, Self.firstMonday + 3600])
        #expect(epochs[1].shares.map(\.variant) == [before[1].id, before[2].id])
        #expect(abs(epochs[1].shares[0].share - 0.95) < 1e-9)
      }
      #expect(try await stage.work() == 18)
      for segment in try await stage.segments() {
        let variants = try await stage.variants(segment)
        #expect(variants.map(\.status) == [.retired, .active, .retired, .active, .active])
        let experiments = try await stage.experiments(segment)
        #expect(experiments.map(\.round) == [1, 2])
        // After the shares of the same round, which begin at seven.
        #expect(experiments[1].startedAt == Self.firstMonday + 2 * 3600)
        #expect(experiments[0].endedAt == experiments[1].startedAt)
        #expect(experiments[1].control == variants[1].id)
        #expect(
          experiments[1].epochs[0].shares.map(\.variant) == [variants[1].id, variants[3].id, variants[4].id])
        let decisions = try await stage.decisions(segment)
        let told = try await stage.told(decisions, segment)
        #expect(
          told
            == ["launch -", "promote B", "retire A", "regenerate A", "retire C", "launch -"])
        for decision in decisions {
          let again = try decision.recomputed()
          #expect(again.kind == decision.kind && again.variant == decision.variant)
          #expect(again.reason == decision.reason)
        }
      }
    }
  }

  @Test("running the round of the same time again decides nothing again")
  func twice() async throws {
    try await Stage.with { stage in
      try await stage.launched()
      try await stage.traffic(from: Stage.launch, to: Self.firstMonday, rate: Self.clear)
      try await stage.run(Self.firstMonday)
      let segment = try await stage.segments()[0]
      let decisions = try await stage.decisions(segment).map(\.id)
      let again = try await stage.run(Self.firstMonday)
      #expect(again.segments.allSatisfy { $0.skipped == .alreadyDone && $0.decisions.isEmpty })
      #expect(try await stage.decisions(segment).map(\.id) == decisions)
      try await stage.work()
      let afterLaunch = try await stage.run(Self.firstMonday)
      #expect(afterLaunch.decisions.isEmpty)
      #expect(try await stage.run(Stage.launch + 5 * 86_400).decisions.isEmpty)
    }
  }

  @Test("two processes that run the same round at once decide it once")
  func atOnce() async throws {
    try await Stage.with { stage in
      try await stage.launched()
      try await stage.traffic(from: Stage.launch, to: Self.firstMonday, rate: Self.clear)
      let reports = try await withThrowingTaskGroup(of: RoundReport.self) { group in
        for _ in 0..<3 { group.addTask { try await stage.run(Self.firstMonday) } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(reports.flatMap(\.decisions).count == 9)
      for segment in try await stage.segments() {
        #expect(try await stage.decisions(segment).count == 4)
      }
      #expect(try await stage.queue.unfinished(kinds: ["render"]) == 18)
    }
  }

  @Test("a round before a round that was done decides nothing")
  func backwards() async throws {
    try await Stage.with { stage in
      try await stage.launched()
      try await stage.traffic(from: Stage.launch, to: Self.firstMonday) { _, _, _ in 0.02 }
      try await stage.run(Self.firstMonday)
      let report = try await stage.run(Self.firstMonday - 86_400)
      #expect(report.segments.map(\.skipped) == [.laterRoundDone, .laterRoundDone, .laterRoundDone])
    }
  }

  @Test("equal versions lead to verdicts and to no decision")
  func nothing() async throws {
    try await Stage.with { stage in
      try await stage.launched()
      try await stage.traffic(from: Stage.launch, to: Self.firstMonday) { _, _, _ in 0.02 }
      #expect(try await stage.run(Self.firstMonday).decisions.isEmpty)
      let verdicts = try await VerdictStore(stage.database).latest(in: stage.scope, at: Self.firstMonday)
      #expect(verdicts.count == 9)
    }
  }

  @Test("a version that wears out is the parent of its own replacement and retires when that enters")
  func fatigue() async throws {
    try await Stage.with { stage in
      try await stage.launched()
      let end = Stage.launch + 3 * Stage.week
      try await stage.traffic(from: Stage.launch, to: end) { _, name, day in
        name == "A" ? (day < 8 ? 0.024 : 0.016) : 0.020
      }
      let report = try await stage.run(end)
      for outcome in report.segments {
        let told = try await stage.told(outcome.decisions, outcome.segment)
        #expect(told.contains("regenerate A"))
        let variants = try await stage.variants(outcome.segment)
        #expect(outcome.ordered.allSatisfy { $0.parent == variants[0].id && $0.generation == 2 })
      }
      try await stage.work()
      for segment in try await stage.segments() {
        let variants = try await stage.variants(segment)
        #expect(variants[0].status == .retired && variants[3].status == .active)
      }
    }
  }

  @Test("what is not running is left alone")
  func paused() async throws {
    try await Stage.with { stage in
      try await stage.launched()
      try await stage.traffic(from: Stage.launch, to: Self.firstMonday, rate: Self.clear)
      try await CampaignStore(stage.database).setStatus(.paused, of: stage.scope)
      let report = try await stage.run(Self.firstMonday)
      #expect(report.skipped != nil && report.segments.isEmpty)
    }
  }

  @Test("a segment whose traffic was not split as planned is paused, once, and nothing else is decided")
  func mismatch() async throws {
    try await Stage.with { stage in
      try await stage.launched()
      try await stage.traffic(from: Stage.launch, to: Self.firstMonday + Stage.week, rate: Self.clear)
      try await stage.database.execute(
        """
        UPDATE rollup_hour SET impressions = impressions * 2
        FROM variant WHERE variant.id = variant_id AND variant.name = 'A'
        """)
      for outcome in try await stage.run(Self.firstMonday).segments {
        #expect(outcome.decisions.map(\.kind) == [.pause])
      }
      #expect(try await stage.run(Self.firstMonday + Stage.week).decisions.isEmpty)
    }
  }
}
