import Analysis
import Foundation
import Statistics

/// A plan made from a rate and a lift, with what a given traffic can show.
struct RatePlan: Encodable {
  let plan: ExperimentPlan
  /// Nil when no traffic was given.
  let traffic: TrafficPlan?
  /// Why a given traffic shows nothing.
  let trafficProblem: PlanningProblem?
  let days: Double

  /// - Throws: `CommandFailure`.
  init(_ demand: ExperimentPlan.Demand, days: Double) throws(CommandFailure) {
    do throws(PlanningProblem) {
      plan = try ExperimentPlan(demand)
    } catch {
      throw CommandFailure("\(error).")
    }
    self.days = days
    guard demand.unitsPerDay != nil else {
      (traffic, trafficProblem) = (nil, nil)
      return
    }
    do throws(PlanningProblem) {
      traffic = try TrafficPlan(demand, days: days)
      trafficProblem = nil
    } catch {
      (traffic, trafficProblem) = (nil, error)
    }
  }
}

/// The same for a terminal.
struct RatePlanText {
  private let made: RatePlan

  init(_ made: RatePlan) { self.made = made }

  var text: String {
    let demand = made.plan.demand
    var lines = [
      "From \(Figure.percent(demand.baseline)) to \(Figure.percent(demand.target)) "
        + "(\(PlanWords.lift(demand.lift))), \(demand.arms) versions, error rate \(Figure.share(demand.alpha)).",
      "", NeedsTable(made.plan).text, "",
      "Plan the round for \(Figure.count(Int64(made.plan.plannedSize))) impressions.",
    ]
    if let traffic = made.traffic {
      lines.append(PlanWords.detectable(traffic, days: made.days, power: demand.power))
    } else if let problem = made.trafficProblem {
      lines.append("In \(PlanWords.days(made.days)): \(problem).")
    } else {
      lines.append("With --per-day it says how many days that takes.")
    }
    return lines.joined(separator: "\n")
  }
}

/// Plans of a campaign's segments for a terminal.
struct SegmentPlansText {
  private let plans: [SegmentPlan]
  private let lift: Double
  private let power: Double
  private let days: Double

  init(_ plans: [SegmentPlan], lift: Double, power: Double, days: Double) {
    self.plans = plans
    self.lift = lift
    self.power = power
    self.days = days
  }

  var text: String {
    guard !plans.isEmpty else {
      return
        "Nothing has been shown to anybody yet. Plan with: retake power --rate 5% --lift 10% --per-day 5000"
    }
    return plans.map(section).joined(separator: "\n\n")
  }

  private func section(_ plan: SegmentPlan) -> String {
    let rate = plan.rate.map { "\(Figure.percent($0)) \(plan.goal.inWords)" } ?? "nothing shown"
    var lines = [
      "\(plan.segmentName) (\(plan.segment)): \(PlanWords.perDay(plan.impressionsPerDay)), \(rate), "
        + "\(plan.versions) versions"
        + (plan.isOfEarlierRounds ? "; nobody has seen this round yet, so these are last week's" : "")
    ]
    if let winner = plan.winner {
      lines.append("  \(winner) is shown to be better than all others already.")
    } else if let forecast = plan.forecast {
      lines.append("  This round: " + PlanWords.sentence(forecast, power: power))
    }
    if let needs = plan.plan {
      lines.append("  A version that does \(PlanWords.lift(lift)) (\(Figure.percent(needs.demand.target))):")
      lines.append(NeedsTable(needs).text)
    }
    if let traffic = plan.traffic {
      lines.append("  " + PlanWords.detectable(traffic, days: days, power: power))
    }
    if let problem = plan.problem {
      lines.append(
        plan.rate == 0
          ? "  There are no \(plan.goal.successes) yet to tell a rate from; ask again when there are some."
          : "  \(problem).")
    }
    return lines.joined(separator: "\n")
  }
}

/// What each way of looking needs.
private struct NeedsTable {
  let text: String

  init(_ plan: ExperimentPlan) {
    let perDay = plan.demand.unitsPerDay
    let sure = PlanWords.chance(plan.demand.power)
    var table = Table(
      ["", "impressions a version"] + (perDay.map { ["days at \(PlanWords.perDay($0))"] } ?? []))
    let rows = [
      ("one look at the end, found \(sure)", plan.oneLook),
      ("looks at any time, half are found by", plan.half), ("                   on average by", plan.average),
      ("                   \(sure) by", plan.demanded),
      ("                   in 95 of 100 by", plan.nearlySure),
    ]
    for (name, need) in rows {
      table.add(
        ["  " + name, Figure.count(Int64(min(need.unitsPerArm, 1e18)))]
          + (need.days.map { [PlanWords.days($0)] } ?? []))
    }
    text = table.text
  }
}

enum PlanWords {
  /// Whole days, never none.
  static func days(_ days: Double) -> String {
    if days < 1 { return "less than a day" }
    let whole = days.rounded(.up)
    if whole > 36_500 { return "more than 100 years" }
    return whole == 1 ? "1 day" : "\(Figure.count(Int64(whole))) days"
  }

  static func perDay(_ impressions: Double) -> String {
    impressions >= 1 || impressions <= 0
      ? "\(Figure.count(Int64(min(impressions, 1e18)))) a day" : "less than 1 a day"
  }

  /// `+10%`, with more digits the smaller it is.
  static func lift(_ lift: Double) -> String {
    let digits = lift < 0.1 ? min(6, Int((-log10(max(lift, 1e-9))).rounded(.up)) - 1) : 0
    return Figure.signedPercent(lift, digits: digits)
  }

  /// `in 80 of 100`
  static func chance(_ power: Double) -> String { "in \(Figure.share(power).dropLast()) of 100" }

  static func detectable(_ traffic: TrafficPlan, days: Double, power: Double) -> String {
    "In \(self.days(days)) this traffic shows lifts from \(lift(traffic.lift)) on, \(chance(power)) "
      + "(one look at the end: from \(lift(traffic.oneLookLift)) on)."
  }

  static func sentence(_ forecast: SegmentPlan.Forecast, power: Double) -> String {
    switch forecast.state {
    case .days:
      "if the best goes on as it has, it is shown to be better within \(days(forecast.half ?? 0)) as likely as not, "
        + "\(chance(power)) within \(days(forecast.sure ?? 0))."
    case .needsMoreTraffic:
      "the best two are too close for this traffic"
        + (forecast.sure.map { "; it would take \(days($0))." } ?? ".")
    case .noTraffic: "nobody is shown the versions."
    case .noDifference: "the best two do as well as each other; there is nothing to wait for."
    case .tooEarly: "there is too little to say when it may come to a verdict."
    }
  }
}
