import Analysis
import Campaigns

/// The sentences of decisions: what was seen and what is done, in words a marketer understands.
enum Reason {
  enum Regeneration {
    case fatigue
    case loss
    case shift(String)
    case alone
  }

  static func pause(_ checks: [HealthCheck]) -> String {
    "Nothing is decided here until this is resolved: " + checks.map(\.sentence).joined(separator: " ")
  }

  static func promotion(
    _ winner: SegmentState.Arm, share: Double, floor: Double, others: Int, goal: Goal
  ) -> String {
    let rest = others == 1 ? "the other" : "the others"
    return
      "Version \(winner.name) is shown to bring more \(goal.successes) than every other\(margin(winner)). "
      + "It gets \(Figure.percent(share, digits: 0)) of the traffic, \(rest) "
      + "\(Figure.percent(floor, digits: 0))\(others == 1 ? "" : " each")."
  }

  static func retirement(_ arm: SegmentState.Arm, goal: Goal) -> String {
    "Version \(arm.name) is shown to bring fewer \(goal.successes)\(margin(arm)). It gets no more traffic."
  }

  /// - Parameter places: names of the versions that the new ones follow.
  static func regeneration(
    _ subject: SegmentState.Arm, parent: SegmentState.Arm, count: Int, places: [String],
    because: Regeneration,
    goal: Goal
  ) -> String {
    let made = count == 1 ? "One new version" : "\(count) new versions"
    let descent = "\(made) will descend from \(parent.name) and take the place of \(list(places))"
    switch because {
    case .fatigue:
      let retiring = places.count == 1 ? "\(places[0]) retires" : "\(list(places)) retire"
      return
        "Version \(subject.name) wears out: it brings fewer \(goal.successes) than in its first week, measured "
        + "against the versions beside it. \(made) will keep what still works in it and change what people tire of "
        + "first. \(retiring) when \(count == 1 ? "it enters" : "they enter")."
    case .loss:
      return "Version \(subject.name) lost\(margin(subject)). \(descent)."
    case .shift(let sentence):
      return "\(sentence) What worked before may not work now. \(descent), the weakest."
    case .alone:
      return
        "Version \(subject.name) has no version left to be compared with. \(made) will descend from it and enter "
        + "beside it."
    }
  }

  static func reallocation(_ ranked: [(name: String, share: Double)]) -> String {
    let shares = ranked.map { "\($0.name) \(Figure.percent($0.share, digits: 0))" }.joined(separator: ", ")
    return "No version is shown to be best yet, and \(ranked[0].name) is the most promising: traffic goes "
      + "where it tells most (\(shares))."
  }

  static func launch(new: [String], staying: [String], placements: Int) -> String {
    let files = placements == 1 ? "the one placement" : "all \(placements) placements"
    let start = "\(list(new)) \(new.count == 1 ? "is" : "are") rendered for \(files)"
    let others = staying.isEmpty ? "" : " beside \(list(staying))"
    return "\(start) and \(new.count == 1 ? "enters" : "enter") the test\(others), with equal shares."
  }

  static func replaced(_ name: String, by new: [String]) -> String {
    "Version \(name) makes room for \(list(new)), as was decided when \(new.count == 1 ? "it was" : "they were") ordered."
  }

  static func list(_ names: [String]) -> String {
    names.count < 2
      ? names.joined() : names.dropLast().joined(separator: ", ") + " and " + names[names.count - 1]
  }

  /// ` than A (−23 %, at best −11 %)`, as far as it is known.
  private static func margin(_ arm: SegmentState.Arm) -> String {
    guard let against = arm.against else { return "" }
    guard let lift = arm.lift else { return arm.standing == .winner ? "" : " than \(against)" }
    let better = lift.value >= 0
    let bound = better ? lift.low : lift.high
    let figures =
      "\(Figure.signedPercent(lift.value, digits: 0)) against \(against), at \(better ? "least" : "best") "
      + Figure.signedPercent(bound, digits: 0)
    return " (\(figures))"
  }
}
