public import Campaigns

/// Everything that matters when a rendered generation enters a segment. Stored with the decisions it leads to.
public struct LaunchState: Hashable, Sendable, Codable {
  public struct Member: Hashable, Sendable, Codable {
    public var variant: Identifier<Variant>
    public var name: String

    public init(variant: Identifier<Variant>, name: String) {
      self.variant = variant
      self.name = name
    }
  }

  public var generation: Int
  /// Rendered and ready, in order of their names.
  public var new: [Member]
  /// What runs now, in the order of the present shares; empty for a first generation.
  public var running: [Member]
  /// What was ordered; nil for a first generation.
  public var plan: RegenerationPlan?
  /// Why the generation was ordered.
  public var order: String?
  public var placements: Int

  public init(
    generation: Int, new: [Member], running: [Member], plan: RegenerationPlan?, order: String?,
    placements: Int
  ) {
    self.generation = generation
    self.new = new
    self.running = running
    self.plan = plan
    self.order = order
    self.placements = placements
  }
}

/// What happens when a generation enters: who retires, who competes, and against whom. A pure function of its state.
public struct LaunchPlan: Hashable, Sendable {
  /// Changes whenever the same state might lead to another plan.
  public static let version = 1

  /// Retirements, then the launch.
  public let drafts: [DecisionDraft]
  /// Survivors first, then the new versions: the fixed order of the shares.
  public let arms: [Identifier<Variant>]
  /// What the new versions are measured against: their parent if it stays, else the first that does.
  public let control: Identifier<Variant>?

  public init(_ state: LaunchState) {
    let leaving = state.running.filter { state.plan?.replaces.contains($0.variant) ?? false }
    let staying = state.running.filter { !leaving.contains($0) }
    let names = state.new.map(\.name)
    drafts =
      leaving.map { member in
        DecisionDraft(
          kind: .retire, variant: member.variant,
          reason: Reason.replaced(member.name, by: names, because: state.order ?? ""))
      } + [
        DecisionDraft(
          kind: .launch, variant: nil,
          reason: Reason.launch(new: names, staying: staying.map(\.name), placements: state.placements))
      ]
    arms = (staying + state.new).map(\.variant)
    control = staying.first { $0.variant == state.plan?.parent }?.variant ?? arms.first
  }
}
