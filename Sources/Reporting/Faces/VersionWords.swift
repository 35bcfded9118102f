import Analysis
import Campaigns
import Charts

/// What several faces say of a version in the same words.
extension VersionReport {
  /// Standing, and besides it wear.
  var verdictLabel: String {
    guard isFatigued else { return verdict?.label ?? "No claim" }
    switch verdict {
    case .winner: return "Winner, worn"
    case .loser: return "Worse, worn"
    default: return Verdict.Kind.fatigued.label
    }
  }

  var tone: Tone {
    if verdict == .winner { return .good }
    if verdict == .loser || isFatigued { return .bad }
    return verdict == nil || verdict == .inconclusive ? .muted : .neutral
  }

  /// Impressions of the round, which is what the rate is of.
  var roundImpressions: Int64 { days.reduce(0) { $0 + $1.impressions } }
  var roundSuccesses: Int64 { days.reduce(0) { $0 + $1.successes } }

  /// `generation 2, from A`
  var descent: String {
    "generation \(generation)" + (parent.map { ", from \($0)" } ?? "")
  }

  var levelsInWords: String { levels.map { "\($0.factor): \($0.level)" }.joined(separator: " · ") }

  var rateText: String { rate.map { Figure.percent($0.value, digits: digits(of: $0)) } ?? "–" }

  var rateRange: String {
    guard let rate else { return "–" }
    let digits = digits(of: rate)
    return "\(Figure.percent(rate.low, digits: digits)) to \(Figure.percent(rate.high, digits: digits))"
  }

  private func digits(of rate: Estimate) -> Int { max(1, Figure.percentDigits(rate)) }

  /// `+35% (12% to 61%)`, in points where the lift cannot be told.
  var liftText: String? {
    if let lift { return Figure.lift(lift) }
    guard let difference else { return nil }
    let digits = abs(difference.value) < 0.001 ? 3 : 2
    return "\(Figure.decimal(difference.value * 100, digits: digits)) points "
      + "(\(Figure.decimal(difference.low * 100, digits: digits)) to "
      + "\(Figure.decimal(difference.high * 100, digits: digits)))"
  }
}

extension RoundReport {
  /// `Round 2, since 9 November 2026`
  var title: String {
    guard randomised else { return "As the platform showed them" }
    guard let startedAt else { return "Round \(round)" }
    let start = CivilDate(startedAt).inWords
    guard let endedAt else { return "Round \(round), since \(start)" }
    return "Round \(round), \(start) to \(CivilDate(endedAt).inWords)"
  }

  /// `95% interval`
  var intervalTitle: String { Figure.confidence(alpha) + " interval" }

  /// Lifts of every version under one another.
  var liftChart: IntervalChart? {
    guard randomised, versions.contains(where: { $0.lift != nil }) else { return nil }
    return IntervalChart(
      title: "Lift of each version against its comparison",
      rows: versions.map { version in
        let label = version.comparison.map { "\(version.name) against \($0)" } ?? version.name
        return IntervalChart.Row(
          label: label, estimate: version.lift?.value, low: version.lift?.low ?? 0,
          high: version.lift?.high ?? 0, tone: version.tone, note: version.lift == nil ? "too early" : "")
      }, style: .signedPercent(decimals: 0))
  }

  /// The goal's rate per day of each version, the last four weeks.
  func rateChart(goal: String) -> LineChart? {
    let days = Array(Set(versions.flatMap(\.days).map(\.day)).sorted().suffix(28))
    guard randomised, days.count > 1 else { return nil }
    return LineChart(
      title: "\(Words.capitalised(goal)), per day", labels: days.map { CivilDate($0).short },
      series: versions.map { version in
        let rates = Dictionary(version.days.map { ($0.day, $0.rate) }) { first, _ in first }
        return LineChart.Series(name: version.name, values: days.map { rates[$0] ?? nil })
      }, style: .percent(decimals: 1), includesZero: true)
  }
}
