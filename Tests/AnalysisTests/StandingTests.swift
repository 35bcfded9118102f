import Analysis
import Campaigns
import Foundation
import Testing

@Suite("What is said of versions")
struct StandingTests {
  @Test("a version better than all others wins, and the others lose to it")
  func winner() throws {
    var scenario = Scenario()
    scenario.rate = { arm, _ in [0.020, 0.035, 0.021][arm] }
    let analysis = try scenario.analysis()
    #expect(analysis.kind(of: "B") == .winner)
    #expect(analysis.kind(of: "A") == .loser)
    #expect(analysis.kind(of: "C") == .loser)
    #expect(analysis.winner?.variant.name == "B")
    let verdict = try #require(analysis.verdict("B"))
    #expect(try #require(verdict.low) > 0)
    #expect(try verdict.decodedEvidence().comparison == scenario.variant(2).id, "the runner-up is C")
    #expect(
      verdict.sentence.hasPrefix(
        "Version B is shown to be the best: +67% clicks per impression against C, the runner-up ("))
    #expect(verdict.sentence.hasSuffix(", and that stays valid however often you look (95% confidence)."))
  }

  @Test("with two versions the winner is better, not the best")
  func two() throws {
    var scenario = Scenario()
    scenario.names = ["A", "B"]
    scenario.epochs = [(0, [0.5, 0.5])]
    scenario.rate = { arm, _ in [0.020, 0.030][arm] }
    let analysis = try scenario.analysis()
    #expect(
      analysis.verdict("B")?.sentence.hasPrefix(
        "Version B is shown to be better than A: +50% clicks per impression (") == true)
    #expect(
      analysis.verdict("A")?.sentence.hasPrefix("Version A is shown to be worse than B: −33% clicks") == true)
  }

  @Test("a version alone is compared with nothing and claims nothing")
  func alone() throws {
    var scenario = Scenario()
    scenario.names = ["A"]
    scenario.epochs = [(0, [1])]
    let analysis = try scenario.analysis()
    #expect(analysis.winner == nil)
    #expect(analysis.verdicts.allSatisfy { $0.kind == .inconclusive && $0.estimate == nil })
    #expect(analysis.variants.count == 1 && analysis.variants[0].contrast == nil)
    #expect(try #require(analysis.variants[0].rate).value > 0)
  }

  @Test("small differences name no winner and no loser")
  func open() throws {
    var scenario = Scenario()
    scenario.rate = { arm, _ in [0.025, 0.026, 0.024][arm] }
    let analysis = try scenario.analysis()
    #expect(analysis.kind(of: "B") == .leading)
    #expect(analysis.kind(of: "A") == .trailing)
    #expect(analysis.kind(of: "C") == .trailing)
    #expect(analysis.winner == nil)
    #expect(analysis.verdict("B")?.sentence.contains("this is not shown") == true)
  }

  @Test("equal versions are a tie: nothing is ahead by nothing")
  func tie() throws {
    for rates in [[0.025, 0.025, 0.025], [0.025, 0.02503, 0.0249], [0.03, 0.03, 0.02]] {
      var scenario = Scenario()
      scenario.rate = { arm, _ in rates[arm] }
      let analysis = try scenario.analysis()
      #expect(analysis.kind(of: "A") == .inconclusive)
      #expect(analysis.kind(of: "B") == .inconclusive)
      let sentence = try #require(analysis.verdict("A")).sentence
      #expect(sentence.contains("do equally well so far, with anything from −"))
      #expect(try #require(analysis.verdict("A")).estimate != nil, "the interval is told")
      for verdict in analysis.verdicts where verdict.kind != .loser {
        #expect(!verdict.sentence.contains("ahead"), "\(verdict.sentence)")
      }
    }
  }

  @Test("a viewer's impressions that hang together make intervals wider")
  func clustered() throws {
    var scenario = Scenario()
    scenario.rate = { arm, _ in [0.020, 0.030, 0.021][arm] }
    var inputs = scenario.inputs()
    let alone = try SegmentAnalysis(of: inputs)
    #expect(alone.kind(of: "B") == .winner)
    inputs.cohorts = inputs.arms(clicksPerClicker: 3)
    let analysis = try SegmentAnalysis(of: inputs)
    let wide = try #require(analysis.variants.first?.contrast).difference
    let narrow = try #require(alone.variants.first?.contrast).difference
    #expect(abs(wide.value - narrow.value) < 1e-12)
    let ratio = (wide.high - wide.low) / (narrow.high - narrow.low)
    #expect(ratio > 1.5 && ratio < 2, "about the root of three clicks a clicker: \(ratio)")
    #expect(analysis.kind(of: "B") == .leading)
    for verdict in analysis.verdicts { #expect(try verdict.recomputed().agrees(with: verdict)) }
  }

  @Test("a version without twenty results is inconclusive and a check says so")
  func few() throws {
    var scenario = Scenario()
    scenario.days = 1
    scenario.perDay = 300
    let analysis = try scenario.analysis()
    #expect(analysis.verdicts.allSatisfy { $0.kind == .inconclusive && $0.estimate == nil })
    #expect(analysis.checks.map(\.kind) == [.tooFewEvents])
    #expect(analysis.allowsClaims)
    #expect(
      analysis.remarks.map(\.sentence) == [
        "Too little is known of versions A, B and C to compare them: 100, 100 and 100 impressions, 3, 3 and 3 clicks "
          + "so far."
      ])
  }

  @Test("a version that nobody clicks on is a loser before it has twenty clicks, which it never will")
  func broken() throws {
    for shares in [
      [(0, [0.5, 0.3, 0.2])], [(0, [0.2, 0.2, 0.6]), (2, [0.5, 0.3, 0.2]), (4, [0.3, 0.4, 0.3])],
    ] {
      var scenario = Scenario()
      scenario.days = 6
      scenario.epochs = shares
      scenario.rate = { arm, _ in [0.02, 0.021, 0][arm] }
      let analysis = try scenario.analysis()
      let verdict = try #require(analysis.verdict("C"))
      #expect(verdict.kind == .loser)
      let (low, high) = (try #require(verdict.low), try #require(verdict.high))
      #expect(low < -0.02 && high > -0.02 && high < 0, "\(low) to \(high)")
      #expect(
        verdict.sentence.hasPrefix("Version C is shown to be worse than B: −2.1"), "\(verdict.sentence)")
      #expect(analysis.kind(of: "A") != .loser && analysis.kind(of: "B") != .loser)
      #expect(try #require(analysis.variants.last).probabilityBest ?? 1 < 1e-9)
      for verdict in analysis.verdicts { #expect(try verdict.recomputed().agrees(with: verdict)) }
    }
  }

  @Test("few clicks that differ little stay open, also when they fall on one day")
  func fewAndEven() throws {
    var scenario = Scenario()
    scenario.days = 8
    scenario.perDay = 900
    scenario.rate = { arm, day in (arm == 1 ? [0.012, 0, 0.01, 0, 0.003] : [0.004])[day % (arm == 1 ? 5 : 1)]
    }
    let analysis = try scenario.analysis()
    #expect(analysis.verdicts.allSatisfy { $0.kind == .inconclusive && $0.estimate == nil })
  }

  @Test("a version nobody clicks on is no loser where impressions of the same day were not compared")
  func brokenApart() throws {
    // Shown on other days than the others: what differs may be the days.
    var scenario = Scenario()
    scenario.days = 8
    scenario.epochs = [(0, [0.5, 0.5, 0]), (4, [0, 0, 1])]
    scenario.rate = { arm, _ in [0.02, 0.021, 0][arm] }
    let analysis = try scenario.analysis()
    #expect(analysis.kind(of: "C") == .inconclusive)
  }

  @Test("before anything was shown nothing is said but that")
  func nothing() throws {
    var scenario = Scenario()
    scenario.days = 0
    let analysis = try SegmentAnalysis(of: scenario.inputs(at: scenario.start + 60))
    #expect(analysis.variants.map(\.variant.name) == ["A", "B", "C"])
    #expect(analysis.verdicts.allSatisfy { $0.kind == .inconclusive })
    #expect(analysis.variants.allSatisfy { $0.rate == nil && $0.contrast == nil })
    #expect(analysis.remarks.map(\.sentence) == ["Nobody was shown version A, B or C in this round yet."])
  }

  @Test("moving traffic to the day's better audience does not make a winner (Simpson's paradox)")
  func simpson() throws {
    // All versions are equal on every day; rates rise when B happens to get most traffic.
    var scenario = Scenario()
    scenario.names = ["A", "B"]
    scenario.perDay = 20_000
    scenario.epochs = [(0, [0.9, 0.1]), (7, [0.1, 0.9])]
    scenario.rate = { _, day in day < 7 ? 0.01 : 0.05 }
    let analysis = try scenario.analysis()
    let pooled = analysis.variants.map { Double($0.counts.clicks) / Double($0.counts.impressions) }.sorted()
    #expect(pooled[1] > 3 * pooled[0], "the plain rates are far apart")
    #expect(analysis.winner == nil)
    #expect(!analysis.verdicts.contains { $0.kind == .loser })
    #expect(abs(try #require(analysis.variants[0].contrast).difference.value) < 0.001)
  }

  @Test("a version that left the round is compared over the epochs it was in")
  func retired() throws {
    var scenario = Scenario()
    scenario.epochs = [(0, [1 / 3.0, 1 / 3.0, 1 / 3.0]), (7, [0.5, 0.5, 0])]
    scenario.rate = { arm, day in (day < 7 ? 1 : 2) * [0.020, 0.030, 0.029][arm] }
    let analysis = try scenario.analysis()
    let left = try #require(analysis.variants.first { $0.variant.name == "C" })
    #expect(left.share == nil)
    #expect(abs(try #require(left.contrast).difference.value + 0.001) < 0.0005)
    #expect(analysis.kind(of: "C") == .trailing)
  }

  @Test("the difference's interval holds the truth and its sign agrees with the lift's")
  func signs() throws {
    for better in stride(from: 0.020, through: 0.040, by: 0.0007) {
      var scenario = Scenario()
      scenario.names = ["A", "B"]
      scenario.epochs = [(0, [0.5, 0.5])]
      scenario.rate = { arm, _ in [0.025, better][arm] }
      let analysis = try scenario.analysis()
      let result = try #require(analysis.variants.first { $0.variant.name == "B" })
      let contrast = try #require(result.contrast)
      #expect(contrast.difference.low <= better - 0.025 + 1e-4)
      #expect(contrast.difference.high >= better - 0.025 - 1e-4)
      if let lift = contrast.lift { #expect(lift.excludesZero == contrast.difference.excludesZero) }
    }
  }

  @Test("the same inputs give the same verdicts, ids included")
  func deterministic() throws {
    let scenario = Scenario()
    #expect(try scenario.analysis() == scenario.analysis())
    let ids = try scenario.analysis().verdicts.map(\.id)
    #expect(Set(ids).count == ids.count)
  }

  @Test("late clicks in an epoch that has only just begun forbid nothing")
  func late() throws {
    var scenario = Scenario()
    scenario.epochs = [(0, [1 / 3.0, 1 / 3.0, 1 / 3.0]), (13, [0.4, 0.3, 0.3])]
    var inputs = scenario.inputs()
    for index in inputs.cells.indices where inputs.cells[index].epoch == 2 {
      inputs.cells[index].counts.impressions = 0
      inputs.cells[index].counts.clicks = 3
    }
    let analysis = try SegmentAnalysis(of: inputs)
    #expect(analysis.allowsClaims)
    #expect(analysis.verdicts.count == 3)
  }
}
