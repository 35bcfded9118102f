import Campaigns
import Statistics

/// One metric's versions, each pair compared at once at the round's alpha.
struct MetricComparison {
  let metric: Metric
  let result: MetricResult
  /// ln of the e-value against no difference, of every pair that can be compared.
  let evidence: [MetricEvidence.Pair]

  private struct Pair {
    var difference: IntervalEstimate
    var logRatio: IntervalEstimate?

    var mirrored: Pair { Pair(difference: difference.mirrored, logRatio: logRatio?.mirrored) }
  }

  /// - Parameters:
  ///   - ranking: places of the versions, best by the goal first: all others are compared with that one, and it with the
  ///     next.
  ///   - verdicts: the comparison behind the verdicts, where the metric is what they judge by.
  init(
    _ metric: Metric, feed: MetricFeed, ranking: [Int], names: [Identifier<Variant>: String],
    verdicts: Comparison? = nil
  ) {
    self.metric = metric
    let arms = feed.arms
    func version(_ arm: Int, _ value: Estimate?) -> MetricResult.Version {
      MetricResult.Version(variant: arms[arm], name: names[arms[arm]] ?? "?", value: value)
    }
    let source = feed.source(of: metric)
    let values: [IntervalEstimate?]
    switch source {
    case .missing(let why):
      result = MetricResult(metric, versions: [], missing: "not told, for \(why)")
      evidence = []
      return
    case .facts(let facts):
      result = MetricResult(
        metric, versions: ranking.map { version($0, facts[$0]) },
        missing: "no version is judged by it: what a platform charged is not a matter of chance")
      evidence = []
      return
    case .rates(let epochs, let effect):
      values = verdicts?.rates ?? Self.values(epochs, effect, feed.inputs.experiment)
    case .moments(let epochs): values = Self.values(epochs, feed.inputs.experiment)
    }
    let pairs =
      verdicts.map { Self.pairs($0) } ?? Self.pairs(source, arms: arms.count, feed.inputs.experiment)
    var evidence: [MetricEvidence.Pair] = []
    for row in arms.indices {
      for column in 0..<row {
        // What the exact test shows stands in the verdicts; it has no interval at other levels to be claimed by.
        guard let pair = pairs[row][column], pair.difference.condition == nil,
          pair.difference.intrinsicTime != nil
        else { continue }
        evidence.append(
          MetricEvidence.Pair(left: arms[row], right: arms[column], logEvidence: pair.difference.logEvidence))
      }
    }
    self.evidence = evidence
    let versions = ranking.enumerated().map { place, arm -> MetricResult.Version in
      var told = version(arm, values[arm].flatMap { $0.condition == nil ? Estimate($0) : nil })
      guard ranking.count > 1 else { return told }
      let other = place == 0 ? ranking[1] : ranking[0]
      // Lower rows hold the pair; the upper half is its mirror image.
      guard let pair = arm > other ? pairs[arm][other] : pairs[other][arm]?.mirrored,
        pair.difference.condition == nil
      else { return told }
      let contrast = Contrast(comparison: arms[other], pair.difference, logRatio: pair.logRatio)
      told.contrast = contrast
      told.difference = pair.difference
      told.logRatio = pair.logRatio
      if pair.difference.excludesZero {
        told.isBetter = (pair.difference.low > 0) == (metric.better == .higher)
      }
      told.sentence = MetricSentence(metric.words, contrast, isBetter: told.isBetter)
        .text(version: told.name, other: names[arms[other]] ?? "?")
      return told
    }
    let isOpen = versions.allSatisfy { $0.contrast == nil }
    let needed = if case .moments = source { Int(BurnIn().events) } else { 20 }
    result = MetricResult(
      metric, versions: versions,
      missing: isOpen && arms.count > 1
        ? "not compared yet, for fewer than \(needed) events are in for some version" : nil)
  }

  private static func pairs(_ verdicts: Comparison) -> [[Pair?]] {
    verdicts.arms.indices.map { row in
      verdicts.arms.indices.map { column in
        guard column < row, let difference = verdicts.difference(row, column) else { return nil }
        return Pair(difference: difference, logRatio: verdicts.logRatio(row, column))
      }
    }
  }

  /// Lower rows only: row minus column for column < row.
  private static func pairs(
    _ source: MetricFeed.Source, arms: Int, _ experiment: Experiment
  ) -> [[Pair?]] {
    var pairs = [[Pair?]](repeating: [Pair?](repeating: nil, count: arms), count: arms)
    let rules = ComparisonRules(experiment, clustering: nil)
    switch source {
    case .rates(let epochs, let effect):
      let all = PairwiseDifferences(
        epochs: epochs, alpha: rules.sequenceAlpha, plannedSize: rules.plannedSize, design: rules.design,
        designEffect: effect)
      for row in 0..<arms {
        for column in 0..<row {
          guard let pair = all[row, against: column] else { continue }
          pairs[row][column] = Pair(difference: pair.difference(), logRatio: pair.logRatio())
        }
      }
    case .moments(let epochs):
      let sequence = rules.sequence(arms: arms)
      for row in 0..<arms {
        for column in 0..<row {
          let pair = DifferenceOfMetrics(
            epochs: epochs.map {
              MetricEpoch(
                shareA: $0.shares[column], shareB: $0.shares[row], ratioA: $0.arms[column],
                ratioB: $0.arms[row],
                units: $0.units)
            }, sequence: sequence, weighting: .overlap)
          pairs[row][column] = Pair(difference: pair.difference(), logRatio: pair.logRatio())
        }
      }
    case .facts, .missing: break
    }
    return pairs
  }

  private static func values(
    _ epochs: [PairwiseDifferences.Epoch], _ effect: Double, _ experiment: Experiment
  ) -> [IntervalEstimate?] {
    let sequence = ComparisonRules(experiment, clustering: nil).single
    return (epochs.first?.shares ?? []).indices.map { arm in
      AverageRate(
        epochs: epochs.map { .init(share: $0.shares[arm], counts: $0.counts[arm], units: $0.units) },
        sequence: sequence, designEffect: effect
      ).interval
    }
  }

  /// Over all that a version was shown, whatever its shares were: it describes and is not compared with others.
  private static func values(
    _ epochs: [MetricFeed.Epoch], _ experiment: Experiment
  ) -> [IntervalEstimate?] {
    let sequence = ComparisonRules(experiment, clustering: nil).single
    return (epochs.first?.shares ?? []).indices.map { arm in
      let all = epochs.reduce(BivariateMoments.zero) { $0 + $1.arms[arm] }
      guard all.count >= 100, all.meanX > 0 else { return nil }
      let ratio = all.meanY / all.meanX
      return sequence.interval(
        mean: ratio, variance: all.residualVariance(slope: ratio) / (all.meanX * all.meanX), count: all.count)
    }
  }
}

/// A metric's difference in words.
struct MetricSentence {
  /// The metric's.
  let words: String
  let contrast: Contrast
  let isBetter: Bool?

  init(_ words: String, _ contrast: Contrast, isBetter: Bool?) {
    self.words = words
    self.contrast = contrast
    self.isBetter = isBetter
  }

  func text(version: String, other: String) -> String {
    guard let isBetter else {
      return "Version \(version) against \(other), open: \(figures)."
    }
    return "Version \(version) is shown to do \(isBetter ? "better" : "worse") than \(other): \(figures)."
  }

  private var figures: String {
    guard let lift = contrast.lift else {
      let digits = { Figure.decimal($0, digits: 4) }
      let difference = contrast.difference
      return
        "\(digits(difference.value)) \(words) (\(digits(difference.low)) to \(digits(difference.high)))"
    }
    let digits = Figure.liftDigits(lift)
    return "\(Figure.signedPercent(lift.value, digits: digits)) \(words) (\(Figure.liftRange(lift)))"
  }
}
