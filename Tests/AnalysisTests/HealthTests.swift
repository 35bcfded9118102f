import Analysis
import Campaigns
import Foundation
import Testing

@Suite("What forbids claims")
struct HealthTests {
  @Test("shares that were not kept make the round invalid, whatever the rates say")
  func sampleRatio() throws {
    var scenario = Scenario()
    scenario.rate = { arm, _ in [0.02, 0.04, 0.02][arm] }
    scenario.delivered = { arm, _ in arm == 1 ? 0.85 : 1 }
    let analysis = try scenario.analysis()
    #expect(analysis.checks.map(\.kind) == [.sampleRatioMismatch])
    #expect(!analysis.allowsClaims)
    #expect(analysis.verdicts.map(\.kind) == [.invalid])
    #expect(analysis.verdicts.first?.variant == nil)
    #expect(analysis.variants.allSatisfy { $0.contrast == nil && $0.probabilityBest == nil })
    #expect(analysis.checks.first?.sentence.contains("B got 29.8% of impressions instead of 33.3%") == true)
  }

  @Test("arms a platform chose get rates and costs and never a winner")
  func imported() throws {
    var scenario = Scenario()
    scenario.randomised = false
    var inputs = scenario.inputs()
    inputs.cells = []
    inputs.platform = (0..<3).map { arm in
      PlatformCell(
        variant: scenario.variant(arm).id, from: nil, until: nil, impressions: 1_000_000,
        clicks: [100, 900, 200][arm], conversions: 10, spendMicros: 50_000_000)
    }
    let analysis = try SegmentAnalysis(of: inputs)
    #expect(analysis.checks.map(\.kind) == [.notRandomised])
    #expect(analysis.verdicts.map(\.kind) == [.invalid])
    #expect(analysis.winner == nil)
    #expect(analysis.variants.map(\.variant.name) == ["A", "B", "C"])
    #expect(analysis.variants.allSatisfy { $0.spendMicros == 50_000_000 && $0.contrast == nil })
    #expect(analysis.variants[1].rate?.value == 0.0009)
  }

  @Test("more clicks than impressions make the round invalid")
  func impossible() throws {
    var scenario = Scenario()
    scenario.rate = { arm, _ in arm == 0 ? 1.2 : 0.02 }
    let analysis = try scenario.analysis()
    #expect(analysis.checks.first?.kind == .impossibleCounts)
    #expect(analysis.verdicts.map(\.kind) == [.invalid])
  }

  @Test("days on which nothing was shown are named")
  func missing() throws {
    var inputs = Scenario().inputs()
    let gap = CivilDate(Scenario.monday).advanced(byDays: 3)
    inputs.cells.removeAll { $0.day == gap }
    let analysis = try SegmentAnalysis(of: inputs)
    #expect(analysis.checks.map(\.kind) == [.missingDays])
    #expect(analysis.allowsClaims)
    #expect(analysis.checks.first?.sentence.contains("19 November 2026") == true)
  }

  @Test("events that are not in the figures yet are counted")
  func delayed() throws {
    var inputs = Scenario().inputs()
    inputs.pendingEvents = 1_234
    let checks = try SegmentAnalysis(of: inputs).checks
    #expect(checks.map(\.kind) == [.delayedEvents])
    #expect(checks.first?.sentence.hasPrefix("1,234 events") == true)
  }

  @Test("many events that are not in the figures yet forbid claims")
  func muchDelayed() throws {
    var inputs = Scenario().inputs()
    inputs.pendingEvents = 1_200
    inputs.foldedEvents = 8_800
    let analysis = try SegmentAnalysis(of: inputs)
    #expect(analysis.checks.map(\.kind) == [.delayedEvents])
    #expect(analysis.checks.first?.sentence.contains("12% of all") == true)
    #expect(analysis.verdicts.map(\.kind) == [.invalid])
    #expect(try #require(analysis.verdicts.first).recomputed().kind == .invalid)
  }

  @Test(
    "viewers who saw several versions under the same shares forbid claims, unless they are few",
    arguments: [(0, nil), (1, nil), (70, false), (400, true)] as [(Int64, Bool?)])
  func severalVersions(crossed: Int64, blocks: Bool?) throws {
    var inputs = Scenario().inputs()
    inputs.crossing = ViewerCrossing(viewers: 10_000, crossed: crossed)
    let analysis = try SegmentAnalysis(of: inputs)
    #expect(analysis.checks.map(\.kind) == (blocks == nil ? [] : [.viewersInSeveralVersions]))
    #expect(analysis.allowsClaims == (blocks != true))
    if blocks == true {
      #expect(analysis.checks[0].sentence.hasPrefix("4.0% of viewers saw more than one version"))
      #expect(try #require(analysis.verdicts.first).recomputed().kind == .invalid)
    }
  }

  @Test("a version that was owed impressions on a day and got none makes the round invalid")
  func missingVersion() throws {
    var inputs = Scenario().inputs()
    let gap = CivilDate(Scenario.monday).advanced(byDays: 3)
    inputs.cells.removeAll { $0.day == gap && $0.variant == Scenario.id(101) }
    let analysis = try SegmentAnalysis(of: inputs)
    #expect(analysis.checks.contains { $0.kind == .missingDays && $0.blocking })
    #expect(
      analysis.checks.last?.sentence.hasPrefix("Version B was not shown on 19 November 2026 although") == true
    )
    #expect(analysis.verdicts.map(\.kind) == [.invalid])
  }

  @Test("shares that look off only because a viewer's impressions come together raise no alarm")
  func clusteredShares() throws {
    var scenario = Scenario()
    scenario.delivered = { arm, _ in arm == 1 ? 0.93 : 1 }
    var inputs = scenario.inputs()
    #expect(try SegmentAnalysis(of: inputs).checks.map(\.kind) == [.sampleRatioMismatch])
    inputs.cohorts = inputs.arms(impressionsPerViewer: 20)
    #expect(try SegmentAnalysis(of: inputs).checks.isEmpty)
  }

  @Test("counts of a million million and rates of nought and one give figures and no claim of nonsense")
  func extremes() throws {
    var huge = Scenario()
    huge.perDay = 1e12
    #expect(try huge.analysis().verdicts.allSatisfy { $0.estimate?.isFinite == true })
    for rate in [0.0, 1.0] {
      var flat = Scenario()
      flat.rate = { _, _ in rate }
      let analysis = try flat.analysis()
      #expect(analysis.winner == nil)
      #expect(analysis.verdicts.allSatisfy { $0.estimate?.isFinite ?? true })
    }
    var alone = Scenario()
    alone.names = ["A"]
    alone.epochs = [(0, [1])]
    #expect(try alone.analysis().verdicts.map(\.kind) == [.inconclusive])
  }
}
