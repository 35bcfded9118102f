import Campaigns

/// Verdicts in words a marketer understands and an analyst accepts.
struct Sentences {
  let goal: Goal
  let alpha: Double
  let names: [Identifier<Variant>: String]

  func standing(
    _ kind: Verdict.Kind, of variant: Identifier<Variant>, contrast: Contrast?, counts: (Int64, Int64),
    arms: Int
  ) -> String {
    let name = names[variant] ?? "?"
    guard let contrast, let other = names[contrast.comparison] else {
      return
        "Too little is known of version \(name) to compare it: \(Figure.count(counts.0)) impressions and "
        + "\(Figure.count(counts.1)) \(goal.successes) so far."
    }
    switch kind {
    case .winner:
      let rank = arms > 2 ? "the best" : "better"
      let than = arms > 2 ? "than \(other), the runner-up" : "than \(other)"
      return "Version \(name) is shown to be \(rank): \(shown(contrast, than)). \(validity)"
    case .loser:
      return "Version \(name) is shown to be worse than \(other): \(shown(contrast, nil)). \(validity)"
    case .leading:
      return "Version \(name) is ahead of \(other) so far, but this is not shown: \(open(contrast))."
    case .trailing:
      return "Version \(name) is behind \(other) so far, but this is not shown: \(open(contrast))."
    default:
      return "Nothing can be said of version \(name) yet."
    }
  }

  func fatigued(_ variant: Identifier<Variant>, change: Estimate) -> String {
    "Version \(names[variant] ?? "?") is shown to wear out: beside the same other versions it now gets "
      + "\(relative(change)) \(goal.inWords) than in its first week (\(relativeRange(change)))."
  }

  func shifted(_ change: Estimate) -> String {
    "The audience as a whole is shown to respond differently: \(relative(change)) \(goal.inWords) than in the week "
      + "before, over all versions alike (\(relativeRange(change))). This is the market, not one version."
  }

  private var validity: String {
    "This holds at \(Figure.percent(1 - alpha, digits: (alpha * 100).rounded() == alpha * 100 ? 0 : 1)) "
      + "confidence, however often you look."
  }

  /// `35% more clicks per impression than A (12% to 61% more)`
  private func shown(_ contrast: Contrast, _ than: String?) -> String {
    let tail = than.map { " " + $0 } ?? ""
    if let lift = contrast.lift {
      return "\(relative(lift)) \(goal.inWords)\(tail) (\(relativeRange(lift)))"
    }
    return "\(points(contrast.difference.value)) points of \(goal.inWords)\(tail) "
      + "(\(points(contrast.difference.low)) to \(points(contrast.difference.high)))"
  }

  private func open(_ contrast: Contrast) -> String {
    guard let lift = contrast.lift else {
      return "\(points(contrast.difference.value)) points of \(goal.inWords), with anything from "
        + "\(points(contrast.difference.low)) to \(points(contrast.difference.high)) still possible"
    }
    let digits = Figure.liftDigits(lift)
    let side = { (value: Double) in
      "\(Figure.percent(abs(value), digits: digits)) \(value < 0 ? "fewer" : "more")"
    }
    return
      "\(relative(lift)) \(goal.inWords), with anything from \(side(lift.low)) to \(side(lift.high)) still "
      + "possible"
  }

  /// `35% more`
  private func relative(_ change: Estimate) -> String {
    let text = Figure.percent(abs(change.value), digits: Figure.liftDigits(change))
    return "\(text) \(change.value < 0 ? "fewer" : "more")"
  }

  /// `12% to 61% more`; for losses the smaller comes first.
  private func relativeRange(_ change: Estimate) -> String {
    let digits = Figure.liftDigits(change)
    let ends = [change.low, change.high].map(abs).sorted().map { Figure.percent($0, digits: digits) }
    return "\(ends[0]) to \(ends[1]) \(change.value < 0 ? "fewer" : "more")"
  }

  private func points(_ difference: Double) -> String {
    let text = Figure.decimal(difference * 100, digits: abs(difference) < 0.001 ? 3 : 2)
    return difference > 0 ? "+" + text : text
  }
}
