import Analysis
import Campaigns

/// Verdicts in, decisions out: a pure function of its input, so that every decision can be taken again from its
/// stored evidence.
///
/// In this order, for one segment:
/// 1. Arms that a platform chose are never acted on.
/// 2. Figures that somebody must look into (assignment, counting, traffic): `pause`, once; nothing else is decided while any
///    check forbids claims.
/// 3. A winner that does not wear out is promoted: it gets all but the others' floor.
/// 4. Losers are retired, worst first, as long as two versions stay; the rest wait at the floor for a replacement.
/// 5. At most one regeneration, and none while one is being made, within its cool-down, when the campaign forbids it
///    or no unseen combination is left. Because, in this order: a version wears out (its descendants keep what else
///    works), a version lost, the market moved (the weakest makes room to explore), or a version stands alone.
///    Versions it replaces run on until the new ones enter.
/// 6. Otherwise, with enough evidence, shares move towards the two most promising versions, never below the floor.
public struct Policy: Sendable {
  /// Changes whenever the same state might lead to another outcome; decisions of older versions can still be taken again.
  ///
  /// 2: pauses for every check that a person has to clear, not only for shares and impossible counts.
  public static let currentVersion = 2
  static let knownVersions = 1...2

  public var rules: PolicyRules
  public let version: Int

  public init(rules: PolicyRules = PolicyRules(), version: Int = Policy.currentVersion) {
    self.rules = rules
    self.version = version
  }

  public func decide(_ state: SegmentState) -> PolicyOutcome {
    guard state.randomised, !state.arms.isEmpty else { return PolicyOutcome() }
    guard state.blocks.isEmpty else { return PolicyOutcome(drafts: pause(state)) }

    let losers = losers(state)
    let retired = retirements(state, losers: losers)
    let promotion = promotion(state, staying: state.arms.count - retired.count)
    var drafts = [promotion].compactMap(\.self) + retired.map { retire($0, in: state) }
    if let regeneration = regeneration(state, losers: losers, retired: retired) {
      drafts.append(regeneration)
    }

    let staying = state.arms.filter { arm in !retired.contains { $0.variant == arm.variant } }
    let shares = Shares(floor: floor(state))
    if promotion != nil || !retired.isEmpty {
      let winner = promotion?.variant ?? promotedWinner(state)?.variant
      return PolicyOutcome(
        drafts: drafts,
        shares: winner.map { shares.favouring($0, among: staying) } ?? shares.afterRetirement(staying))
    }
    guard drafts.isEmpty, let (draft, moved) = reallocation(state, shares: shares) else {
      return PolicyOutcome(drafts: drafts)
    }
    return PolicyOutcome(drafts: [draft], shares: moved)
  }

  func floor(_ state: SegmentState) -> Double {
    max(state.settings.allocationFloor, AllocationEpoch.floor)
  }

  // MARK: Standing

  private func pause(_ state: SegmentState) -> [DecisionDraft] {
    let broken = state.blocks.filter { needsSomebody($0.kind) }
    guard !broken.isEmpty, !state.isPaused else { return [] }
    return [DecisionDraft(kind: .pause, variant: nil, reason: Reason.pause(broken))]
  }

  /// Events that are late come by themselves, and what a platform chose is no fault.
  private func needsSomebody(_ check: HealthCheck.Kind) -> Bool {
    switch check {
    case .sampleRatioMismatch, .impossibleCounts: true
    case .viewersInSeveralVersions, .missingDays, .invalidTraffic: version > 1
    case .notRandomised, .tooFewEvents, .delayedEvents: false
    }
  }

  private func promotion(_ state: SegmentState, staying: Int) -> DecisionDraft? {
    guard let winner = healthyWinner(state), promotedWinner(state) == nil, state.arms.count > 1 else {
      return nil
    }
    let share = Shares(floor: floor(state)).largest(of: staying)
    return DecisionDraft(
      kind: .promote, variant: winner.variant,
      reason: Reason.promotion(
        winner, share: share, floor: floor(state), others: staying - 1, goal: state.goal))
  }

  func healthyWinner(_ state: SegmentState) -> SegmentState.Arm? {
    state.arms.first { $0.standing == .winner && !$0.isFatigued && mayAct(on: $0, state) }
  }

  /// The winner, when it has its largest share already.
  private func promotedWinner(_ state: SegmentState) -> SegmentState.Arm? {
    guard let winner = healthyWinner(state) else { return nil }
    let largest = Shares(floor: floor(state)).largest(of: state.arms.count)
    return winner.share >= largest - 1e-9 ? winner : nil
  }

  /// Worst first.
  private func losers(_ state: SegmentState) -> [SegmentState.Arm] {
    state.arms.filter { $0.standing == .loser && mayAct(on: $0, state) }
      .sorted { ($0.rate ?? 0, $0.name) < ($1.rate ?? 0, $1.name) }
  }

  private func retirements(_ state: SegmentState, losers: [SegmentState.Arm]) -> [SegmentState.Arm] {
    guard state.inTheMaking == 0 else { return [] }
    return Array(losers.prefix(max(0, state.arms.count - 2)))
  }

  private func retire(_ arm: SegmentState.Arm, in state: SegmentState) -> DecisionDraft {
    DecisionDraft(kind: .retire, variant: arm.variant, reason: Reason.retirement(arm, goal: state.goal))
  }

  /// Old enough, and the difference is worth acting on.
  private func mayAct(on arm: SegmentState.Arm, _ state: SegmentState) -> Bool {
    guard arm.ageHours >= rules.minimumAgeHours else { return false }
    guard let lift = arm.lift else { return true }
    return abs(lift.value) >= state.settings.minimumLift
  }
}
