import Statistics

extension Calibration {
  static let looks = 100

  /// A/A tests of equal shares.
  static var peeking: [Calibration] {
    let rates = [(0.005, "0_5"), (0.01, "1"), (0.02, "2"), (0.05, "5"), (0.1, "10"), (0.2, "20")]
    let proportions = rates.enumerated().map { index, rate in
      Calibration("aa_click_through_\(rate.1)", seed: 1001 + UInt64(index), short: 1000, long: 10_000) {
        experiments, seed in
        falseWinners(
          "aa_click_through_\(rate.1)", "A/A, click-through \(percent(rate.0)), 100 looks",
          await Peeking.proportions(
            rate.0, rate.0, step: 200, experiments: experiments, seed: seed,
            sequence: AsymptoticConfidenceSequence(plannedSize: 20_000, design: .plannedEffect)))
      }
    }
    let metrics = SimulatedMetric.allCases.enumerated().map { index, metric in
      Calibration("aa_\(metric.key)", seed: 1011 + UInt64(index), short: 400, long: 4000) {
        experiments, seed in
        falseWinners(
          "aa_\(metric.key)", "A/A, \(metric.phrase), 100 looks",
          await Peeking.metric(
            metric, step: 100, looks: looks, experiments: experiments, seed: seed,
            sequence: AsymptoticConfidenceSequence(plannedSize: 10_000, design: .plannedEffect)))
      }
    }
    return proportions + metrics
  }

  /// A/A tests whose traffic a bandit moves at the end of every day, by whole days with a weekly season.
  static var underBandits: [Calibration] {
    let policies = [("thompson", AllocationPolicy.thompson), ("top_two", .topTwoThompson())]
    return policies.enumerated().flatMap { place, policy in
      let (key, traffic) = (policy.0, BanditTraffic.policy(policy.1))
      let phrase = key == "thompson" ? "Thompson shares" : "top-two shares"
      let proportions = [(0.005, "0_5"), (0.05, "5"), (0.2, "20")].enumerated().map { index, rate in
        Calibration(
          "aa_\(key)_click_through_\(rate.1)", seed: 1021 + UInt64(10 * place + index), short: 200, long: 2000
        ) { experiments, seed in
          falseWinners(
            "aa_\(key)_click_through_\(rate.1)", "A/A, click-through \(percent(rate.0)), \(phrase), 100 days",
            await Peeking.bandit(
              traffic, rates: [rate.0, rate.0], days: looks, perDay: 400, experiments: experiments, seed: seed
            ))
        }
      }
      let metrics = SimulatedMetric.allCases.enumerated().map { index, metric in
        Calibration(
          "aa_\(key)_\(metric.key)", seed: 1025 + UInt64(10 * place + index), short: 100, long: 1500
        ) { experiments, seed in
          falseWinners(
            "aa_\(key)_\(metric.key)", "A/A, \(metric.phrase), \(phrase), 100 days",
            await Peeking.bandit(
              traffic, metric: metric, days: looks, perDay: 200, experiments: experiments, seed: seed))
        }
      }
      return proportions + metrics
    }
  }

  /// Claims of either side, and how evenly they fall.
  private static func falseWinners(_ name: String, _ claim: String, _ outcome: PeekingOutcome) -> [Finding] {
    var findings = [
      Finding(
        "\(name)_false_winners", "\(claim): false winners", .atMost(0.05, boundAtMost: 0.055), .share,
        .share(outcome.claims, of: outcome.experiments))
    ]
    // Of a handful of claims no share can be told.
    if outcome.claims >= 40 {
      findings.append(
        Finding(
          "\(name)_share_for_b", "\(claim): of them for B", .between(0.4, 0.6), .share,
          .share(outcome.claimsForB, of: outcome.claims)))
    }
    return findings
  }

  static let power = Calibration("power_5_to_6", seed: 1041, short: 4000, long: 40_000) { experiments, seed in
    let outcome = await Peeking.proportions(
      0.05, 0.06, step: 200, experiments: experiments, seed: seed,
      sequence: AsymptoticConfidenceSequence(plannedSize: 20_000, design: .plannedEffect))
    let claim = "5 % against 6 %"
    return [
      Finding(
        "power_5_to_6", "\(claim): B shown better by 20,000 an arm", .atLeast(0.95), .share,
        .share(outcome.claimsForB, of: outcome.experiments)),
      Finding(
        "stopping_5_to_6_units_per_arm", "\(claim): mean stop, at a claim or at 20,000 an arm", .atMost(8900),
        .unitsPerArm, .mean(outcome.stops)),
    ]
  }

  static func percent(_ share: Double) -> String {
    let percent = (share * 1000).rounded() / 10
    return (percent == percent.rounded() ? "\(Int(percent))" : "\(percent)") + " %"
  }
}

extension SimulatedMetric {
  fileprivate var key: String {
    switch self {
    case .ratio: "ratio"
    case .revenue: "revenue"
    case .watchTime: "watch_time"
    }
  }

  fileprivate var phrase: String {
    switch self {
    case .ratio: "clicks per impression by viewer"
    case .revenue: "revenue per viewer, 95 % of them 0"
    case .watchTime: "watch time of at most 30 s"
    }
  }
}
