import Campaigns
import Statistics

extension Policy {
  /// Top-two Thompson shares (``Statistics/AllocationPolicy``), when the evidence is enough and they differ from
  /// the present ones by enough to be worth a new epoch.
  func reallocation(
    _ state: SegmentState, shares: Shares
  ) -> (DecisionDraft, [Campaigns.AllocationEpoch.Share])? {
    guard state.arms.count > 1, state.inTheMaking == 0, healthyWinner(state) == nil,
      state.epochHours >= rules.minimumEpochHours,
      state.arms.allSatisfy({ $0.impressions >= rules.minimumImpressions }),
      state.arms.reduce(0, { $0 + $1.successes }) >= rules.minimumSuccesses
    else { return nil }
    let posteriors = state.arms.map {
      BetaPosterior(BinomialCounts(successes: $0.successes, trials: $0.impressions))
    }
    let wanted = AllocationPolicy.topTwoThompson().shares(for: posteriors, floor: shares.floor)
    let moved = zip(state.arms, wanted).map { abs($0.share - $1) }.max() ?? 0
    guard moved >= rules.minimumShareChange else { return nil }
    let ranked = zip(state.arms, wanted).sorted { $0.1 > $1.1 }
    let draft = DecisionDraft(
      kind: .reallocate, variant: ranked[0].0.variant,
      reason: Reason.reallocation(ranked.map { ($0.0.name, $0.1) }))
    return (draft, zip(state.arms, wanted).map { .init(variant: $0.variant, share: $1) })
  }
}
