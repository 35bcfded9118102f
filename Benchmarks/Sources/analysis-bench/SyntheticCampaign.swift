import Analysis
import Campaigns
import Foundation
import Statistics

/// A campaign of 100 segments x 8 versions x 90 days as the database hands it over: counts by version and day, moments
/// of viewers by version and first day, the segment hour by hour. The same at every start.
struct SyntheticCampaign {
  static let segmentCount = 100
  static let versions = 8
  static let days = 90
  static let start = Date(timeIntervalSince1970: 1_794_787_200)
  static let end = start + Double(days) * CivilDate.secondsPerDay

  let campaign = Campaign(
    id: Self.id(1), workspace: Self.id(2), brand: nil, key: "campaign", name: "Campaign", status: .running,
    goal: .clickThrough, languages: ["en"], placements: [], startsOn: nil, endsOn: nil, budget: nil,
    document: CampaignDocument(
      brief: Brief(product: [:], promise: [:], proof: [:], legal: [:]), factors: [],
      policy: DecisionPolicy(
        confidence: 0.95, regenerate: true, allocationFloor: 0.05, plannedImpressionsPerSegment: 400_000,
        schedule: "0 6 * * 1"),
      durationMs: 10_000, versionsPerSegment: Self.versions))
  let segments: [SegmentInputs]

  init() {
    var chance = Chance()
    segments = (0..<Self.segmentCount).map { SegmentInputs(Self.round(ofSegment: $0, &chance)) }
  }

  private static func round(ofSegment number: Int, _ chance: inout Chance) -> ExperimentInputs {
    let segment = Segment(
      id: id(1_000 + number), campaign: id(1), key: "segment_\(number)", name: "Segment \(number)",
      language: "en", audience: nil, rule: AudienceRule(all: []))
    let variants = (0..<versions).map { version in
      Variant(
        id: id(100_000 + 100 * number + version), campaign: id(1), segment: segment.id,
        name: ["A", "B", "C", "D", "E", "F", "G", "H"][version], origin: .designed, generation: 1,
        parent: nil,
        levels: [
          "hook": "h\(version & 1)", "pace": "p\(version >> 1 & 1)", "music": "m\(version >> 2 & 1)",
        ], status: .active, createdAt: start, activatedAt: start)
    }
    let experiment = Experiment(
      id: id(500_000 + number), campaign: id(1), segment: segment.id, round: 1, goal: .clickThrough,
      alpha: 0.05, plannedImpressions: 400_000, randomised: true, control: variants[0].id, startedAt: start,
      epochs: epochs(variants))
    var inputs = ExperimentInputs(
      segment: segment, experiment: experiment, variants: variants, cells: cells(of: experiment, &chance),
      asOf: end)
    inputs.cohorts = (0..<days).flatMap { day in variants.map { cohort(of: $0.id, day: day) } }
    let firstHour = Int(start.timeIntervalSince1970 / 3_600)
    inputs.hours = (0..<(days * 24)).map { hour in
      SegmentHour(hour: firstHour + hour, impressions: 167, successes: chance.count(of: 167, at: 0.02))
    }
    return inputs
  }

  /// A week each: alike in one, a favourite in the next.
  private static func epochs(_ variants: [Variant]) -> [Campaigns.AllocationEpoch] {
    (0...(days / 7)).map { week in
      Campaigns.AllocationEpoch(
        number: week + 1, startsAt: start + Double(7 * week) * CivilDate.secondsPerDay,
        shares: variants.enumerated().map { version, variant in
          let unequal = version == week % versions ? 0.3 : 0.1
          return .init(variant: variant.id, share: week % 2 == 0 ? 0.125 : unequal)
        })
    }
  }

  private static func cells(of experiment: Experiment, _ chance: inout Chance) -> [RollupCell] {
    (0..<days).flatMap { day in
      experiment.epochs[day / 7].shares.enumerated().map { version, share in
        var counts = EventCounts()
        counts.impressions = chance.count(of: 8_000 * share.share, at: 0.5)
        let shown = Double(counts.impressions)
        counts.starts = chance.count(of: shown, at: 0.9)
        counts.firstQuartiles = min(counts.starts, chance.count(of: shown, at: 0.8))
        counts.midpoints = min(counts.firstQuartiles, chance.count(of: shown, at: 0.6))
        counts.thirdQuartiles = min(counts.midpoints, chance.count(of: shown, at: 0.5))
        counts.completes = min(counts.thirdQuartiles, chance.count(of: shown, at: 0.4))
        counts.clicks = chance.count(of: shown, at: 0.02 + 0.0005 * Double(version))
        counts.conversions = chance.count(of: shown, at: 0.004)
        return RollupCell(
          experiment: experiment.id, epoch: day / 7 + 1, day: CivilDate(start).advanced(byDays: day),
          variant: share.variant, counts: counts)
      }
    }
  }

  /// 150 viewers of three impressions each.
  private static func cohort(of variant: Identifier<Variant>, day: Int) -> ViewerCohort {
    func moments(_ rate: Double) -> BivariateMoments {
      BivariateMoments(
        count: 150, meanX: 3, meanY: 3 * rate, squaredDeviationsX: 300, squaredDeviationsY: 450 * rate,
        codeviations: 300 * rate)
    }
    return ViewerCohort(
      variant: variant, day: CivilDate(start).advanced(byDays: day), completes: moments(0.4),
      clicks: moments(0.02), conversions: moments(0.004), value: moments(0.05))
  }

  private static func id<Subject>(_ number: Int) -> Identifier<Subject> {
    func byte(_ place: Int) -> UInt8 { UInt8(truncatingIfNeeded: number >> (8 * place)) }
    return Identifier(
      UUID(uuid: (1, 147, 0, 0, 0, 0, 112, 0, 128, 0, 0, 0, byte(3), byte(2), byte(1), byte(0))))
  }
}

/// SplitMix64 (Steele, Lea, Flood 2014).
private struct Chance: RandomNumberGenerator {
  private var state: UInt64 = 1

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// Binomial by its mean and variance: the sum of three uniform numbers for the normal one.
  mutating func count(of trials: Double, at rate: Double) -> Int64 {
    let sum = (0..<3).reduce(-1.5) { sum, _ in sum + Double.random(in: 0..<1, using: &self) }
    return Int64(max(0, trials * rate + 2 * sum * (trials * rate * (1 - rate)).squareRoot()).rounded())
  }
}
