import Campaigns
import Foundation
import Statistics

/// Does a version wear out the more often its viewers have seen it: its standing beside the versions of the same day
/// against the mean number of times the day's viewers had seen it before (`Statistics.Wearout`).
///
/// How often viewers had seen a version before, day by day, follows from what is kept: with n impressions a viewer,
/// sum n (n - 1) / 2 of all impressions' prior exposures add up to it, and where everybody goes on seeing a version
/// at their own pace the mean number grows in proportion to what was shown, so that after x impressions it is
///
///     m(x) = x (sum n^2 - sum n) / (sum n)^2
struct WearByExposure: Hashable, Sendable, Codable {
  var variant: Identifier<Variant>
  /// Of a false alarm at any look whatsoever.
  var alpha: Double
  /// The version in question first.
  var versions: [Identifier<Variant>]
  var cells: [Cell]

  struct Cell: Hashable, Sendable, Codable {
    /// Place in `versions`.
    var version: Int
    var day: Int
    var trials: Int64
    var successes: Int64
    var exposures: Double
  }

  /// Nil where nothing was kept by viewer, or viewers saw the version once.
  init?(
    of variant: Identifier<Variant>, in inputs: ExperimentInputs, days: DailyCounts, alpha: Double
  ) {
    let versions = [variant] + days.variants.filter { $0 != variant }
    var cells: [Cell] = []
    for (place, version) in versions.enumerated() {
      let viewers = inputs.cohorts.lazy.filter { $0.variant == version }
        .reduce(BivariateMoments.zero) { $0 + $1.clicks }
      let impressions = viewers.meanX * Double(viewers.count)
      let squares = viewers.squaredDeviationsX + viewers.meanX * impressions
      // Without its viewers' counts a version is taken not to wear: it only carries its days.
      let pace = impressions > 0 ? max(0, squares - impressions) / (impressions * impressions) : 0
      if place == 0, pace == 0 { return nil }
      var shown = 0.0
      for (day, counts) in days.course(of: version) {
        let trials = Double(counts.trials)
        cells.append(
          Cell(
            version: place, day: day.dayNumber, trials: counts.trials, successes: counts.successes,
            exposures: pace * (shown + trials / 2)))
        shown += trials
      }
    }
    self.variant = variant
    self.alpha = alpha
    self.versions = versions
    self.cells = cells
  }

  struct Outcome {
    /// The version's loss of odds against those beside it since nobody had seen it, -0.2 = 20 % lower.
    var change: Estimate
    var isShown: Bool
  }

  /// Nil where it cannot be told.
  var outcome: Outcome? {
    // The test looks to one side; the interval shown has the same bound on that side at twice the level.
    let wearout = Wearout(
      of: 0,
      observations: cells.map {
        WearoutObservation(
          version: $0.version, day: $0.day,
          counts: BinomialCounts(successes: min($0.successes, $0.trials), trials: $0.trials),
          meanPriorExposures: $0.exposures)
      }, alpha: 2 * alpha, threshold: nil)
    guard let kappa = wearout.kappa,
      let last = cells.filter({ $0.version == 0 }).max(by: { $0.day < $1.day })
    else { return nil }
    let scale = log1p(last.exposures)
    func change(_ kappa: Double) -> Double { expm1(min(-kappa * scale, 50)) }
    let estimate = Estimate(
      value: change(kappa.estimate), low: change(kappa.high), high: change(kappa.low))
    return Outcome(
      change: estimate, isShown: kappa.logEvidence >= -log(alpha) && kappa.low > 0)
  }
}
