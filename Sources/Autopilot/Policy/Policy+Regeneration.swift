import Campaigns

extension Policy {
  func regeneration(
    _ state: SegmentState, losers: [SegmentState.Arm], retired: [SegmentState.Arm]
  ) -> DecisionDraft? {
    guard mayRegenerate(state), let champion = champion(state) else { return nil }
    let staying = state.arms.filter { arm in !retired.contains { $0.variant == arm.variant } }
    let worn = staying.filter { arm in arm.isFatigued && !losers.contains { $0.variant == arm.variant } }
    var leaving = staying.filter { arm in
      arm.isFatigued || losers.contains { $0.variant == arm.variant }
    }

    let subject: SegmentState.Arm
    let parent: SegmentState.Arm
    let because: Reason.Regeneration
    if let mostSeen = worn.max(by: { ($0.share, $1.name) < ($1.share, $0.name) }) {
      (subject, parent, because) = (mostSeen, mostSeen, .fatigue)
    } else if let loser = losers.first {
      (subject, parent, because) = (loser, champion, .loss)
    } else if let shift = state.shift, let weakest = weakest(state), weakest.variant != champion.variant {
      (subject, parent, because) = (weakest, champion, .shift(shift))
      leaving.append(weakest)
    } else if state.arms.count == 1, state.versionsWanted > 1 {
      (subject, parent, because) = (champion, champion, .alone)
    } else {
      return nil
    }
    // Somebody known must stay, for the new ones to be compared with.
    if leaving.count == staying.count { leaving.removeAll { $0.variant == champion.variant } }
    let kept = staying.count - leaving.count
    let count = min(max(1, state.versionsWanted - kept), state.unseenDesigns)
    guard kept + count >= min(2, state.versionsWanted) else { return nil }
    return DecisionDraft(
      kind: .regenerate, variant: subject.variant,
      reason: Reason.regeneration(subject, parent: parent, count: count, because: because, goal: state.goal),
      plan: RegenerationPlan(parent: parent.variant, replaces: leaving.map(\.variant), count: count))
  }

  private func mayRegenerate(_ state: SegmentState) -> Bool {
    guard state.settings.regenerate, state.inTheMaking == 0, state.unseenDesigns > 0 else { return false }
    return state.hoursSinceRegeneration.map { $0 >= rules.regenerationCooldownHours } ?? true
  }

  /// The best that is known: the winner, else who leads, else the highest rate; one that lost only as a last resort.
  func champion(_ state: SegmentState) -> SegmentState.Arm? {
    func rank(_ arm: SegmentState.Arm) -> (Int, Double) {
      let standing =
        switch arm.standing {
        case .winner: 3
        case .leading: 2
        case .loser: 0
        default: 1
        }
      return (standing, arm.rate ?? 0)
    }
    return state.arms.max { rank($0) < rank($1) }
  }

  private func weakest(_ state: SegmentState) -> SegmentState.Arm? {
    state.arms.count < 2 ? nil : state.arms.min { ($0.rate ?? 0, $0.name) < ($1.rate ?? 0, $1.name) }
  }
}
