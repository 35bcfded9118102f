public import Statistics

/// Experiments looked at over and over, each until it claims something.
public enum Peeking {
  /// Two arms of equal traffic judged by the difference of their rates.
  public static func proportions(
    _ rateA: Double, _ rateB: Double, step: Int, experiments: Int, seed: UInt64,
    sequence: AsymptoticConfidenceSequence
  ) async -> PeekingOutcome {
    await run(
      ProportionsExperiment(rateA: rateA, rateB: rateB, step: step, sequence: sequence),
      experiments: experiments, step: step, seed: seed)
  }

  /// The same judged by a test made for one look; what it claims shows that the simulation can tell.
  public static func pooledTest(
    rate: Double, step: Int, experiments: Int, seed: UInt64, alpha: Double = 0.05
  ) async -> PeekingOutcome {
    await run(
      PooledTestExperiment(rate: rate, step: step, alpha: alpha), experiments: experiments, step: step,
      seed: seed)
  }

  /// The same judged by the exact process.
  public static func exact(
    _ rateA: Double, _ rateB: Double, step: Int, experiments: Int, seed: UInt64, plannedSize: Double
  ) async -> PeekingOutcome {
    await run(
      ExactExperiment(
        rateA: rateA, rateB: rateB, step: step, process: TwoProportionProcess(plannedSize: plannedSize)),
      experiments: experiments, step: step, seed: seed)
  }

  /// Two arms of equal traffic judged by the difference of a metric.
  public static func metric(
    _ metric: SimulatedMetric, step: Int, looks: Int = 100, experiments: Int, seed: UInt64,
    sequence: AsymptoticConfidenceSequence
  ) async -> PeekingOutcome {
    await run(
      MetricExperiment(step: step, sequence: sequence, metric: metric), experiments: experiments,
      looks: looks,
      step: step, seed: seed)
  }

  /// Whole days under a policy that sees everything of the days before, with a weekly season; all pairs compared.
  public static func bandit(
    _ traffic: BanditTraffic, rates: [Double], days: Int, perDay: Int, experiments: Int, seed: UInt64,
    weighting: EpochWeighting = .overlap
  ) async -> PeekingOutcome {
    await run(
      BanditExperiment(
        traffic: traffic, rates: rates, perDay: perDay, plannedSize: Double(days * perDay) / 2,
        weighting: weighting, totals: rates.map { _ in .zero }),
      experiments: experiments, looks: days, step: perDay / rates.count, seed: seed)
  }

  /// Two equal arms of a metric under such a policy.
  public static func bandit(
    _ traffic: BanditTraffic, metric: SimulatedMetric, days: Int, perDay: Int, experiments: Int, seed: UInt64
  ) async -> PeekingOutcome {
    await run(
      MetricBanditExperiment(
        traffic: traffic, metric: metric, perDay: perDay,
        sequence: AsymptoticConfidenceSequence(
          plannedSize: Double(days * perDay) / 2, design: .plannedEffect)),
      experiments: experiments, looks: days, step: perDay / 2, seed: seed)
  }
}
