import Campaigns
import Statistics

/// Does a version wear out: its contrast against the versions beside it, a recent week of its life against its
/// first.
///
/// Looks are weekly by construction: only whole weeks of life count, so looking daily adds no chance of a false
/// alarm, and look n is made at the level `AlphaSpending` leaves for it.
struct Wear: Hashable, Sendable, Codable {
  var variant: Identifier<Variant>
  var others: [Identifier<Variant>]
  /// 1 at fourteen days of life, 2 at twenty-one …
  var look: Int
  /// The level of this look.
  var alpha: Double
  var fresh: [ContrastDay]
  var recent: [ContrastDay]

  /// Nil before fourteen days of life.
  /// - Parameter alpha: over all looks.
  init?(of variant: Identifier<Variant>, in inputs: ExperimentInputs, days: DailyCounts, alpha: Double) {
    guard let place = days.variants.firstIndex(of: variant),
      let first = days.all.first(where: { days[$0][place].trials > 0 })
    else { return nil }
    let weeks = (CivilDate(inputs.until).dayNumber - first.dayNumber) / 7
    guard weeks >= 2 else { return nil }
    self.variant = variant
    others = days.variants.filter { $0 != variant }
    look = weeks - 1
    self.alpha = AlphaSpending.alpha(atLook: weeks - 1, of: alpha)
    let week = { (start: Int) in
      (start..<(start + 7)).map { offset in
        var others = days[first.advanced(byDays: offset)]
        let own = others.remove(at: place)
        return ContrastDay(variant: own, others: others)
      }
    }
    fresh = week(0)
    recent = week(7 * (weeks - 1))
  }

  /// On the log scale; nil where it cannot be told.
  var interval: IntervalEstimate? { ChangeInContrast(fresh: fresh, recent: recent, alpha: alpha).interval }

  /// Relative change of the contrast, -0.2 = 20 % lower; nil where it cannot be told.
  var change: Estimate? { interval.map(Estimate.init(relative:)) }

  var isShown: Bool { (change?.high ?? 0) < 0 }
}

/// What is shown of a version's wear.
enum Fatigue {
  case contrast(Wear, Estimate)
  case exposure(WearByExposure, WearByExposure.Outcome)

  /// Where it is known how often viewers had seen a version, both tests look, with half of alpha each.
  init?(of variant: Identifier<Variant>, in inputs: ExperimentInputs, days: DailyCounts) {
    let hasExposures = inputs.cohorts.contains { $0.variant == variant }
    let alpha = inputs.experiment.alpha / (hasExposures ? 2 : 1)
    guard let wear = Wear(of: variant, in: inputs, days: days, alpha: alpha), let interval = wear.interval
    else { return nil }
    let change = Estimate(relative: interval)
    if change.high < 0 {
      self = .contrast(wear, change)
      return
    }
    // Nothing dearer is computed for a version that stands about as high as at first. That can only silence an alarm.
    guard hasExposures, interval.estimate < -interval.standardError,
      let test = WearByExposure(of: variant, in: inputs, days: days, alpha: alpha),
      let outcome = test.outcome, outcome.isShown
    else { return nil }
    self = .exposure(test, outcome)
  }
}
