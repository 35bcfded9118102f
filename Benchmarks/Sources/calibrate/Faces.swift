import Foundation
import Statistics
import StatisticsSimulation

/// Results as a table for a terminal, as JSON and as the page docs/calibration.md.
struct Faces {
  let results: [CalibrationResult]
  let isQuick: Bool

  var broken: [Finding] { results.flatMap { $0.broken(countingBounds: !isQuick) } }

  var table: String {
    let findings = results.flatMap(\.findings)
    let width = findings.map(\.claim.count).max() ?? 0
    return findings.map { finding in
      let claim = finding.claim.padding(toLength: width, withPad: " ", startingAt: 0)
      let mark = finding.mark(countingBounds: !isQuick).replacingOccurrences(of: "**", with: "")
      return
        "\(claim)  \(finding.unit.text(finding.reached.value)) (\(finding.boundsText))  \(finding.wantedText)  \(mark)"
    }.joined(separator: "\n")
  }

  func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "never", negativeInfinity: "-never", nan: "unknown")
    let findings = results.flatMap(\.findings)
    let summary = Summary(
      length: isQuick ? "quick" : "long",
      figures: Dictionary(uniqueKeysWithValues: findings.map { ($0.name, $0.reached.value) }),
      bounds: Dictionary(
        uniqueKeysWithValues: findings.map { ($0.name, [$0.reached.low, $0.reached.high]) }),
      experiments: Dictionary(uniqueKeysWithValues: results.map { ($0.calibration.name, $0.experiments) }),
      notKept: broken.map(\.name))
    return String(decoding: try encoder.encode(summary), as: UTF8.self)
  }

  private struct Summary: Encodable {
    let length: String
    let figures: [String: Double]
    let bounds: [String: [Double]]
    let experiments: [String: Int]
    let notKept: [String]

    private enum CodingKeys: String, CodingKey {
      case length, figures, bounds, experiments
      case notKept = "not_kept"
    }
  }

  var page: String {
    let rows = results.flatMap { result in
      result.findings.map { finding in
        "| \(finding.claim) | \(finding.wantedText) | \(finding.unit.text(finding.reached.value)) | "
          + "\(finding.boundsText) | \(finding.mark(countingBounds: !isQuick)) | \(result.experiments.grouped) | "
          + "\(result.calibration.seed) | `\(result.calibration.name)` |"
      }
    }
    return """
      # Calibration

      What Retake's statistics promise, and what simulation found. Written by `scripts/calibrate`, which simulates everything
      again; `scripts/calibrate --only NAME` does one, `--quick` all of them with few experiments, `--json` prints the figures by
      name. `swift test --filter CalibrationTests` holds every change to the quick form. The same seed gives the same
      figures, on however many cores.

      Both bounds hold with 99 % each: Wilson's for shares, the delta method's for means and ratios, order statistics for
      medians. An experiment is one whole test with all its looks; in A/A tests both arms are alike, so every winner is false.
      A share among few claims counts as kept while its bounds reach into what is wanted.

      | claim | wanted | reached | 99 % bounds | | experiments | seed | name |
      |---|---|---|---|---|---|---|---|
      \(rows.joined(separator: "\n"))

      \(Self.notes)

      """
  }

  /// What the table cannot say by itself.
  private static var notes: String {
    """
    **Bandits.** Shares change at the end of every day, never below 5 %, by the policy's own quadrature over everything seen
    so far; rates and values have a weekly season of 30 %. Intervals are `DifferenceOfProportions` and `DifferenceOfMetrics`,
    epochs weighed by overlap. Where revenue truly differs there is no season, so that there is one truth to hold, and every
    look counts: an experiment misses when its interval misses once. `DifferenceOfMetrics` tells why a starved arm's variance
    is taken as it would be without a difference, and what happens otherwise.

    **Drift.** 500 impressions an hour, a season of 15 % over the week and another over the day, in impressions and in the click
    rate; four weeks to learn, alarm level 5 % in 70 days, 100 quiet hours before the fall (alarms in them are not
    counted as found). How much an hour tells is decided by its clicks, so no detector with that many false alarms finds a fall
    of 20 % in 18 h on average below a click rate of \(needed(ratio: 0.8, hours: 18)), nor one of 10 % in 60 h below \
    \(needed(ratio: 0.9, hours: 60)) (Lorden's bound, `EDetector.boundOnDelay`, for a level and a season that are known). The
    promise is therefore given for a click rate of 8 %; what is found at 5 % stands beside it.

    **Fatigue.** `ChangeInContrast`, as verdicts use it (the first week of a version's life against its last, weekly looks that
    share 5 %), and `Wearout`, the model by exposures (a look every third day). In both all versions fall alike, with the
    market or by wearing alike; whoever is called fatigued is so falsely.
    """
  }

  /// The click rate at which the bound on the mean delay is that many hours.
  private static func needed(ratio: Double, hours: Double) -> String {
    let bound = EDetector.boundOnDelay(
      ratio: ratio, expectedPerHour: 500, falseAlarms: .probability(0.05, withinHours: 1680))
    return String(format: "%.1f %%", 100 * bound / hours)
  }
}
