import Statistics

extension Calibration {
  /// A season of +-15 % over the week and the day, 500 impressions an hour. Of what click rate decides what can be
  /// found at all (``EDetector/boundOnDelay(ratio:expectedPerHour:dispersion:falseAlarms:)``).
  static var drift: [Calibration] {
    [
      Calibration("drift_quiet", seed: 1071, short: 100, long: 1000) { experiments, seed in
        let delays = await DriftSimulation(rate: 0.08).delays(
          experiments: experiments, watching: 1680, seed: seed)
        return [
          Finding(
            "drift_false_alarms", "Drift, click rate 8 %: false alarms in 70 days", .atMost(0.05), .share,
            .share(delays.count { $0 != nil }, of: delays.count))
        ]
      },
      detection(fall: 20, rate: 8, hours: 18, seed: 1072),
      detection(fall: 10, rate: 8, hours: 60, seed: 1073),
      detection(fall: 20, rate: 5, hours: nil, seed: 1074),
      detection(fall: 10, rate: 5, hours: nil, seed: 1075),
    ]
  }

  /// - Parameters:
  ///   - fall: and rate, in per cent.
  ///   - hours: wanted; nil for what is only told.
  private static func detection(fall: Int, rate: Int, hours: Double?, seed: UInt64) -> Calibration {
    Calibration("drift_\(fall)_at_\(rate)", seed: seed, short: 100, long: 1000) { experiments, seed in
      let simulation = DriftSimulation(
        rate: Double(rate) / 100, factor: 1 - Double(fall) / 100, changeHour: 100)
      let delays = await simulation.delays(experiments: experiments, watching: 100 + 500, seed: seed)
      let found = DriftSimulation.hours(delays)
      return [
        Finding(
          "drift_\(fall)_at_\(rate)_hours",
          "Drift, click rate \(rate) %: median until a fall of \(fall) % is found",
          hours.map { .atMost($0) } ?? .nothing, .hours, .median(found))
      ]
    }
  }

  /// All versions fall together: the market's doing, and nobody's fatigue.
  static var fatigue: [Calibration] {
    let markets = [("", 0.0, UInt64(1081)), ("_noisy", 0.1, 1082)].map { suffix, noise, seed in
      Calibration("fatigue_market\(suffix)", seed: seed, short: 200, long: 1500) { experiments, seed in
        let days = noise > 0 ? ", days that scatter by 10 %" : ""
        return [
          Finding(
            "fatigue_market_false_alarms\(suffix)",
            "All four versions lose half of their clicks, traffic moves\(days): fatigue called in 8 weeks",
            .atMost(0.05), .share,
            .share(
              await MarketSimulation(noise: noise).alarms(experiments: experiments, seed: seed),
              of: experiments))
        ]
      }
    }
    let wear = [
      (
        "exposures", WearoutSimulation(kappas: [0.43, 0.43, 0.43, 0.43], market: 0.3, noise: 0.1),
        UInt64(1083)
      ),
      ("exposures_market", WearoutSimulation(kappas: [0, 0, 0, 0], market: 0.7, noise: 0.1), 1084),
    ].map { key, simulation, seed in
      Calibration("fatigue_\(key)", seed: seed, short: 100, long: 1000) { experiments, seed in
        let days = await simulation.daysShown(experiments: experiments, seed: seed)
        let what = simulation.market > 0.5 ? "The market falls by half" : "All four versions wear alike"
        return [
          Finding(
            "fatigue_\(key)_false_alarms",
            "\(what): wear by exposures shown of one against the others in 6 weeks",
            .atMost(0.05), .share, .share(days.count { $0 != nil }, of: days.count))
        ]
      }
    }
    return markets + wear
  }
}
