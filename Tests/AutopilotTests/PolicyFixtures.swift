import Analysis
import Campaigns
import Foundation

@testable import Autopilot

/// The same id for the same letter, in every test.
func id<Subject>(_ letter: Character) -> Identifier<Subject> {
  let byte = letter.asciiValue ?? 0
  return Identifier(UUID(uuid: (1, 0x8f, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, byte)))
}

/// Monday, 23 November 2026, 06:00 UTC.
let monday = Date(timeIntervalSince1970: 1_795_413_600)

func settings(regenerate: Bool = true, minimumLift: Double = 0.05) -> DecisionPolicy {
  DecisionPolicy(
    confidence: 0.95, minimumLift: minimumLift, regenerate: regenerate, allocationFloor: 0.05,
    plannedImpressionsPerSegment: 60_000, schedule: "0 6 * * 1")
}

func arm(
  _ name: Character, _ standing: Verdict.Kind? = .inconclusive, rate: Double = 0.020, share: Double = 1.0 / 3,
  fatigued: Bool = false, ageHours: Double = 300, impressions: Int64 = 10_000, against: String? = nil,
  lift: Double? = nil
) -> SegmentState.Arm {
  SegmentState.Arm(
    variant: id(name), name: String(name), generation: 1, standing: standing, isFatigued: fatigued,
    ageHours: ageHours, share: share, impressions: impressions,
    successes: Int64((Double(impressions) * rate).rounded()), rate: rate, against: against,
    difference: nil, lift: lift.map { Estimate(value: $0, low: $0 - 0.1, high: $0 + 0.1) })
}

func state(_ arms: [SegmentState.Arm], _ change: (inout SegmentState) -> Void = { _ in }) -> SegmentState {
  var state = SegmentState(
    segment: id("s"), segmentName: "Young adults", experiment: id("e"), round: 1, randomised: true,
    goal: .clickThrough, asOf: monday, epochHours: 167, arms: arms, blocks: [], isPaused: false, shift: nil,
    inTheMaking: 0, hoursSinceRegeneration: nil, unseenDesigns: 1000, versionsWanted: 3,
    settings: settings())
  change(&state)
  return state
}

func block(_ kind: HealthCheck.Kind) -> HealthCheck {
  HealthCheck(kind: kind, blocking: true, sentence: "Versions were not shown as planned.")
}
