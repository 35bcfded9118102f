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

  static func regeneration(
    _ subject: SegmentState.Arm, parent: SegmentState.Arm, count: Int, because: Regeneration, goal: Goal
  ) -> String {
    let made = count == 1 ? "One new version" : "\(count) new versions"
    switch because {
    case .fatigue:
      return
        "Version \(subject.name) wears out: it brings fewer \(goal.successes) than in its first week, measured against "
        + "the versions beside it. \(made) will keep what still works in it and change what people tire of first; "
        + "it retires when they enter."
    case .loss:
      return
        "Version \(subject.name) lost\(margin(subject)). \(made) will descend from \(parent.name) and take its place."
    case .shift(let sentence):
      return "\(sentence) What worked before may not work now, so \(made.lowercasedFirst) will descend from "
        + "\(parent.name) and take the place of \(subject.name), the weakest."
    case .alone:
      return
        "Version \(subject.name) has no version left to be compared with. \(made) will descend from it and enter beside it."
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

  static func replaced(_ name: String, by new: [String], because reason: String) -> String {
    "\(name) makes room for \(list(new)). It was decided when they were ordered: \(reason)"
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

extension String {
  fileprivate var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}
