import Campaigns
import Foundation
import TestKit
import Testing

@testable import Autopilot

struct ReversalTests {
  /// The state after a round that promoted B, retired A and ordered a generation in every segment.
  private func decided(_ body: (Stage, Segment, [Decision]) async throws -> Void) async throws {
    try await Stage.with { stage in
      try await stage.launched()
      try await stage.traffic(from: Stage.launch, to: RoundTests.firstMonday, rate: RoundTests.clear)
      let outcome = try #require(try await stage.run(RoundTests.firstMonday).segments.first)
      try await body(stage, outcome.segment, outcome.decisions)
    }
  }

  private func reverse(_ stage: Stage, _ decision: Decision, hours: Double = 3) async throws -> Decision {
    try await DecisionReversal(database: stage.database).reverse(
      decision.id, in: stage.scope, by: "ann", time: stage.replay(RoundTests.firstMonday + hours * 3600),
      now: stage.clock.now)
  }

  @Test("reversing a promotion restores the shares of those still in the test from the next hour on")
  func promotion() async throws {
    try await decided { stage, segment, decisions in
      let reversal = try await reverse(stage, decisions[0])
      #expect(
        reversal.kind == .reverse && reversal.reverses == decisions[0].id && reversal.decidedBy == "ann")
      let epoch = try #require(try await stage.experiments(segment).first?.epochs.last)
      #expect(epoch.startsAt == RoundTests.firstMonday + 4 * 3600)
      #expect(epoch.shares.map { ($0.share * 100).rounded() } == [50, 50])
      await #expect(throws: CampaignsError.self) { try await reverse(stage, decisions[0]) }
    }
  }

  @Test("reversing a retirement brings the version back with the shares before it")
  func retirement() async throws {
    try await decided { stage, segment, decisions in
      _ = try await reverse(stage, decisions[1])
      let variants = try await stage.variants(segment)
      #expect(variants[0].status == .active && variants[0].retiredAt == nil)
      let epoch = try #require(try await stage.experiments(segment).first?.epochs.last)
      #expect(epoch.shares.map(\.variant) == variants.prefix(3).map(\.id))
    }
  }

  @Test("a generation is called off before it enters, and cannot be afterwards")
  func regeneration() async throws {
    try await decided { stage, segment, decisions in
      _ = try await reverse(stage, decisions[2])
      try await stage.work()
      #expect(try await stage.variants(segment).dropFirst(3).allSatisfy { $0.status == .retired })
      #expect(try await stage.experiments(segment).count == 1)
      // The two other segments' files alone were made.
      #expect(stage.maker.made == 27 + 12)
      let other = try await stage.segments()[1]
      let entered = try #require(try await stage.decisions(other).first { $0.kind == .regenerate })
      await #expect(throws: AutopilotError.self) { try await reverse(stage, entered) }
    }
  }

  @Test(
    "shares cannot be restored once their experiment has ended; launches and reversals cannot be reversed")
  func refused() async throws {
    try await decided { stage, segment, decisions in
      try await stage.work()
      await #expect(throws: AutopilotError.self) { try await reverse(stage, decisions[0]) }
      let launch = try #require(try await stage.decisions(segment).first { $0.kind == .launch })
      await #expect(throws: AutopilotError.self) { try await reverse(stage, launch) }
      #expect(try await stage.decisions(segment).allSatisfy { $0.kind != .reverse })
    }
  }
}
