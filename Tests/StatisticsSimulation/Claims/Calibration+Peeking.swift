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
    let metrics = SimulatedMetric.usual.enumerated().map { index, metric in
      Calibration("aa_\(metric.key)", seed: 1011 + UInt64(index), short: 400, long: 10_000) {
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
    return policies.enumerated().flatMap { place, policy -> [Calibration] in
      let (key, traffic) = (policy.0, BanditTraffic.policy(policy.1))
      let phrase = key == "thompson" ? "Thompson shares" : "top-two shares"
      let proportions = [(0.005, "0_5"), (0.05, "5"), (0.2, "20")].enumerated().map { index, rate in
        Calibration(
          "aa_\(key)_click_through_\(rate.1)", seed: 1021 + UInt64(10 * place + index), short: 200,
          long: 10_000
        ) { experiments, seed in
          falseWinners(
            "aa_\(key)_click_through_\(rate.1)", "A/A, click-through \(percent(rate.0)), \(phrase), 100 days",
            await Peeking.bandit(
              traffic, rates: [rate.0, rate.0], days: looks, perDay: 400, experiments: experiments, seed: seed
            ))
        }
      }
      let metrics = SimulatedMetric.usual.enumerated().map { index, metric in
        Calibration(
          "aa_\(key)_\(metric.key)", seed: 1025 + UInt64(10 * place + index), short: 100, long: 10_000
        ) { experiments, seed in
          falseWinners(
            "aa_\(key)_\(metric.key)", "A/A, \(metric.phrase), \(phrase), 100 days",
            await Peeking.bandit(
              traffic, metric: metric, days: looks, perDay: 200, experiments: experiments, seed: seed))
        }
      }
      return proportions + metrics
    } + [busyRevenue]
  }

  /// With sales enough that the burn-in is soon over, also for the arm that is starved.
  private static let busyRevenue = Calibration("aa_thompson_busy_revenue", seed: 1028, short: 50, long: 5000)
  {
    experiments, seed in
    falseWinners(
      "aa_thompson_busy_revenue", "A/A, revenue of 1,000 viewers a day, Thompson shares, 50 days",
      await Peeking.bandit(
        .policy(.thompson), metric: .revenue(Sales()), days: 50, perDay: 1000, experiments: experiments,
        seed: seed))
  }

  /// Intervals of a true difference of revenue whose traffic Thompson sampling moves: an interval that is right only
  /// where there is no difference would show here.
  static var coverage: [Calibration] {
    let truths: [(key: String, phrase: String, a: Sales, b: Sales)] = [
      ("more_buyers", "30 % more buyers", Sales(), Sales(buyers: 0.065)),
      ("larger_amounts", "amounts 30 % larger", Sales(), Sales(median: 26)),
      (
        "fewer_larger", "half the buyers, amounts twice as large and of unlike size",
        Sales(buyers: 0.1, spread: 0.5), Sales(buyers: 0.05, median: 40, spread: 1.2)
      ),
    ]
    return truths.enumerated().map { index, truth in
      Calibration("cover_thompson_revenue_\(truth.key)", seed: 1045 + UInt64(index), short: 100, long: 10_000)
      {
        experiments, seed in
        let outcome = await Peeking.coverage(
          .policy(.thompson), sales: [truth.a, truth.b], days: looks, perDay: 200, experiments: experiments,
          seed: seed)
        let claim = "Revenue of B from \(truth.phrase), Thompson shares, 100 days"
        func finding(_ name: String, _ words: String, _ wanted: Finding.Wanted, _ count: Int) -> Finding {
          Finding(
            "cover_thompson_revenue_\(truth.key)_\(name)", "\(claim): \(words)", wanted, .share,
            .share(count, of: outcome.experiments))
        }
        return [
          finding(
            "missed", "intervals that ever miss the difference", .atMost(0.05, boundAtMost: 0.055),
            outcome.missedDifferences),
          finding(
            "missed_lift", "intervals that ever miss the lift", .atMost(0.05, boundAtMost: 0.055),
            outcome.missedLifts),
          finding("shown", "B shown better", .nothing, outcome.shown),
        ]
      }
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

  /// Few successes, which the exact process judges until there are twenty.
  static var rare: [Calibration] {
    [
      Calibration("aa_rare_clicks", seed: 1015, short: 1000, long: 10_000) { experiments, seed in
        falseWinners(
          "aa_rare_clicks", "A/A, click-through 0.1 %, verdicts at 100 looks",
          await Peeking.round(
            0.001, 0.001, step: 200, experiments: experiments, seed: seed, plannedSize: 20_000))
      },
      Calibration("aa_thompson_rare_clicks", seed: 1016, short: 200, long: 10_000) { experiments, seed in
        falseWinners(
          "aa_thompson_rare_clicks", "A/A, click-through 0.2 %, Thompson shares, verdicts at 100 days",
          await Peeking.round(
            .policy(.thompson), rate: 0.002, days: looks, perDay: 400, experiments: experiments, seed: seed))
      },
      Calibration("broken_version", seed: 1042, short: 500, long: 10_000) { experiments, seed in
        let outcome = await Peeking.round(
          0.02, 0, step: 200, looks: 20, experiments: experiments, seed: seed, plannedSize: 20_000)
        return [
          Finding(
            "broken_version", "2 % against nobody at all: shown worse by 4,000 an arm", .atLeast(0.95),
            .share,
            .share(outcome.claims - outcome.claimsForB, of: outcome.experiments)),
          Finding(
            "broken_version_units_per_arm", "2 % against nobody at all: mean stop", .nothing, .unitsPerArm,
            .mean(outcome.stops)),
        ]
      },
    ]
  }

  static let power = Calibration("power_5_to_6", seed: 1041, short: 4000, long: 40_000) { experiments, seed in
    let outcome = await Peeking.round(
      0.05, 0.06, step: 200, experiments: experiments, seed: seed, plannedSize: 20_000)
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
