public import Campaigns
public import FoundationEssentials

extension CampaignAnalysis {
  /// A campaign's segments, each on its own, and what they say together.
  ///
  /// Segments are worked out side by side, on as many processors as there are, away from the caller's. A pure function all
  /// the same: their order is that of `segments`, whichever is done first.
  /// - Parameter metrics: of `config/metrics.yaml`.
  @concurrent
  public static func analyse(
    _ campaign: Campaign, segments: [SegmentInputs], metrics: [Metric], asOf moment: Date
  ) async throws -> CampaignAnalysis {
    let rounds = segments.map(\.round)
    let alpha = rounds.map(\.experiment.alpha).min() ?? 0.05
    async let factors = FactorReport(of: rounds, alpha: alpha)
    let duration = campaign.document.durationMs > 0 ? Double(campaign.document.durationMs) / 1000 : nil
    let findings = try await segments.concurrentMap { segment in
      try SegmentFindings(
        of: segment.round, metrics: metrics, parts: segment.parts, duration: duration)
    }
    async let pooled = pool(findings)
    let claims = Claims(findings, goal: campaign.goal)
    return CampaignAnalysis(
      of: campaign, segments: findings, factors: await factors, claims: claims, pooled: await pooled,
      asOf: moment)
  }
}

extension Array where Element: Sendable {
  /// Every element's result, in order, as many at a time as there are processors.
  fileprivate func concurrentMap<Result: Sendable>(
    _ transform: @escaping @Sendable (Element) throws -> Result
  ) async throws -> [Result] {
    try await withThrowingTaskGroup(of: (place: Int, result: Result).self) { group in
      var results = [Result?](repeating: nil, count: count)
      var started = 0
      func startNext() {
        guard started < count else { return }
        let place = started
        started += 1
        group.addTask { (place, try transform(self[place])) }
      }
      for _ in 0..<ProcessInfo.processInfo.activeProcessorCount { startNext() }
      while let (place, result) = try await group.next() {
        results[place] = result
        startNext()
      }
      return results.compactMap(\.self)
    }
  }
}
