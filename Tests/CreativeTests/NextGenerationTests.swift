import Campaigns
import Creative
import Foundation
import TestKit
import Testing

@Suite struct NextGenerationTests {
  private func past(
    _ name: String, _ levels: [String: String], _ verdict: Verdict.Kind?, running: Bool = true
  ) -> PastVariant {
    var randomness = SeededGenerator(seed: UInt64(name.utf8.first ?? 0))
    return PastVariant(
      id: .new(at: Sample.moment, using: &randomness), name: name, levels: levels, verdict: verdict,
      isRunning: running)
  }

  private func history(_ sample: Sample) -> [PastVariant] {
    let designs = sample.designer.firstGeneration(position: 0, versions: 3, others: [])
    return zip(designs, [("A", Verdict.Kind.winner), ("B", .loser), ("C", .fatigued)]).map {
      past($1.0, $0.levels, $1.1, running: $1.0 == "A")
    }
  }

  @Test func `the champion's words and layout stay, and what wears out is new and not what lost`() throws {
    let sample = try Sample()
    let history = history(sample)
    let designs = sample.designer.nextGeneration(
      champion: history[0], history: history, count: 2, generation: 2, effects: LevelEffects())
    #expect(designs.count == 2)
    for design in designs {
      #expect(design.parent == history[0].id)
      for factor in ["headline", "layout", "pace", "music", "call_to_action"] {
        #expect(design.levels[factor] == history[0].levels[factor], "\(factor)")
      }
      for factor in ["hook", "background", "palette"] {
        #expect(design.levels[factor] != history[0].levels[factor], "\(factor)")
      }
      #expect(design.levels["hook"] != history[1].levels["hook"])
      #expect(design.levels["hook"] != history[2].levels["hook"])
      #expect(design.rationale.contains("Descends from A, the winner"))
      #expect(design.rationale.contains("untested"))
      #expect(design.rationale.contains("B (lost), C (wore out)"))
    }
    #expect(designs[0].levels["hook"] != designs[1].levels["hook"])
  }

  @Test func `no combination of a segment is made again through twenty generations`() throws {
    let sample = try Sample()
    var history = history(sample)
    var seen = Set(history.map(\.levels))
    for generation in 2...21 {
      let designs = sample.designer.nextGeneration(
        champion: history[0], history: history, count: 2, generation: generation, effects: LevelEffects())
      #expect(designs.count == 2)
      for design in designs {
        #expect(seen.insert(design.levels).inserted)
        history.append(past("G\(generation)", design.levels, .loser, running: false))
      }
    }
  }

  @Test func `a segment that has seen nearly everything gets what is left and then nothing`() {
    let factors = [
      Factor(key: "hook", levels: ["a", "b", "c"].map { Level(key: $0, text: ["en": $0]) })
    ]
    let designer = VariantDesigner(factors: factors, seed: 1)
    let champion = past("A", ["hook": "a"], .winner)
    let history = [champion, past("B", ["hook": "b"], .loser, running: false)]
    let designs = designer.nextGeneration(
      champion: champion, history: history, count: 5, generation: 2, effects: LevelEffects())
    #expect(designs.map(\.levels) == [["hook": "c"]])
  }

  @Test func `a level that did well elsewhere replaces the champion's own, with the reason`() throws {
    let sample = try Sample()
    let history = history(sample)
    let own = try #require(history[0].levels["call_to_action"])
    let better = try #require(["find", "trial", "how"].first { $0 != own })
    let observations = (0..<6).flatMap { index in
      [(better, Int64(420)), (own, Int64(300))].map { level, successes in
        LevelEffects.Observation(
          segment: sample.segments[index % 3].id, levels: ["call_to_action": level], successes: successes,
          trials: 10_000)
      }
    }
    let effects = LevelEffects(observations)
    let design = try #require(
      sample.designer.nextGeneration(
        champion: history[0], history: history, count: 1, generation: 2, effects: effects
      ).first)
    #expect(design.levels["call_to_action"] == better)
    #expect(design.rationale.contains("call_to_action \(better)"))
  }

  @Test func `the same past gives the same designs`() throws {
    let sample = try Sample()
    let history = history(sample)
    func designs() -> [VariantDesign] {
      sample.designer.nextGeneration(
        champion: history[0], history: history, count: 2, generation: 2, effects: LevelEffects())
    }
    #expect(designs() == designs())
  }
}
