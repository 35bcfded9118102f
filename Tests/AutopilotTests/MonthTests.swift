import Campaigns
import Foundation
import TestKit
import Testing

@testable import Autopilot

struct MonthTests {
  /// What examples/perlune/truth.yaml says of three segments, without chance: one version is better, one wears out,
  /// one is better.
  private static func truth(_ segment: Segment, _ name: String, _ day: Int) -> Double {
    let isNew = !["A", "B", "C"].contains(name)
    switch segment.key {
    case "young-city-fr": return 0.025 * (isNew ? 1.2 : name == "B" ? 1.35 : 1)
    case "commuters-gb":
      let worn = day < 7 ? 1 : 0.5 + 0.5 * pow(0.5, Double(day - 7) / 4)
      return 0.028 * (isNew ? 1.15 : name == "C" ? 1.15 * worn : 1)
    default: return 0.022 * (isNew ? 1.3 : name == "A" ? 1.4 : name == "C" ? 0.95 : 1)
    }
  }

  @Test(
    "four weeks of weekly rounds find what is true, remake what wears out, and every step can be taken again")
  func month() async throws {
    try await Stage.with { stage in
      try await stage.launched()
      for week in 0..<4 {
        let from = Stage.launch + Double(week) * Stage.week
        try await stage.traffic(from: from, to: from + Stage.week - 1, perHour: 112, rate: Self.truth)
        try await stage.run(from + Stage.week)
        try await stage.work()
      }
      let stories = [
        "young-city-fr": [
          "launch -", "reallocate B", "promote B", "retire A", "regenerate A", "retire C", "launch -",
          "reallocate B",
        ],
        "commuters-gb": [
          "launch -", "reallocate C", "reallocate C", "regenerate C", "retire C", "launch -", "reallocate D",
        ],
        "hikers-alps": [
          "launch -", "retire C", "regenerate C", "launch -", "reallocate A", "retire B", "regenerate B",
          "launch -", "reallocate A",
        ],
      ]
      for segment in try await stage.segments() {
        let decisions = try await stage.decisions(segment)
        let told = try await stage.told(decisions, segment)
        #expect(told == stories[segment.key])
        for decision in decisions {
          let again = try decision.recomputed()
          #expect(again.reason == decision.reason)
          #expect(try again.plan == nil || again.plan == decision.decodedEvidence().plan)
        }
        let experiments = try await stage.experiments(segment)
        for (earlier, later) in zip(experiments, experiments.dropFirst()) {
          #expect(earlier.endedAt == later.startedAt)
        }
        let shares = experiments.flatMap(\.epochs).flatMap(\.shares)
        #expect(shares.allSatisfy { $0.share >= AllocationEpoch.floor - 1e-12 })
      }
    }
  }
}
