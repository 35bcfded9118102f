public import Statistics

/// Experiments looked at over and over, each until it claims something.
public enum Peeking {
  private typealias Draw<Arm> = @Sendable (Int, Double, inout SplitMix64) -> Arm

  private static func draw(_ rate: Double) -> Draw<BinomialCounts> {
    { units, season, randomness in randomness.binomial(units, rate * season) }
  }

  private static func draw(_ metric: SimulatedMetric) -> Draw<BivariateMoments> {
    { units, season, randomness in
      var moments = BivariateMoments.zero
      for _ in 0..<units {
        let value = metric.unit(season: season, &randomness)
        moments.add(x: value.x, y: value.y)
      }
      return moments
    }
  }

  /// Two arms of equal traffic judged by the difference of their rates.
  public static func proportions(
    _ rateA: Double, _ rateB: Double, step: Int, experiments: Int, seed: UInt64,
    sequence: AsymptoticConfidenceSequence
  ) async -> PeekingOutcome {
    await run(
      PeekedExperiment(
        .equal(perArm: step), arms: [draw(rateA), draw(rateB)], judge: RateJudge(sequence: sequence)),
      experiments: experiments, step: step, seed: seed)
  }

  /// The same judged by a test made for one look; what it claims shows that the simulation can tell.
  public static func pooledTest(
    rate: Double, step: Int, experiments: Int, seed: UInt64, alpha: Double = 0.05
  ) async -> PeekingOutcome {
    await run(
      PeekedExperiment(
        .equal(perArm: step), arms: [draw(rate), draw(rate)], judge: PooledTestJudge(alpha: alpha)),
      experiments: experiments, step: step, seed: seed)
  }

  /// The same judged by the exact process.
  public static func exact(
    _ rateA: Double, _ rateB: Double, step: Int, experiments: Int, seed: UInt64, plannedSize: Double
  ) async -> PeekingOutcome {
    await run(
      PeekedExperiment(
        .equal(perArm: step), arms: [draw(rateA), draw(rateB)],
        judge: ExactJudge(process: TwoProportionProcess(plannedSize: plannedSize))),
      experiments: experiments, step: step, seed: seed)
  }

  /// The same judged as a round's verdicts are reached.
  public static func round(
    _ rateA: Double, _ rateB: Double, step: Int, looks: Int = 100, experiments: Int, seed: UInt64,
    plannedSize: Double
  ) async -> PeekingOutcome {
    await run(
      PeekedExperiment(
        .equal(perArm: step), arms: [draw(rateA), draw(rateB)], judge: RoundJudge(plannedSize: plannedSize)),
      experiments: experiments, looks: looks, step: step, seed: seed)
  }

  /// Two arms of rare successes under a bandit, judged so.
  public static func round(
    _ traffic: BanditTraffic, rate: Double, days: Int, perDay: Int, experiments: Int, seed: UInt64
  ) async -> PeekingOutcome {
    await run(
      PeekedExperiment(
        .moved(traffic, perDay: perDay, season: 0.3), arms: [draw(rate), draw(rate)],
        judge: RoundJudge(plannedSize: Double(days * perDay) / 2)),
      experiments: experiments, looks: days, step: perDay / 2, seed: seed)
  }

  /// Two arms of equal traffic judged by the difference of a metric.
  public static func metric(
    _ metric: SimulatedMetric, step: Int, looks: Int = 100, experiments: Int, seed: UInt64,
    sequence: AsymptoticConfidenceSequence
  ) async -> PeekingOutcome {
    await run(
      PeekedExperiment(
        .equal(perArm: step), arms: [draw(metric), draw(metric)], judge: MetricJudge(sequence: sequence)),
      experiments: experiments, looks: looks, step: step, seed: seed)
  }

  /// Whole days under a policy that sees everything of the days before, with a weekly season; all pairs compared.
  public static func bandit(
    _ traffic: BanditTraffic, rates: [Double], days: Int, perDay: Int, experiments: Int, seed: UInt64,
    weighting: EpochWeighting = .overlap
  ) async -> PeekingOutcome {
    await run(
      PeekedExperiment(
        .moved(traffic, perDay: perDay, season: 0.3), arms: rates.map { draw($0) },
        judge: PairsJudge(plannedSize: Double(days * perDay) / 2, weighting: weighting)),
      experiments: experiments, looks: days, step: perDay / rates.count, seed: seed)
  }

  /// Two equal arms of a metric under such a policy.
  public static func bandit(
    _ traffic: BanditTraffic, metric: SimulatedMetric, days: Int, perDay: Int, experiments: Int, seed: UInt64
  ) async -> PeekingOutcome {
    await run(
      PeekedExperiment(
        .moved(traffic, perDay: perDay, season: 0.3), arms: [draw(metric), draw(metric)],
        judge: MetricJudge(sequence: planned(days * perDay))),
      experiments: experiments, looks: days, step: perDay / 2, seed: seed)
  }

  /// Two arms of unlike revenue, B's the larger, under such a policy, without a season so that there is one truth.
  public static func coverage(
    _ traffic: BanditTraffic, sales: [Sales], days: Int, perDay: Int, experiments: Int, seed: UInt64
  ) async -> CoverageOutcome {
    let fresh = PeekedExperiment(
      .moved(traffic, perDay: perDay, season: 0), arms: sales.map { draw(.revenue($0)) },
      judge: CoverageJudge(sequence: planned(days * perDay), values: sales.map(\.value)))
    let judges = await Trials.run(experiments, seed: seed) { randomness in
      var experiment = fresh
      for day in 1...days { _ = experiment.look(day, &randomness) }
      return experiment.judge
    }
    return CoverageOutcome(
      experiments: experiments, missedDifferences: judges.count(where: \.hasMissedDifference),
      missedLifts: judges.count(where: \.hasMissedLift), shown: judges.count { $0.claim == 1 })
  }

  private static func planned(_ units: Int) -> AsymptoticConfidenceSequence {
    AsymptoticConfidenceSequence(plannedSize: Double(units) / 2, design: .plannedEffect)
  }
}
