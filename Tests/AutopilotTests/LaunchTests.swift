import Campaigns
import Foundation
import Jobs
import TestKit
import Testing

@testable import Autopilot

struct LaunchTests {
  @Test("the first generation is ordered once, rendered, and enters every segment with equal shares")
  func firstGeneration() async throws {
    try await Stage.with { stage in
      let ordered = try await stage.launcher.order(stage.campaign, time: stage.replay(Stage.launch))
      #expect(ordered.count == 9 && ordered.allSatisfy { $0.generation == 1 && $0.status == .rendering })
      #expect(try await stage.launcher.order(stage.campaign, time: stage.replay(Stage.launch)).isEmpty)
      #expect(try await stage.queue.unfinished(kinds: ["render"]) == 27)
      #expect(try await stage.work() == 27)

      for segment in try await stage.segments() {
        let variants = try await stage.variants(segment)
        #expect(variants.map(\.name) == ["A", "B", "C"])
        let start = Stage.launch + 3600
        #expect(variants.allSatisfy { $0.status == .active && $0.activatedAt == start })
        let experiment = try #require(try await stage.experiments(segment).first)
        #expect(
          experiment.round == 1 && experiment.startedAt == start && experiment.control == variants[0].id)
        #expect(abs(experiment.alpha - 0.05) < 1e-12)
        #expect(experiment.epochs.map(\.shares) == [variants.map { .init(variant: $0.id, share: 1.0 / 3) }])
        let decisions = try await stage.decisions(segment)
        #expect(decisions.map(\.kind) == [.launch])
        #expect(
          decisions[0].reason
            == "A, B and C are rendered for all 3 placements and enter the test, with equal shares.")
        #expect(try decisions[0].recomputed().reason == decisions[0].reason)
      }
      #expect(try await CampaignStore(stage.database).load(stage.campaign.id).status == .running)
    }
  }

  @Test("in live use a generation enters after it was rendered, in a replay right after it was ordered")
  func liveStart() async throws {
    try await Stage.with { stage in
      let time = LogicalTime(at: Stage.launch, isReplay: false)
      stage.clock.set(Stage.launch + 600)
      try await stage.launcher.order(stage.campaign, time: time)
      stage.clock.set(Stage.launch + 2 * 3600 + 1)
      try await stage.work()
      for segment in try await stage.segments() {
        #expect(try await stage.experiments(segment).map(\.startedAt) == [Stage.launch + 3 * 3600])
      }
    }
  }

  @Test(
    "a version that cannot be rendered is given up after the last attempt and the others enter without it")
  func brokenVersion() async throws {
    try await Stage.with(broken: ["B"]) { stage in
      try await stage.launched()
      for segment in try await stage.segments() {
        let variants = try await stage.variants(segment)
        #expect(variants.map(\.status) == [.active, .failed, .active])
        let shares = try await stage.experiments(segment).first?.epochs.first?.shares
        #expect(shares?.map(\.variant) == [variants[0].id, variants[2].id])
      }
      let discarded = try await stage.queue.jobs(state: .discarded, limit: 100)
      #expect(!discarded.isEmpty && discarded.allSatisfy { $0.lastError == "the encoder gave up" })
    }
  }

  @Test("a single version left of a generation does not enter alone")
  func tooFew() async throws {
    try await Stage.with(broken: ["A", "B"]) { stage in
      try await stage.launched()
      for segment in try await stage.segments() {
        #expect(try await stage.experiments(segment).isEmpty)
      }
    }
  }

  @Test("a render job that was lost is ordered again")
  func lostJob() async throws {
    try await Stage.with { stage in
      try await stage.launcher.order(stage.campaign, time: stage.replay(Stage.launch))
      let lost = try #require(try await stage.queue.jobs(limit: 1).first)
      try await stage.queue.cancel(lost.id, at: stage.clock.now)
      #expect(try await stage.work() == 26)
      try await stage.launcher.order(stage.campaign, time: stage.replay(Stage.launch))
      #expect(try await stage.work() == 1)
      for segment in try await stage.segments() {
        #expect(try await stage.experiments(segment).count == 1)
      }
    }
  }

  @Test("the schedule of a campaign runs a round for the time it was due")
  func schedule() async throws {
    try await Stage.with { stage in
      try await stage.launched()
      try await AutopilotSchedule.apply(
        stage.campaign, timeZone: "UTC", time: stage.replay(Stage.launch), on: stage.database)
      let due = Stage.sundayEvening
      #expect(try await Scheduler(database: stage.database).runDue(at: due + 60).map(\.dueAt) == [due])
      #expect(try await stage.work() == 1)
      let segments = try await stage.segments()
      for segment in segments {
        let latest = try await AutopilotStore(stage.database).latestRound(segment.id)
        #expect(latest == due)
      }
    }
  }
}
