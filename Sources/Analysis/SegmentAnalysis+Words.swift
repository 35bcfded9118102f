public import Campaigns

extension SegmentAnalysis {
  /// One thing said of a segment or its versions.
  public struct Remark: Hashable, Sendable {
    public var kind: Verdict.Kind
    public var sentence: String
  }

  /// The verdicts in their words; versions of which too little is known share one sentence, which comes last.
  public var remarks: [Remark] {
    if allowsClaims, !variants.isEmpty, variants.allSatisfy({ $0.counts.impressions == 0 }) {
      return [Remark(kind: .inconclusive, sentence: unseen(variants))]
    }
    let unknown = verdicts.filter { $0.kind == .inconclusive && $0.estimate == nil }
    guard unknown.count > 1 else { return verdicts.map { Remark(kind: $0.kind, sentence: $0.sentence) } }
    let told = verdicts.filter { verdict in !unknown.contains { $0.id == verdict.id } }
      .map { Remark(kind: $0.kind, sentence: $0.sentence) }
    let results = unknown.compactMap { $0.variant.flatMap { self[$0] } }
    return told + [Remark(kind: .inconclusive, sentence: tooLittle(results))]
  }

  private func unseen(_ results: [VariantResult]) -> String {
    "Nobody was shown version \(list(results.map(\.variant.name), "or")) in this round yet."
  }

  private func tooLittle(_ results: [VariantResult]) -> String {
    if results.allSatisfy({ $0.counts.impressions == 0 }) { return unseen(results) }
    let impressions = results.map { Figure.count($0.counts.impressions) }
    let successes = results.map { Figure.count($0.counts[experiment.goal.success]) }
    return "Too little is known of versions \(list(results.map(\.variant.name), "and")) to compare them: "
      + "\(list(impressions, "and")) impressions, \(list(successes, "and")) \(experiment.goal.successes) so far."
  }

  private func list(_ items: [String], _ conjunction: String) -> String {
    items.count < 2
      ? items.joined()
      : items.dropLast().joined(separator: ", ") + " \(conjunction) " + items[items.count - 1]
  }
}
