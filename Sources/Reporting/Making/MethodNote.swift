import Analysis
import Campaigns
import FoundationEssentials

/// How figures were made and how far they carry, for the reader who asks.
struct MethodNote {
  private let report: WeeklyReport

  init(_ report: WeeklyReport) { self.report = report }

  func sentences() -> [String] {
    var sentences = [
      "Weeks are ISO weeks in UTC. Figures use whole hours before \(Self.moment(report))."
    ]
    if report.isRandomised {
      let alpha = report.segments.flatMap(\.rounds).first { $0.randomised }?.alpha ?? 0.05
      sentences += [
        "Viewers were assigned to versions by chance, in logged shares. Versions are compared over their whole round "
          + "by asymptotic confidence sequences (Waudby-Smith et al. 2024), per epoch of equal shares, simultaneously "
          + "over all pairs: at most \(Figure.percent(alpha, digits: 0)) of rounds ever name a wrong winner or loser, "
          + "however often anyone looks and however traffic is moved. Viewers are the units: impressions of one viewer "
          + "are not taken for independent.",
        "“Wearing out” compares a version's standing beside the same others with its first week, or with what it was "
          + "before its viewers had seen it often, so a market that moves all alike is not taken for it; “market moved” "
          + "compares all versions with the week before, or with what is usual for the hour of the week. Each errs in at "
          + "most \(Figure.percent(alpha, digits: 0)) over all looks.",
        "“Ahead” and “behind” describe; only “winner”, “shown worse”, “wearing out” and “market moved” claim. The chance of being "
          + "best describes too: it starts from even odds and promises no error rate.",
      ]
    } else if report.figures.total.impressions > 0 {
      sentences.append(
        "A platform chose who saw which version. Rates and costs are what it reported; differences between "
          + "versions or segments may come from the people reached, so none is called better.")
    }
    if report.hasUndatedInsights {
      sentences.append(
        "The platform's export states no dates: its sums are of the whole campaign, not of this week.")
    }
    if report.figures.total.spendMicros != nil, report.campaign.currency == nil {
      sentences.append("Amounts are in the currency of the platform's export, which does not name it.")
    }
    return sentences
  }

  private static func moment(_ report: WeeklyReport) -> String {
    let day = CivilDate(report.asOf)
    let minutes = Int((report.asOf.timeIntervalSince1970 - day.start.timeIntervalSince1970) / 60)
    let digits = { (number: Int) in number < 10 ? "0\(number)" : "\(number)" }
    return "\(day.inWords), \(digits(minutes / 60)):\(digits(minutes % 60)) UTC"
  }
}
