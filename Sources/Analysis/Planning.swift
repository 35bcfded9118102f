public import Campaigns
import FoundationEssentials
public import Statistics

/// A segment's traffic and rate as they are, and what they allow: how long a lift takes to be shown, what can be shown
/// at all, and when the round that is on may come to a verdict.
public struct SegmentPlan: Hashable, Sendable, Codable {
  public let segment: String
  public let segmentName: String
  public let goal: Goal
  /// That share the traffic now.
  public let versions: Int
  /// Error rate of the round's claims.
  public let alpha: Double
  /// Of the last seven whole days, or of the round so far when it is younger; of the segment's last whole week while nobody has
  /// seen the round, see ``isOfEarlierRounds``.
  public let impressionsPerDay: Double
  /// Whether traffic and rate are those of earlier rounds.
  public let isOfEarlierRounds: Bool
  /// Successes of the goal per impression over the same time; nil without impressions.
  public let rate: Double?
  public let plan: ExperimentPlan?
  public let traffic: TrafficPlan?
  /// Why there is no `plan` or no `traffic`.
  public let problem: PlanningProblem?
  /// The name of the version shown to be better than all others.
  public let winner: String?
  public let forecast: Forecast?

  /// When the best version may be shown better than the runner-up, if it is as much better as it has been.
  public struct Forecast: Hashable, Sendable, Codable {
    public enum State: String, Hashable, Sendable, Codable {
      case days
      case needsMoreTraffic = "needs_more_traffic"
      case noTraffic = "no_traffic"
      case noDifference = "no_difference"
      case tooEarly = "too_early"
    }

    public let state: State
    /// More days: as likely as not by `half`, with the demanded power by `sure`; above 0.
    public let half: Double?
    public let sure: Double?
  }

  /// - Parameters:
  ///   - lift: relative, that a version should do better by.
  ///   - days: for which the smallest lift that can be shown is told.
  public init(_ analysis: SegmentAnalysis, lift: Double, power: Double = 0.8, days: Double = 28) {
    let recent = RecentTraffic(analysis)
    segment = analysis.segment.key
    segmentName = analysis.segment.name
    goal = analysis.experiment.goal
    versions = recent.arms
    alpha = analysis.experiment.alpha
    impressionsPerDay = recent.perDay
    isOfEarlierRounds = recent.isOfEarlierRounds
    rate = recent.counts.trials > 0 ? recent.counts.rate : nil
    winner = analysis.winner?.variant.name
    let demand = ExperimentPlan.Demand(
      baseline: recent.counts.rate, lift: lift, arms: recent.arms,
      alpha: ComparisonRules(analysis.experiment, clustering: nil).sequenceAlpha, power: power,
      unitsPerDay: recent.perDay)
    var problem: PlanningProblem?
    func orProblem<Plan>(_ make: () throws(PlanningProblem) -> Plan) -> Plan? {
      do throws(PlanningProblem) {
        return try make()
      } catch {
        problem = problem ?? error
        return nil
      }
    }
    guard recent.perDay > 0 else {
      (plan, traffic, self.problem, forecast) = (nil, nil, .noUnits, nil)
      return
    }
    plan = orProblem { () throws(PlanningProblem) in try ExperimentPlan(demand) }
    traffic = orProblem { () throws(PlanningProblem) in try TrafficPlan(demand, days: days) }
    self.problem = problem
    forecast =
      analysis.allowsClaims && winner == nil && !recent.isOfEarlierRounds
      ? Forecast(analysis, unitsPerDay: recent.perDay, arms: recent.arms, power: power) : nil
  }
}

extension SegmentPlan.Forecast {
  /// Nil when there are not two versions to compare, and where counts of all epochs together disagree with the verdict,
  /// because traffic was moved.
  init?(_ analysis: SegmentAnalysis, unitsPerDay: Double, arms: Int, power: Double) {
    let active = analysis.variants.filter { $0.share.map { $0 > 0 } ?? false }
    guard active.count > 1 else { return nil }
    let experiment = analysis.experiment
    let sequence = ComparisonRules(experiment, clustering: nil).sequence(arms: arms)
    let forecast = VerdictForecast(
      a: active[1].counts.of(experiment.goal), b: active[0].counts.of(experiment.goal), sequence: sequence,
      unitsPerDay: unitsPerDay, shares: (active[1].share ?? 0, active[0].share ?? 0), power: power)
    switch forecast {
    case .reached: return nil
    case .days(let half, let sure): self.init(state: .days, half: half, sure: sure)
    case .needsMoreTraffic(let days, _): self.init(state: .needsMoreTraffic, half: nil, sure: days)
    case .noTraffic: self.init(state: .noTraffic, half: nil, sure: nil)
    case .noDifference: self.init(state: .noDifference, half: nil, sure: nil)
    case .invalid: self.init(state: .tooEarly, half: nil, sure: nil)
    }
  }
}

/// What the versions that have a share now were shown lately.
private struct RecentTraffic {
  let arms: Int
  let perDay: Double
  let counts: BinomialCounts
  let isOfEarlierRounds: Bool

  init(_ analysis: SegmentAnalysis) {
    let day = 86_400.0
    let start = analysis.experiment.startedAt.timeIntervalSince1970
    let until = min(analysis.asOf, analysis.experiment.endedAt ?? analysis.asOf).timeIntervalSince1970
    let active = analysis.variants.filter { ($0.share ?? 0) > 0 }
    arms = max(2, active.count)
    let midnight = (until / day).rounded(.down) * day
    let first = max((start / day).rounded(.up) * day, midnight - 7 * day)
    let isWhole = first < midnight
    var counts = BinomialCounts.zero
    for point in active.flatMap(\.days) {
      let moment = point.day.timeIntervalSince1970
      guard !isWhole || (first <= moment && moment < midnight) else { continue }
      counts += BinomialCounts(successes: point.successes, trials: point.impressions)
    }
    if counts.trials == 0, let trend = analysis.trend, trend.recentImpressions > 0 {
      self.counts = BinomialCounts(
        successes: min(trend.recentSuccesses, trend.recentImpressions), trials: trend.recentImpressions)
      perDay = Double(trend.recentImpressions) / 7
      isOfEarlierRounds = true
      return
    }
    self.counts = counts
    isOfEarlierRounds = false
    // Less than an hour of a round says nothing of a day.
    let days = isWhole ? (midnight - first) / day : max(until - start, 3_600) / day
    perDay = Double(counts.trials) / days
  }
}
