import Analysis
import Campaigns
import Foundation
import Testing

@Suite("Verdicts can be reached again from their evidence alone")
struct RecomputationTests {
  private static func scenarios() -> [(String, Scenario)] {
    var winner = Scenario()
    winner.rate = { arm, _ in [0.020, 0.035, 0.021][arm] }
    winner.epochs = [(0, [1 / 3.0, 1 / 3.0, 1 / 3.0]), (7, [0.2, 0.6, 0.2])]
    var worn = Scenario()
    worn.days = 28
    worn.perDay = 8_000
    worn.rate = { arm, day in arm == 2 && day > 7 ? 0.015 : 0.028 }
    var shifted = Scenario()
    shifted.days = 21
    shifted.perDay = 9_000
    shifted.rate = { _, day in day < 14 ? 0.03 : 0.02 }
    var mismatch = Scenario()
    mismatch.delivered = { arm, _ in arm == 1 ? 0.8 : 1 }
    var few = Scenario()
    few.days = 1
    few.perDay = 200
    var broken = Scenario()
    broken.days = 5
    broken.rate = { arm, _ in [0.02, 0.021, 0][arm] }
    var impossible = Scenario()
    impossible.rate = { _, _ in 1.5 }
    return [
      ("winner", winner), ("worn", worn), ("shifted", shifted), ("mismatch", mismatch), ("few", few),
      ("broken", broken), ("impossible", impossible),
    ]
  }

  @Test("every kind of verdict is reached again")
  func all() throws {
    var kinds: Set<Verdict.Kind> = []
    for (name, scenario) in Self.scenarios() {
      for verdict in try scenario.analysis().verdicts {
        kinds.insert(verdict.kind)
        #expect(try verdict.recomputed().agrees(with: verdict), "\(name): \(verdict.sentence)")
      }
    }
    #expect(kinds.isSuperset(of: [.winner, .loser, .fatigued, .shifted, .invalid, .inconclusive]))
  }

  @Test("a verdict of the first arithmetic is computed as it was then")
  func firstVersion() throws {
    // As release 1 stored it: version B against A of 30,000 impressions each, planned 60,000.
    let stored = """
      {"alpha":0.05,"checks":[],"comparison":"01930000-0000-7000-8000-000000000100","inputs":[{"arms":[{"share":0.5,\
      "successes":600,"trials":30000,"variant":"01930000-0000-7000-8000-000000000100"},{"share":0.5,"successes":600,\
      "trials":30000,"variant":"01930000-0000-7000-8000-000000000101"}],"epoch":1}],"method":\
      "pairwise_confidence_sequence","planned_impressions":60000,"randomised":true,"scale":"absolute","version":1}
      """
    var verdict = try #require(try Scenario().analysis().verdicts.first)
    verdict.variant = Scenario.id(101)
    verdict.evidence = stored
    // It knew no ties, and its sequence was tightest at the planned size itself.
    let then = try verdict.recomputed()
    #expect(then.kind == .trailing)
    verdict.evidence = stored.replacingOccurrences(of: "\"version\":1", with: "\"version\":2")
    let now = try verdict.recomputed()
    #expect(now.kind == .inconclusive)
    #expect(try #require(then.high) != #require(now.high))
    // The third keeps a twentieth of alpha for exact tests, so its sequences are a little wider.
    verdict.evidence = stored.replacingOccurrences(of: "\"version\":1", with: "\"version\":3")
    let third = try #require(try verdict.recomputed().high)
    #expect(try third > #require(now.high) && third < #require(now.high) * 1.02)
  }

  @Test("evidence that was tampered with no longer gives the verdict")
  func tampered() throws {
    var scenario = Scenario()
    scenario.rate = { arm, _ in [0.020, 0.035, 0.021][arm] }
    var verdict = try #require(try scenario.analysis().verdict("B"))
    verdict.evidence = verdict.evidence.replacingOccurrences(of: "\"alpha\":0.05", with: "\"alpha\":0.01")
    #expect(try !verdict.recomputed().agrees(with: verdict))
  }

  @Test("evidence that cannot be read, or of another arithmetic, says so")
  func unreadable() throws {
    var verdict = try #require(try Scenario().analysis().verdicts.first)
    let evidence = verdict.evidence
    verdict.evidence = "{}"
    #expect(throws: AnalysisError.self) { try verdict.recomputed() }
    verdict.evidence = evidence.replacingOccurrences(of: "\"version\":3", with: "\"version\":99")
    #expect(throws: AnalysisError.otherVersion(verdict: verdict.id, version: 99)) { try verdict.recomputed() }
  }
}
