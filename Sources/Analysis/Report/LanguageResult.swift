public import Campaigns
import Statistics

/// The segments spoken to in one language, together, by the goal.
public struct LanguageResult: Hashable, Sendable, Codable {
  /// BCP 47.
  public var language: String
  /// Keys of the segments whose rounds are counted.
  public var segments: [String]
  /// Keys of those that are not, for a health check forbids claims of them.
  public var leftOut: [String]
  public var impressions: Int64
  public var successes: Int64
  /// The goal's rate, whatever versions were shown: it describes. Nil without impressions.
  public var rate: Estimate?
  /// Versions that several of the segments show: those with the same levels are one.
  public var versions: [Version]
  /// They are compared within each segment and epoch, and averaged.
  public var result: MetricResult

  var part: Part { Part(.language, language) }

  /// What the pairs say, for the correction over all that a report claims, and what they were compared by.
  var pairs: [MetricEvidence.Pair] = []
  var sequence: AsymptoticConfidenceSequence?

  enum CodingKeys: CodingKey {
    case language, segments, leftOut, impressions, successes, rate, versions, result
  }

  public struct Version: Hashable, Sendable, Codable {
    /// The one that stands for all: of the first segment.
    public var variant: Identifier<Variant>
    /// The levels by which it differs from the others, as letters mean another version in each segment: `burden, calm`.
    public var name: String
    public var levels: [String: String]
    /// Keys of the segments that show it.
    public var segments: [String]
  }
}

extension LanguageResult {
  /// Of a report's segments, in the order of the languages; empty where there is one language only.
  static func all(of segments: [SegmentFindings], goal: Goal) -> [LanguageResult] {
    let byLanguage = Dictionary(grouping: segments, by: \.analysis.segment.language)
    guard byLanguage.count > 1 else { return [] }
    return byLanguage.sorted { $0.key < $1.key }.map { LanguageResult($0.key, $0.value, goal: goal) }
  }

  private init(_ language: String, _ all: [SegmentFindings], goal: Goal) {
    let told = all.filter {
      $0.analysis.allowsClaims && !$0.epochs.isEmpty && $0.analysis.experiment.goal == goal
    }
    self.language = language
    segments = told.map(\.analysis.segment.key)
    leftOut = all.filter { !$0.analysis.allowsClaims }.map(\.analysis.segment.key)
    let arms = told.flatMap(\.epochs).flatMap(\.arms)
    let counts = arms.reduce(BinomialCounts.zero) { $0 + $1.counts }
    impressions = counts.trials
    successes = counts.successes
    let metric = Metric(goal)
    guard let rules = ComparisonRules(over: told) else {
      rate = nil
      versions = []
      result = MetricResult(
        metric, versions: [], missing: "not told, for nothing may be claimed of its segments")
      return
    }
    let all = AverageRate(
      epochs: [.init(share: 1, counts: counts)], sequence: rules.single, designEffect: rules.designEffect
    ).interval
    rate = counts.trials > 0 ? Estimate(all) : nil
    let joined = JoinedRounds(told)
    versions = joined.versions
    guard !joined.shared.isEmpty else {
      let why =
        told.count < 2
        ? "only one of its segments is told" : "its segments have no two versions of the same levels"
      result = MetricResult(metric, versions: [], missing: "versions not compared, for \(why)")
      return
    }
    let comparison = Comparison(epochs: joined.epochs, days: [], rules: rules)
    result = MetricResult(metric, comparison, of: joined)
    pairs = comparison.evidence(of: joined)
    sequence = rules.sequence(arms: comparison.arms.count)
  }
}

/// Rounds of several segments as one: epochs side by side, versions of equal levels as one arm. In an epoch of a segment
/// that does not show it, an arm has no share, and so takes no part.
struct JoinedRounds {
  private(set) var epochs: [EpochInput] = []
  let versions: [LanguageResult.Version]
  /// Pairs that several segments show side by side: of others a segment says all there is.
  private(set) var shared: Set<Set<Identifier<Variant>>> = []

  init(_ segments: [SegmentFindings]) {
    let arms = Self.recurring(in: segments)
    versions = arms
    var segmentsOfPair: [Set<Identifier<Variant>>: Int] = [:]
    for findings in segments {
      let joined = Self.epochs(of: findings, arms: arms)
      epochs += joined
      var pairs: Set<Set<Identifier<Variant>>> = []
      for epoch in joined {
        let present = epoch.arms.filter { $0.share > 0 }.map(\.variant)
        for (place, left) in present.enumerated() {
          for right in present[(place + 1)...] { pairs.insert([left, right]) }
        }
      }
      for pair in pairs { segmentsOfPair[pair, default: 0] += 1 }
    }
    shared = Set(segmentsOfPair.filter { $0.value > 1 }.keys)
  }

  private static func recurring(in segments: [SegmentFindings]) -> [LanguageResult.Version] {
    var versions: [LanguageResult.Version] = []
    var places: [[String: String]: Int] = [:]
    for findings in segments {
      let key = findings.analysis.segment.key
      for variant in findings.shown where !variant.levels.isEmpty {
        let place = places[variant.levels] ?? versions.count
        if place == versions.count {
          places[variant.levels] = place
          versions.append(.init(variant: variant.id, name: "", levels: variant.levels, segments: []))
        }
        if versions[place].segments.last != key { versions[place].segments.append(key) }
      }
    }
    versions.removeAll { $0.segments.count < 2 }
    let factors = Set(versions.flatMap(\.levels.keys)).sorted()
      .filter { factor in Set(versions.map { $0.levels[factor] }).count > 1 }
    for place in versions.indices {
      versions[place].name = factors.map { factor in
        versions[place].levels[factor].map { $0.replacing("_", with: " ") } ?? "no \(factor)"
      }.joined(separator: ", ")
    }
    return versions
  }

  /// Among who was shown one of these arms at all, shares are in proportion; and who was is counted by the trials, so the
  /// weights of epochs stay what they are within the segment.
  private static func epochs(
    of findings: SegmentFindings, arms: [LanguageResult.Version]
  ) -> [EpochInput] {
    var levels: [Identifier<Variant>: [String: String]] = [:]
    for variant in findings.shown { levels[variant.id] = variant.levels }
    return findings.epochs.compactMap { epoch in
      // A segment that shows two versions of equal levels at once: both are that arm.
      var joined = arms.map { arm in
        epoch.arms.filter { levels[$0.variant] == arm.levels }.reduce(
          EpochInput.Arm(variant: arm.variant, share: 0, trials: 0, successes: 0)
        ) { sum, next in
          EpochInput.Arm(
            variant: arm.variant, share: sum.share + next.share, trials: sum.trials + next.counts.trials,
            successes: sum.successes + next.counts.successes)
        }
      }
      guard joined.count(where: { $0.share > 0 }) > 1 else { return nil }
      let total = joined.reduce(0) { $0 + $1.share }
      for arm in joined.indices { joined[arm].share /= total }
      return EpochInput(epoch: epoch.epoch, arms: joined)
    }
  }
}

extension ComparisonRules {
  /// Of several segments' rounds as one: planned together, as careful as the most careful, and with viewers as alike as
  /// where they are most alike. Nil without rounds.
  fileprivate init?(over segments: [SegmentFindings]) {
    guard var experiment = segments.first?.analysis.experiment else { return nil }
    experiment.plannedImpressions = segments.reduce(0) { $0 + $1.analysis.experiment.plannedImpressions }
    experiment.alpha = segments.map(\.analysis.experiment.alpha).min() ?? experiment.alpha
    self.init(experiment, clustering: nil)
    designEffect = segments.map(\.designEffect).max() ?? 1
  }
}

extension Comparison {
  /// Of every pair that can be compared.
  fileprivate func evidence(of joined: JoinedRounds) -> [MetricEvidence.Pair] {
    arms.indices.flatMap { row in
      (0..<row).compactMap { column -> MetricEvidence.Pair? in
        guard joined.shared.contains([arms[row], arms[column]]), let difference = difference(row, column),
          difference.condition == nil
        else { return nil }
        return MetricEvidence.Pair(left: arms[row], right: arms[column], logEvidence: difference.logEvidence)
      }
    }
  }
}

extension MetricResult {
  fileprivate init(_ metric: Metric, _ comparison: Comparison, of joined: JoinedRounds) {
    let names = Dictionary(joined.versions.map { ($0.variant, $0.name) }) { first, _ in first }
    let versions = comparison.ranking.map { arm -> Version in
      let rate = comparison.rates[arm]
      var version = Version(
        variant: comparison.arms[arm], name: names[comparison.arms[arm]] ?? "?",
        value: rate.condition == nil ? Estimate(rate) : nil)
      guard
        let other = comparison.ranking.first(where: { other in
          joined.shared.contains([comparison.arms[arm], comparison.arms[other]])
        }), let pair = comparison.difference(arm, other),
        pair.condition == nil
      else { return version }
      version.difference = pair
      version.logRatio = comparison.logRatio(arm, other)
      let contrast = Contrast(comparison: comparison.arms[other], pair, logRatio: version.logRatio)
      version.contrast = contrast
      if pair.excludesZero { version.isBetter = (pair.low > 0) == (metric.better == .higher) }
      let quoted = { (arm: Int) in "\"\(names[comparison.arms[arm]] ?? "?")\"" }
      version.sentence = MetricSentence(metric.words, contrast, isBetter: version.isBetter)
        .text(version: quoted(arm), other: quoted(other))
      return version
    }
    self.init(
      metric, versions: versions,
      missing: versions.contains { $0.contrast != nil }
        ? nil : "not compared yet, for fewer than 20 events are in for some version")
  }
}
