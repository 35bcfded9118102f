public import Campaigns
public import FoundationEssentials

/// What a decision was taken from: enough to take it again. Stored as JSON with the decision.
public struct DecisionEvidence: Hashable, Sendable, Codable {
  /// ``Policy/currentVersion`` or ``LaunchPlan/version`` that took it.
  public var version: Int
  /// Set when the policy decided.
  public var policy: PolicyBasis?
  /// Set when a generation entered.
  public var launch: LaunchState?
  /// Set when a person reversed a decision.
  public var reversal: ReversalBasis?
  /// What a regeneration ordered.
  public var plan: RegenerationPlan?
  /// How traffic changed; nil when it did not.
  public var shares: ShareChange?
  /// The verdicts that were on the table.
  public var verdicts: [Identifier<Verdict>]

  public struct PolicyBasis: Hashable, Sendable, Codable {
    public var rules: PolicyRules
    public var state: SegmentState
  }

  public struct ReversalBasis: Hashable, Sendable, Codable {
    public var kind: Decision.Kind
    public var reason: String
  }

  public struct ShareChange: Hashable, Sendable, Codable {
    public var before: [AllocationEpoch.Share]
    public var after: [AllocationEpoch.Share]
    public var startsAt: Date

    public init(before: [AllocationEpoch.Share], after: [AllocationEpoch.Share], startsAt: Date) {
      self.before = before
      self.after = after
      self.startsAt = startsAt
    }
  }

  public init(
    version: Int, policy: PolicyBasis? = nil, launch: LaunchState? = nil, reversal: ReversalBasis? = nil,
    plan: RegenerationPlan? = nil, shares: ShareChange? = nil, verdicts: [Identifier<Verdict>] = []
  ) {
    self.version = version
    self.policy = policy
    self.launch = launch
    self.reversal = reversal
    self.plan = plan
    self.shares = shares
    self.verdicts = verdicts
  }
}

extension Decision {
  public func decodedEvidence() throws -> DecisionEvidence {
    do {
      return try JSONEncoding.value(DecisionEvidence.self, from: evidence)
    } catch {
      throw AutopilotError.unreadableEvidence(id, problem: "\(error)")
    }
  }

  /// The decision as its stored evidence leads to it, by the same pure functions that took it; compare kind, variant,
  /// reason and plan.
  /// - Throws: `AutopilotError` when a person took it, another version of the rules did, or the evidence does not
  ///   lead to such a decision.
  public func recomputed() throws -> DecisionDraft {
    let evidence = try decodedEvidence()
    func isKnown(_ known: ClosedRange<Int>) throws {
      guard known.contains(evidence.version) else {
        throw AutopilotError.otherVersion(id, took: evidence.version, now: known.upperBound)
      }
    }
    let drafts: [DecisionDraft]
    if let basis = evidence.policy {
      try isKnown(Policy.knownVersions)
      drafts = Policy(rules: basis.rules, version: evidence.version).decide(basis.state).drafts
    } else if let state = evidence.launch {
      try isKnown(LaunchPlan.version...LaunchPlan.version)
      drafts = LaunchPlan(state).drafts
    } else {
      throw AutopilotError.takenByPerson(id, by: decidedBy)
    }
    guard let draft = drafts.first(where: { $0.kind == kind && $0.variant == variant }) else {
      throw AutopilotError.notReached(id, kind)
    }
    return draft
  }
}
