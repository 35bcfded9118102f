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
  init?(of variant: Identifier<Variant>, in inputs: ExperimentInputs, days: DailyCounts) {
    guard let first = days.firstDay(of: variant) else { return nil }
    let weeks = (CivilDate(inputs.until).dayNumber - first.dayNumber) / 7
    guard weeks >= 2 else { return nil }
    let others = days.variants.filter { $0 != variant }
    self.variant = variant
    self.others = others
    look = weeks - 1
    alpha = AlphaSpending.alpha(atLook: weeks - 1, of: inputs.experiment.alpha)
    let week = { (start: Int) in
      (start..<(start + 7)).map { offset in
        let day = first.advanced(byDays: offset)
        return ContrastDay(
          variant: days[day, variant], others: others.map { days[day, $0] })
      }
    }
    fresh = week(0)
    recent = week(7 * (weeks - 1))
  }

  /// Relative change of the contrast, -0.2 = 20 % lower; nil where it cannot be told.
  var change: Estimate? {
    ChangeInContrast(fresh: fresh, recent: recent, alpha: alpha).interval.map(Estimate.init(relative:))
  }

  var isShown: Bool { (change?.high ?? 0) < 0 }
}
