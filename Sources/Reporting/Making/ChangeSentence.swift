import Analysis
import Campaigns

/// The week against the one before, without claiming what is not shown.
struct ChangeSentence {
  let goal: Goal
  let isComplete: Bool

  func change(_ figures: PeriodFigures, trend: SegmentTrend?) -> Change {
    let (week, before) = (figures.week, figures.weekBefore)
    guard isComplete else {
      return Change(
        impressions: nil, rate: nil, isShown: false,
        sentence: "The week is not over, so it is not compared with the one before.")
    }
    guard before.impressions > 0, week.impressions > 0, let now = week.rate, let then = before.rate else {
      let sentence =
        week.impressions == 0
        ? "Nothing was shown this week."
        : "Nothing was shown the week before, so there is nothing to compare with."
      return Change(impressions: nil, rate: nil, isShown: false, sentence: sentence)
    }
    let impressions = Double(week.impressions) / Double(before.impressions) - 1
    let rate = then > 0 ? now / then - 1 : nil
    let shown = trend?.isShown == true ? trend?.change : nil
    var sentence =
      "\(Figure.count(week.impressions)) impressions (\(Self.moved(impressions)) the week before's "
      + "\(Figure.count(before.impressions))); \(Figure.percent(now)) \(goal.inWords) after \(Figure.percent(then))."
    if let shown {
      sentence +=
        " The audience is shown to respond differently, over versions that ran in both weeks: "
        + "\(Figure.lift(shown))."
    } else {
      sentence +=
        " Weeks differ by season, holidays and the mix of versions: a difference seen here is not a difference shown."
    }
    return Change(impressions: impressions, rate: rate, isShown: shown != nil, sentence: sentence)
  }

  /// `5% more than`, `as many as`
  private static func moved(_ change: Double) -> String {
    let text = Figure.percent(abs(change), digits: 0)
    if text == "0%" { return "about as many as" }
    return "\(text) \(change < 0 ? "fewer" : "more") than"
  }
}
