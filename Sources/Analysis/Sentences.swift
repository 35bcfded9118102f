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
      return arms > 2
        ? "Version \(name) is shown to be the best: \(shown(contrast, "against \(other), the runner-up")), \(validity)"
        : "Version \(name) is shown to be better than \(other): \(shown(contrast, nil)), \(validity)"
    case .loser:
      return "Version \(name) is shown to be worse than \(other): \(shown(contrast, nil)), \(validity)"
    case .leading:
      return "Version \(name) is ahead of \(other) so far, but this is not shown: \(open(contrast))."
    case .trailing:
      return "Version \(name) is behind \(other) so far, but this is not shown: \(open(contrast))."
    case .inconclusive:
      return
        "Versions \(name) and \(other) do equally well so far, with anything from \(ends(contrast)) still possible."
    default:
      return "Nothing can be said of version \(name) yet."
    }
  }

  func fatigued(_ variant: Identifier<Variant>, change: Estimate) -> String {
    "Version \(names[variant] ?? "?") is shown to wear out: beside the same other versions it now gets "
      + "\(relative(change)) \(goal.inWords) than in its first week (\(relativeRange(change)))."
  }

  func fatiguedByExposure(_ variant: Identifier<Variant>, change: Estimate) -> String {
    "Version \(names[variant] ?? "?") is shown to wear out: the more often its viewers have seen it, the further it falls "
      + "behind the versions beside it, by now to \(relative(change)) \(goal.successes) than from viewers new to it "
      + "(\(relativeRange(change)))."
  }

  func shifted(_ change: Estimate) -> String {
    "The audience as a whole is shown to respond differently: \(relative(change)) \(goal.inWords) than in the week "
      + "before, over all versions alike (\(relativeRange(change))). This is the market, not one version."
  }

  func shifted(_ change: Estimate, since day: CivilDate) -> String {
    "The audience as a whole is shown to respond differently since about \(day.inWords): \(relative(change)) "
      + "\(goal.inWords) than is usual for these hours of the week, over all versions alike "
      + "(\(relativeRange(change))). This is the market, not one version."
  }

  private var validity: String {
    "and that stays valid however often you look "
      + "(\(Figure.confidence(alpha)) confidence)."
  }

  /// `+35% clicks per impression against A (12% to 61%)`
  private func shown(_ contrast: Contrast, _ against: String?) -> String {
    let tail = against.map { " " + $0 } ?? ""
    if let lift = contrast.lift {
      return "\(Figure.signedPercent(lift.value, digits: Figure.liftDigits(lift))) \(goal.inWords)\(tail) "
        + "(\(Figure.liftRange(lift)))"
    }
    return "\(points(contrast.difference.value)) points of \(goal.inWords)\(tail) "
      + "(\(points(contrast.difference.low)) to \(points(contrast.difference.high)))"
  }

  private func open(_ contrast: Contrast) -> String {
    let figure =
      contrast.lift.map { Figure.signedPercent($0.value, digits: Figure.liftDigits($0)) }
      ?? "\(points(contrast.difference.value)) points of"
    return "\(figure) \(goal.inWords), with anything from \(ends(contrast)) still possible"
  }

  /// `−12% to +23%`
  private func ends(_ contrast: Contrast) -> String {
    guard let lift = contrast.lift else {
      return "\(points(contrast.difference.low)) to \(points(contrast.difference.high)) points"
    }
    let digits = Figure.liftDigits(lift)
    return
      "\(Figure.signedPercent(lift.low, digits: digits)) to \(Figure.signedPercent(lift.high, digits: digits))"
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
