public import Campaigns

/// A decision before it has been taken: what, about which version, and why in words anyone understands.
public struct DecisionDraft: Hashable, Sendable, Codable {
  public var kind: Decision.Kind
  /// promote, retire: that version; reallocate: the one that leads; regenerate: the one that is made anew.
  public var variant: Identifier<Variant>?
  public var reason: String
  /// Present for regenerate.
  public var plan: RegenerationPlan?

  public init(
    kind: Decision.Kind, variant: Identifier<Variant>?, reason: String, plan: RegenerationPlan? = nil
  ) {
    self.kind = kind
    self.variant = variant
    self.reason = reason
    self.plan = plan
  }
}

/// What a new generation is made from and what happens when it is ready.
public struct RegenerationPlan: Hashable, Sendable, Codable {
  /// The version the new ones descend from.
  public var parent: Identifier<Variant>
  /// Retired when the new generation enters.
  public var replaces: [Identifier<Variant>]
  /// New versions to design.
  public var count: Int

  public init(parent: Identifier<Variant>, replaces: [Identifier<Variant>], count: Int) {
    self.parent = parent
    self.replaces = replaces
    self.count = count
  }
}

/// What the policy wants done in one segment.
public struct PolicyOutcome: Hashable, Sendable {
  /// In the order they are to be done.
  public var drafts: [DecisionDraft]
  /// The next epoch's shares, without versions that are retired now; nil when shares stay.
  public var shares: [AllocationEpoch.Share]?

  public init(drafts: [DecisionDraft] = [], shares: [AllocationEpoch.Share]? = nil) {
    self.drafts = drafts
    self.shares = shares
  }
}
