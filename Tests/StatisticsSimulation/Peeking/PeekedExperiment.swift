import Foundation
import Statistics

/// What one arm did: counts or moments.
protocol SimulatedArm: Sendable {
  static var zero: Self { get }
  static func += (left: inout Self, right: Self)
  static func shares(by traffic: BanditTraffic, after totals: [Self]) -> [Double]
}

extension BinomialCounts: SimulatedArm {
  static func shares(by traffic: BanditTraffic, after totals: [Self]) -> [Double] { traffic.shares(totals) }
}

extension BivariateMoments: SimulatedArm {
  static func shares(by traffic: BanditTraffic, after totals: [Self]) -> [Double] { traffic.shares(totals) }
}

/// A stretch of time with one split of traffic, and what the arms did in it.
struct SimulatedEpoch<Arm: SimulatedArm>: Sendable {
  var shares: [Double]
  var arms: [Arm]
  var units: Int64
}

/// How units come to the arms between two looks.
enum SimulatedTraffic: Sendable {
  /// So many to each.
  case equal(perArm: Int)
  /// Days of so many, split by a policy that sees everything of the days before. All that units do has a weekly
  /// season of that amplitude.
  case moved(BanditTraffic, perDay: Int, season: Double)
}

/// Who tells, look by look, what is claimed: a value, so that each experiment gets its own copy.
protocol PeekingJudge<Arm>: Sendable {
  associatedtype Arm: SimulatedArm
  /// +1 when B is claimed better, -1 when A is, nil for no claim.
  mutating func claim(today: SimulatedEpoch<Arm>, all: [SimulatedEpoch<Arm>]) -> Int?
}

/// One experiment under way, as it starts.
struct PeekedExperiment<Judge: PeekingJudge>: Sendable {
  typealias Arm = Judge.Arm

  let traffic: SimulatedTraffic
  /// What units of each arm do in a season.
  let arms: [@Sendable (_ units: Int, _ season: Double, _ randomness: inout SplitMix64) -> Arm]
  var judge: Judge
  private var totals: [Arm]
  private var epochs: [SimulatedEpoch<Arm>] = []

  init(
    _ traffic: SimulatedTraffic,
    arms: [@Sendable (_ units: Int, _ season: Double, _ randomness: inout SplitMix64) -> Arm], judge: Judge
  ) {
    self.traffic = traffic
    self.arms = arms
    self.judge = judge
    totals = arms.map { _ in .zero }
  }

  /// Adds what happened since the last look, and judges.
  mutating func look(_ number: Int, _ randomness: inout SplitMix64) -> Int? {
    let (shares, units, season): ([Double], [Int], Double)
    switch traffic {
    case .equal(let perArm):
      (shares, units, season) = (arms.map { _ in 1 / Double(arms.count) }, arms.map { _ in perArm }, 1)
    case .moved(let policy, let perDay, let amplitude):
      shares = Arm.shares(by: policy, after: totals)
      season = 1 + amplitude * sin(2 * .pi * Double(number) / 7)
      units = randomness.split(perDay, by: shares)
    }
    var today = SimulatedEpoch<Arm>(shares: shares, arms: [], units: Int64(units.reduce(0, +)))
    for arm in arms.indices {
      today.arms.append(arms[arm](units[arm], season, &randomness))
      totals[arm] += today.arms[arm]
    }
    if let last = epochs.indices.last, epochs[last].shares == shares {
      epochs[last].units += today.units
      for arm in arms.indices { epochs[last].arms[arm] += today.arms[arm] }
    } else {
      epochs.append(today)
    }
    return judge.claim(today: today, all: epochs)
  }
}
