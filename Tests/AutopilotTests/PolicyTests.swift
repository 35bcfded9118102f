import Analysis
import Campaigns
import Testing

@testable import Autopilot

struct PolicyTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let state: SegmentState
    /// `kind version`, in order.
    let decisions: [String]
    /// Percent by version; nil: shares stay.
    var shares: [String: Int]?
    /// `parent>replaced,replaced+count`
    var plan: String?
  }

  static let winner = [
    arm("A", .loser, rate: 0.018, against: "B", lift: -0.28),
    arm("B", .winner, rate: 0.025, against: "C", lift: 0.25),
    arm("C", .loser, rate: 0.020, against: "B", lift: -0.2),
  ]

  static let cases = [
    Case(
      testDescription:
        "a winner is promoted, the worst loser retired, the other replaced by a generation of it",
      state: state(winner), decisions: ["promote B", "retire A", "regenerate A"],
      shares: ["B": 95, "C": 5], plan: "B>C+2"),
    Case(
      testDescription: "without leave to regenerate a winner is promoted and two versions stay",
      state: state(winner) { $0.settings = settings(regenerate: false) },
      decisions: ["promote B", "retire A"], shares: ["B": 95, "C": 5]),
    Case(
      testDescription: "a winner that has its share is not promoted again",
      state: state([arm("B", .winner, rate: 0.025, share: 0.95), arm("C", .loser, share: 0.05)]) {
        $0.settings = settings(regenerate: false)
      }, decisions: []),
    Case(
      testDescription: "a difference too small to matter only moves shares",
      state: state([
        arm("A", .loser, lift: -0.03), arm("B", .winner, rate: 0.0206, lift: 0.03),
        arm("C", .loser, lift: -0.03),
      ]),
      decisions: ["reallocate B"], shares: ["A": 31, "B": 39, "C": 31]),
    Case(
      testDescription: "nothing is promoted or retired on its first day",
      state: state(
        winner.map { arm in
          var arm = arm
          arm.ageHours = 23
          arm.impressions = 400
          return arm
        }), decisions: []),
    Case(
      testDescription: "a loser among undecided versions is retired and replaced from the leader",
      state: state([
        arm("A", .leading, rate: 0.023), arm("B", .trailing, rate: 0.022), arm("C", .loser, rate: 0.015),
      ]),
      decisions: ["retire C", "regenerate C"], shares: ["A": 50, "B": 50], plan: "A>+1"),
    Case(
      testDescription: "the last two are not retired without replacement",
      state: state([arm("A", .winner, rate: 0.025, share: 0.5), arm("B", .loser, share: 0.5)]) {
        $0.settings = settings(regenerate: false)
      }, decisions: ["promote A"], shares: ["A": 95, "B": 5]),
    Case(
      testDescription: "a loser of two runs on until its replacement enters",
      state: state([arm("A", .winner, rate: 0.025, share: 0.5), arm("B", .loser, share: 0.5)]) {
        $0.versionsWanted = 2
      },
      decisions: ["promote A", "regenerate B"], shares: ["A": 95, "B": 5], plan: "A>B+1"),
    Case(
      testDescription: "a fatigued version is the parent of its own replacement and runs on",
      state: state([arm("A", .leading, rate: 0.021, fatigued: true), arm("B"), arm("C")]),
      decisions: ["regenerate A"], plan: "A>A+1"),
    Case(
      testDescription: "a winner that wears out is not promoted but remade",
      state: state([
        arm("A", .winner, rate: 0.026, fatigued: true), arm("B", .trailing), arm("C", .trailing),
      ]), decisions: ["regenerate A"], plan: "A>A+1"),
    Case(
      testDescription: "of two fatigued versions the one seen more is remade, both are replaced",
      state: state([
        arm("A", share: 0.3, fatigued: true), arm("B", share: 0.5, fatigued: true), arm("C", share: 0.2),
      ]) { $0.epochHours = 1 }, decisions: ["regenerate B"], plan: "B>A,B+2"),
    Case(
      testDescription: "when all wear out the best stays as the control",
      state: state([arm("A", .leading, rate: 0.022, fatigued: true), arm("B", .trailing, fatigued: true)]) {
        $0.versionsWanted = 2
      }, decisions: ["regenerate A"], plan: "A>B+1"),
    Case(
      testDescription: "fatigue of a loser descends from the champion",
      state: state([
        arm("A", .leading, rate: 0.03), arm("B", .trailing), arm("C", .loser, rate: 0.01, fatigued: true),
      ]),
      decisions: ["retire C", "regenerate C"], shares: ["A": 50, "B": 50], plan: "A>+1"),
    Case(
      testDescription: "a shifted market remakes the weakest",
      state: state([
        arm("A", .leading, rate: 0.0205), arm("B", .trailing, rate: 0.02), arm("C", .trailing, rate: 0.0195),
      ]) {
        $0.shift = "The segment responds 20 % less than a week ago."
        $0.epochHours = 1
      }, decisions: ["regenerate C"], plan: "A>C+1"),
    Case(
      testDescription: "no generation is ordered while one is in the making, and nobody retires",
      state: state(winner) { $0.inTheMaking = 2 }, decisions: ["promote B"],
      shares: ["A": 5, "B": 90, "C": 5]),
    Case(
      testDescription: "no generation is ordered within the cool-down",
      state: state([arm("A", fatigued: true), arm("B"), arm("C")]) { $0.hoursSinceRegeneration = 143 },
      decisions: []),
    Case(
      testDescription: "weekly rounds may regenerate weekly",
      state: state([arm("A", fatigued: true), arm("B"), arm("C")]) { $0.hoursSinceRegeneration = 168 },
      decisions: ["regenerate A"], plan: "A>A+1"),
    Case(
      testDescription: "no more versions are ordered than there are unseen combinations",
      state: state(winner) { $0.unseenDesigns = 1 }, decisions: ["promote B", "retire A", "regenerate A"],
      shares: ["B": 95, "C": 5], plan: "B>C+1"),
    Case(
      testDescription: "without an unseen combination nothing is regenerated",
      state: state([arm("A", fatigued: true), arm("B"), arm("C")]) { $0.unseenDesigns = 0 }, decisions: []),
    Case(
      testDescription: "a version left alone gets company",
      state: state([arm("A", nil, share: 1)]), decisions: ["regenerate A"], plan: "A>+2"),
    Case(
      testDescription: "broken assignment pauses, whatever the verdicts say",
      state: state(winner) { $0.blocks = [block(.sampleRatioMismatch)] }, decisions: ["pause -"]),
    Case(
      testDescription: "a pause is not repeated",
      state: state(winner) {
        $0.blocks = [block(.sampleRatioMismatch)]
        $0.isPaused = true
      }, decisions: []),
    Case(
      testDescription: "viewers in several versions pause, too",
      state: state(winner) { $0.blocks = [block(.viewersInSeveralVersions)] }, decisions: ["pause -"]),
    Case(
      testDescription: "a version that is not shown at all pauses, too",
      state: state(winner) { $0.blocks = [block(.delayedEvents), block(.missingDays)] },
      decisions: ["pause -"]),
    Case(
      testDescription: "traffic that is mostly invalid pauses, too",
      state: state(winner) { $0.blocks = [block(.invalidTraffic)] }, decisions: ["pause -"]),
    Case(
      testDescription: "events that are late are waited for",
      state: state(winner) { $0.blocks = [block(.delayedEvents)] }, decisions: []),
    Case(
      testDescription: "too few events lead to nothing",
      state: state(winner) { $0.blocks = [block(.tooFewEvents)] }, decisions: []),
    Case(
      testDescription: "arms that a platform chose are never acted on",
      state: state(winner) { $0.randomised = false }, decisions: []),
    Case(
      testDescription: "equal versions keep equal shares",
      state: state([arm("A"), arm("B"), arm("C")]), decisions: []),
    Case(
      testDescription: "shares follow the two most promising",
      state: state([
        arm("A", .leading, rate: 0.024), arm("B", .trailing, rate: 0.023), arm("C", .trailing, rate: 0.017),
      ]),
      decisions: ["reallocate A"], shares: ["A": 47, "B": 47, "C": 5]),
    Case(
      testDescription: "shares stay within a young epoch",
      state: state([
        arm("A", .leading, rate: 0.024), arm("B", .trailing, rate: 0.023), arm("C", .trailing, rate: 0.017),
      ]) {
        $0.epochHours = 19
      }, decisions: []),
    Case(
      testDescription: "shares stay while evidence is thin",
      state: state([
        arm("A", .leading, rate: 0.024, impressions: 499), arm("B", .trailing, impressions: 499), arm("C"),
      ]), decisions: []),
  ]

  @Test("each state leads to these decisions and no others", arguments: cases)
  func decisions(_ example: Case) {
    let outcome = Policy().decide(example.state)
    func name(_ id: Identifier<Variant>?) -> String {
      example.state.arms.first { $0.variant == id }?.name ?? "-"
    }
    #expect(outcome.drafts.map { "\($0.kind.rawValue) \(name($0.variant))" } == example.decisions)
    let shares = outcome.shares.map { shares in
      Dictionary(uniqueKeysWithValues: shares.map { (name($0.variant), Int(($0.share * 100).rounded())) })
    }
    #expect(shares == example.shares)
    let plan = outcome.drafts.compactMap(\.plan).first
    #expect(
      plan.map { "\(name($0.parent))>\($0.replaces.map(name).sorted().joined(separator: ","))+\($0.count)" }
        == example.plan)
  }

  @Test("shares of every outcome keep the floor and sum to one", arguments: cases)
  func shares(_ example: Case) {
    guard let shares = Policy().decide(example.state).shares else { return }
    #expect(abs(shares.map(\.share).reduce(0, +) - 1) < 1e-9)
    #expect(shares.allSatisfy { $0.share >= AllocationEpoch.floor - 1e-12 })
  }

  @Test("decisions of the first rules are taken again as they were then")
  func firstVersion() {
    let blocked = state([arm("A"), arm("B")]) { $0.blocks = [block(.invalidTraffic)] }
    #expect(Policy(version: 1).decide(blocked).drafts.isEmpty)
    #expect(Policy().decide(blocked).drafts.map(\.kind) == [.pause])
  }

  @Test("every reason is a sentence that names the version", arguments: cases)
  func reasons(_ example: Case) {
    for draft in Policy().decide(example.state).drafts {
      #expect(draft.reason.hasSuffix("."))
      if let arm = example.state.arms.first(where: { $0.variant == draft.variant }) {
        #expect(draft.reason.contains(arm.name))
      }
    }
  }

  @Test("a state read back from JSON leads to the same outcome", arguments: cases)
  func storedState(_ example: Case) throws {
    let stored = try JSONEncoding.text(example.state)
    let read = try JSONEncoding.value(SegmentState.self, from: stored)
    #expect(Policy().decide(read) == Policy().decide(example.state))
  }
}
