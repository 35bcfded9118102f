import Campaigns
import Statistics

/// A segment's round with all its metrics and breakdowns: what a report of a campaign is put together from.
public struct SegmentFindings: Hashable, Sendable, Codable {
  public var analysis: SegmentAnalysis
  /// In the catalogue's order; also those that cannot be told, with the reason.
  public var metrics: [MetricResult]
  /// The goal within each placement; empty where there was only one.
  public var placements: [PartResult]
  /// The goal on each type of device; empty where the segment was seen on one only.
  public var devices: [PartResult]

  /// What the round's pairs say, for the correction over all that a report claims.
  var evidence: [MetricEvidence] = []
  /// What every pair was compared by.
  var sequence: AsymptoticConfidenceSequence?
  /// Against the control, on the log scale, for pooling over segments.
  var lifts: [ControlLift] = []
  /// What the goal was compared by, for comparing over segments.
  var epochs: [EpochInput] = []
  var designEffect = 1.0

  /// The round's versions.
  var shown: [Variant] { analysis.variants.map(\.variant) }

  enum CodingKeys: CodingKey { case analysis, metrics, placements, devices }

  /// All that may be said of the segment: health, verdicts, and what metrics beside the goal show.
  public var sentences: [String] {
    let verdicts = analysis.verdicts.filter { $0.kind != .invalid }.map(\.sentence)
    let shown = metrics.filter { $0.key != analysis.experiment.goal.rawValue }
      .flatMap { $0.versions.filter { $0.isBetter != nil }.compactMap(\.sentence) }
    return analysis.checks.map(\.sentence) + verdicts + shown
  }

  /// Every part that is told.
  public var parts: [PartResult] { placements + devices }

  /// Every table of versions, with the part it is of.
  var results: [(result: MetricResult, part: Part?)] {
    metrics.map { ($0, nil) } + parts.map { ($0.result, $0.part) }
  }

  struct ControlLift: Hashable, Sendable {
    var variant: Identifier<Variant>
    var control: Identifier<Variant>
    var estimate: Double
    var standardError: Double
  }
}

/// One metric's pairs within a segment, or within one of its parts.
struct MetricEvidence: Hashable, Sendable {
  var metric: String
  var words: String
  var better: Metric.Direction
  var part: Part?
  var pairs: [Pair]

  struct Pair: Hashable, Sendable {
    var left: Identifier<Variant>
    var right: Identifier<Variant>
    var logEvidence: Double
  }

  init(_ comparison: MetricComparison, part: Part? = nil) {
    metric = comparison.metric.key
    words = comparison.metric.words
    better = comparison.metric.better
    self.part = part
    pairs = comparison.evidence
  }
}

extension SegmentFindings {
  /// A pure function, as the analysis is.
  /// - Parameters:
  ///   - parts: the round's counts by placement and by device; empty: no breakdown.
  ///   - duration: of a version, in seconds, for watch time.
  public init(
    of inputs: ExperimentInputs, metrics: [Metric], parts: [PartCell] = [], duration: Double? = nil
  ) throws(AnalysisError) {
    let core = try AnalysisCore(inputs)
    let analysis = try SegmentAnalysis(core)
    self.analysis = analysis
    let names = Dictionary(inputs.variants.map { ($0.id, $0.name) }) { first, _ in first }
    let arms = inputs.experiment.randomised ? core.comparison.arms : inputs.arms
    let ranking = inputs.experiment.randomised ? core.comparison.ranking : Array(arms.indices)
    guard analysis.allowsClaims || !inputs.experiment.randomised else {
      self.metrics = metrics.map {
        MetricResult($0, versions: [], missing: "not told, for nothing may be claimed of this round")
      }
      placements = []
      devices = []
      return
    }
    let feed = MetricFeed(
      inputs, sums: core.sums, arms: arms, designEffect: core.clustering?.designEffect ?? 1,
      duration: duration)
    let goal = Metric(inputs.experiment.goal)
    let isGoal = { (metric: Metric) in metric.of == goal.of && metric.per == goal.per }
    func compared(_ metric: Metric) -> MetricComparison {
      MetricComparison(
        metric, feed: feed, ranking: ranking, names: names,
        verdicts: isGoal(metric) && inputs.experiment.randomised ? core.comparison : nil)
    }
    let comparisons = metrics.map(compared)
    self.metrics = comparisons.map(\.result)
    evidence = comparisons.map { MetricEvidence($0) }
    sequence = ComparisonRules(inputs.experiment, clustering: nil).sequence(arms: arms.count)
    lifts = Self.lifts(core, control: inputs.experiment.control)
    if !metrics.contains(where: isGoal) { evidence.append(MetricEvidence(compared(goal))) }
    var told: [PartResult] = []
    for (part, cells) in Self.told(parts) {
      var of = inputs
      of.cells = cells
      let feed = MetricFeed(
        of, sums: Sums(of), arms: arms, designEffect: core.clustering?.designEffect ?? 1, duration: duration)
      let comparison = MetricComparison(goal, feed: feed, ranking: ranking, names: names)
      evidence.append(MetricEvidence(comparison, part: part))
      told.append(
        PartResult(
          part: part, impressions: cells.reduce(0) { $0 + $1.counts.impressions }, result: comparison.result))
    }
    placements = told.filter { $0.part.dimension == .placement }
    devices = told.filter { $0.part.dimension == .device }
    epochs = core.epochs
    designEffect = core.clustering?.designEffect ?? 1
  }

  /// The cells of each part, in a stable order. A dimension of one value says what the segment says already; that a
  /// device is not known is no device.
  private static func told(_ cells: [PartCell]) -> [(part: Part, cells: [RollupCell])] {
    let byPart = Dictionary(grouping: cells, by: \.part).mapValues { $0.map(\.cell) }
    return Part.Dimension.allCases.flatMap { dimension in
      let parts = byPart.filter { $0.key.dimension == dimension }
      let values = dimension == .device ? parts.count { !$0.key.isUnknown } : parts.count
      return values > 1 ? parts.sorted { $0.key.value < $1.key.value }.map { ($0.key, $0.value) } : []
    }
  }

  private static func lifts(_ core: AnalysisCore, control: Identifier<Variant>) -> [ControlLift] {
    let comparison = core.comparison
    guard let place = comparison.arms.firstIndex(of: control) else { return [] }
    return comparison.arms.indices.compactMap { arm in
      guard arm != place, let ratio = comparison.logRatio(arm, place), ratio.standardError > 0 else {
        return nil
      }
      return ControlLift(
        variant: comparison.arms[arm], control: control, estimate: ratio.estimate,
        standardError: ratio.standardError)
    }
  }
}

extension Metric {
  /// The goal as a metric, whether or not the catalogue holds it.
  init(_ goal: Goal) {
    let of: Quantity =
      switch goal {
      case .clickThrough: .click
      case .viewThrough: .complete
      case .conversion: .conversion
      }
    self.init(
      key: goal.rawValue, name: goal.inWords, of: of, per: .impression, better: .higher,
      roles: [.goal], unit: .share, words: goal.inWords)
  }
}
