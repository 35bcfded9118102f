import Foundation
import Statistics

extension Calibration {
  static let covariates = Calibration("cuped", seed: 1051, short: 400, long: 10_000) {
    experiments, seed throws(DataCondition) in
    let stops = try await CovariateSimulation().stops(experiments: experiments, seed: seed)
    return [
      Finding(
        "cuped_stops_at", "CUPED at correlation 0.7: stops at so many times the units", .atMost(0.55), .ratio,
        .ratio(of: stops.map(\.adjusted), to: stops.map(\.plain)))
    ]
  }

  static let pooling = Calibration("pooling", seed: 1052, short: 400, long: 10_000) {
    experiments, seed throws(DataCondition) in
    let reports = try await PoolingSimulation().run(reports: experiments, seed: seed)
    return [
      Finding(
        "pooling_rmse", "20 segments pooled: root mean square error over that of each alone", .atMost(0.7),
        .ratio, Measured.ratio(of: reports.map(\.pooled), to: reports.map(\.own)).map { $0.squareRoot() }),
      Finding(
        "pooling_coverage", "20 segments pooled: intervals that hold the truth", .atLeast(0.94), .share,
        .mean(reports.map(\.coverage))),
    ]
  }

  static let reports = Calibration("reports", seed: 1053, short: 300, long: 10_000) { experiments, seed in
    let reports = await ReportSimulation().run(reports: experiments, seed: seed)
    let claim = "5 segments x 3 metrics x 3 arms"
    return [
      Finding(
        "false_discovery_rate", "\(claim): false discovery rate", .atMost(0.05), .share,
        .mean(reports.map(\.falseShare))),
      Finding(
        "false_coverage_rate", "\(claim): claimed intervals that miss", .atMost(0.05), .share,
        .mean(reports.map(\.missedShare))),
      Finding(
        "reports_with_a_discovery", "\(claim): reports with a true claim", .nothing, .share,
        .share(reports.count { $0.found > 0 }, of: reports.count)),
    ]
  }

  static let factors = Calibration("factors", seed: 1061, short: 100, long: 1000) { experiments, seed in
    let outcome = await FactorSimulation().run(experiments: experiments, seed: seed)
    let claim = "16 of 64 versions, 4 of 6 factors work"
    return [
      Finding(
        "factors_right_sign", "\(claim): effects with the right sign", .atLeast(0.95), .share,
        .share(outcome.rightSigns, of: outcome.trueEffects)),
      Finding(
        "factors_false_effects", "\(claim): others called effects at any of four looks", .atMost(0.05),
        .share,
        .share(outcome.falselyShown, of: outcome.nullEffects)),
      Finding(
        "factors_wrongly_shown", "\(claim): effects shown with the wrong sign", .atMost(0.05), .share,
        .share(outcome.wronglyShown, of: outcome.trueEffects)),
      Finding(
        "factors_coverage", "\(claim): intervals that hold the truth", .atLeast(0.95), .share,
        .share(outcome.covering, of: outcome.intervals)),
      Finding(
        "factors_shown", "\(claim): effects shown by day 28", .nothing, .share,
        .share(outcome.shown, of: outcome.trueEffects)),
    ]
  }
}
