import Campaigns
import Statistics

/// A segment's round with all its metrics and breakdowns: what a report of a campaign is put together from.
public struct SegmentFindings: Hashable, Sendable, Codable {
  public var analysis: SegmentAnalysis
  /// In the catalogue's order; also those that cannot be told, with the reason.
  public var metrics: [MetricResult]
  /// The goal within each placement.
  public var placements: [PlacementResult]

  /// What the round's pairs say, for the correction over all that a report claims.
  var evidence: [MetricEvidence] = []
  /// Against the control, on the log scale, for pooling over segments.
  var lifts: [ControlLift] = []

  enum CodingKeys: CodingKey { case analysis, metrics, placements }

  /// All that may be said of the segment: health, verdicts, and what metrics beside the goal show.
  public var sentences: [String] {
    let verdicts = analysis.verdicts.filter { $0.kind != .invalid }.map(\.sentence)
    let shown = metrics.filter { $0.key != analysis.experiment.goal.rawValue }
      .flatMap { $0.versions.filter { $0.isBetter != nil }.compactMap(\.sentence) }
    return analysis.checks.map(\.sentence) + verdicts + shown
  }

  /// Every table of versions, with the placement it is of.
  var results: [(result: MetricResult, placement: String?)] {
    metrics.map { ($0, nil) } + placements.map { ($0.result, $0.placement) }
  }

  struct ControlLift: Hashable, Sendable {
    var variant: Identifier<Variant>
    var control: Identifier<Variant>
    var estimate: Double
    var standardError: Double
  }
}

/// One metric's pairs within a segment, or within one of its placements.
struct MetricEvidence: Hashable, Sendable {
  var metric: String
  var words: String
  var better: Metric.Direction
  var placement: String?
  var pairs: [Pair]

  struct Pair: Hashable, Sendable {
    var left: Identifier<Variant>
    var right: Identifier<Variant>
    var logEvidence: Double
  }

  init(_ comparison: MetricComparison, placement: String? = nil) {
    metric = comparison.metric.key
    words = comparison.metric.words
    better = comparison.metric.better
    self.placement = placement
    pairs = comparison.evidence.map { Pair(left: $0.left, right: $0.right, logEvidence: $0.logEvidence) }
  }
}

/// One placement's part of a round, by the goal.
public struct PlacementResult: Hashable, Sendable, Codable {
  /// Empty where events did not say.
  public var placement: String
  public var impressions: Int64
  public var result: MetricResult
}

/// A version's counts in one epoch and placement.
public struct PlacementCell: Hashable, Sendable {
  public var placement: String
  public var cell: RollupCell

  public init(placement: String, cell: RollupCell) {
    self.placement = placement
    self.cell = cell
  }
}

extension SegmentFindings {
  /// A pure function, as the analysis is.
  /// - Parameters:
  ///   - placements: the round's counts by placement; empty: no breakdown.
  ///   - duration: of a version, in seconds, for watch time.
  public init(
    of inputs: ExperimentInputs, metrics: [Metric], placements: [PlacementCell] = [], duration: Double? = nil
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
      self.placements = []
      return
    }
    let feed = MetricFeed(
      inputs, sums: core.sums, arms: arms, designEffect: core.clustering?.designEffect ?? 1,
      duration: duration)
    let comparisons = metrics.map { MetricComparison($0, feed: feed, ranking: ranking, names: names) }
    self.metrics = comparisons.map(\.result)
    evidence = comparisons.map { MetricEvidence($0) }
    lifts = Self.lifts(core, control: inputs.experiment.control)
    let goal = Metric(inputs.experiment.goal)
    if !metrics.contains(where: { $0.of == goal.of && $0.per == goal.per }) {
      evidence.append(MetricEvidence(MetricComparison(goal, feed: feed, ranking: ranking, names: names)))
    }
    var broken: [PlacementResult] = []
    let byPlacement = Dictionary(grouping: placements, by: \.placement)
    for (placement, cells) in byPlacement.sorted(by: { $0.key < $1.key }) where byPlacement.count > 1 {
      var part = inputs
      part.cells = cells.map(\.cell)
      let feed = MetricFeed(
        part, sums: Sums(part), arms: arms, designEffect: core.clustering?.designEffect ?? 1,
        duration: duration)
      let comparison = MetricComparison(goal, feed: feed, ranking: ranking, names: names)
      evidence.append(MetricEvidence(comparison, placement: placement))
      broken.append(
        PlacementResult(
          placement: placement, impressions: cells.reduce(0) { $0 + $1.cell.counts.impressions },
          result: comparison.result))
    }
    self.placements = broken
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
