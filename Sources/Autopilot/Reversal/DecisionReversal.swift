public import Campaigns
public import FoundationEssentials
public import Postgres

/// Undoes a decision by a new one of kind `reverse`. The old one stays as it is.
///
/// | kind | is undone by |
/// |---|---|
/// | promote, reallocate | the shares before it, from the next whole hour on |
/// | retire | the version is active again, with the shares before it |
/// | regenerate | versions that have not entered are retired and never rendered |
/// | pause | nothing but the record; what blocks the segment still blocks it, and is then told again |
/// | launch, reverse | cannot be undone |
///
/// What happened since stays happened: shares can only be restored while their experiment runs, a regeneration only
/// called off until it has entered.
public struct DecisionReversal: Sendable {
  private let database: Database
  private let identifiers: IdentifierSource

  public init(database: Database, identifiers: IdentifierSource = .live) {
    self.database = database
    self.identifiers = identifiers
  }

  /// - Parameter person: who reverses: the name of a key or a user.
  /// - Throws: `CampaignsError.notFound`, `CampaignsError.refused` when it was reversed already,
  ///   `AutopilotError.irreversible`, `PostgresError`.
  public func reverse(
    _ id: Identifier<Decision>, in scope: CampaignScope, by person: String, time: LogicalTime, now: Date
  ) async throws -> Decision {
    try await database.transaction { connection in
      let decision = try await DecisionStore(connection).find(id, in: scope)
      let segment = try await SegmentStore(connection).find(decision.segment, in: scope)
      try await AutopilotStore(connection).lock(segment.id)
      let evidence = try decision.decodedEvidence()
      var change: DecisionEvidence.ShareChange?
      switch decision.kind {
      case .promote, .reallocate, .retire:
        change = try await restoreShares(decision, evidence, scope, time: time, now: now, on: connection)
      case .regenerate: try await callOff(decision, scope, at: time.moment(now: now), on: connection)
      case .pause: break
      case .launch:
        throw AutopilotError.irreversible(
          "an experiment that started cannot be unstarted; pause the campaign instead")
      case .reverse:
        throw AutopilotError.irreversible(
          "a reversal cannot be reversed; take the first decision again instead")
      }
      let reason =
        "Undone by \(person): \(decision.kind.rawValue) of \(Self.day(decision.decidedAt)). It had been: "
        + decision.reason
      return try await write(
        decision, segment, reason: reason, change: change, by: person, at: time.moment(now: now),
        on: connection)
    }
  }

  private func write(
    _ decision: Decision, _ segment: Segment, reason: String, change: DecisionEvidence.ShareChange?,
    by person: String, at moment: Date, on connection: Connection
  ) async throws -> Decision {
    var writer = DecisionWriter(
      segment: segment, decidedBy: person, decidedAt: moment, identifiers: identifiers,
      connection: connection,
      position: 200)
    return try await writer.write(
      DecisionDraft(kind: .reverse, variant: decision.variant, reason: reason),
      experiment: decision.experiment,
      evidence: DecisionEvidence(
        version: Policy.currentVersion, reversal: .init(kind: decision.kind, reason: decision.reason),
        shares: change
      ),
      reverses: decision.id)
  }

  /// The shares before the decision, for the versions that are active (the retired one again among them).
  private func restoreShares(
    _ decision: Decision, _ evidence: DecisionEvidence, _ scope: CampaignScope, time: LogicalTime, now: Date,
    on connection: Connection
  ) async throws -> DecisionEvidence.ShareChange {
    let experiments = ExperimentStore(connection)
    let running = try await experiments.running(segment: decision.segment, in: scope)
    guard let running, running.id == decision.experiment, let epoch = running.epochs.last,
      let before = evidence.shares?.before
    else {
      throw AutopilotError.irreversible(
        "its experiment has ended, and with it the shares it changed; a new decision is needed instead")
    }
    let start = time.nextHour(now: now, notBefore: epoch.startsAt.addingTimeInterval(3600))
    let variants = VariantStore(connection)
    if decision.kind == .retire, let variant = decision.variant {
      try await variants.setStatus(.active, of: variant, in: scope, at: start)
    }
    let active = Set(
      try await variants.list(in: scope, segment: decision.segment).filter { $0.status == .active }.map(\.id))
    let shares = Shares(floor: AllocationEpoch.floor).restored(before.filter { active.contains($0.variant) })
    try await experiments.open(
      AllocationEpoch(number: epoch.number + 1, startsAt: start, shares: shares), in: running)
    return .init(before: epoch.shares, after: shares, startsAt: start)
  }

  private func callOff(
    _ decision: Decision, _ scope: CampaignScope, at moment: Date, on connection: Connection
  ) async throws {
    let variants = VariantStore(connection)
    let waiting = try await variants.list(in: scope, segment: decision.segment)
      .filter { ($0.status == .rendering || $0.status == .ready) && $0.createdAt == decision.decidedAt }
    guard !waiting.isEmpty else {
      throw AutopilotError.irreversible(
        "its versions have entered the test (or were given up) and cannot be called off; retire them instead")
    }
    // Render jobs find their variant retired and end without making anything.
    for variant in waiting { try await variants.setStatus(.retired, of: variant.id, in: scope, at: moment) }
  }

  private static func day(_ date: Date) -> String { date.formatted(.iso8601.year().month().day()) }
}
