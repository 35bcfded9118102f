public import Campaigns
import Creative
public import FoundationEssentials
public import Postgres

/// What people decide themselves: to take a version out of its test, or to put one in that they composed.
public struct DecisionByHand: Sendable {
  private let database: Database
  private let identifiers: IdentifierSource

  public init(database: Database, identifiers: IdentifierSource = .live) {
    self.database = database
    self.identifiers = identifiers
  }

  /// Retires a version; what traffic it had goes to the others from the next whole hour on.
  /// - Parameters:
  ///   - reason: why, in the person's words; stored with the decision.
  ///   - person: the name of the key that asks.
  /// - Throws: `CampaignsError.refused` where the version is not active, or is one of the last two of its test.
  public func retire(
    _ id: Identifier<Variant>, of campaign: Campaign, reason: String, by person: String, time: LogicalTime,
    now: Date
  ) async throws -> Decision {
    try await database.transaction { connection in
      let scope = campaign.scope
      let variant = try await VariantStore(connection).find(id, in: scope)
      let segment = try await SegmentStore(connection).find(variant.segment, in: scope)
      try await AutopilotStore(connection).lock(segment.id)
      let running = try await ExperimentStore(connection).running(segment: segment.id, in: scope)
      guard variant.status == .active, let running, let epoch = running.epochs.last else {
        throw CampaignsError.refused("version \(variant.name) is \(variant.status.rawValue), not in a test")
      }
      let staying = epoch.shares.filter { $0.variant != id }
      guard staying.count >= 2 else {
        throw CampaignsError.refused(
          "version \(variant.name) is one of the last two in its test; add another version first")
      }
      let start = time.nextHour(now: now, notBefore: epoch.startsAt.addingTimeInterval(3600))
      let shares = Shares(floor: campaign.document.policy.allocationFloor).restored(staying)
      try await VariantStore(connection).setStatus(.retired, of: id, in: scope, at: start)
      try await ExperimentStore(connection).open(
        AllocationEpoch(number: epoch.number + 1, startsAt: start, shares: shares), in: running)
      var writer = DecisionWriter(
        segment: segment, decidedBy: person, decidedAt: time.moment(now: now), identifiers: identifiers,
        connection: connection, position: 400)
      return try await writer.write(
        DecisionDraft(kind: .retire, variant: id, reason: reason), experiment: running.id,
        evidence: DecisionEvidence(
          version: Policy.currentVersion, shares: .init(before: epoch.shares, after: shares, startsAt: start))
      )
    }
  }

  /// Orders a version of the given levels: it is rendered for every placement and enters a fresh test when all its
  /// files exist.
  /// - Parameter levels: factor key -> level key, one for every factor of the campaign.
  /// - Throws: `CampaignsError.refused` for levels the campaign does not have, or a combination the segment had.
  public func compose(
    levels: [String: String], segment key: String, of campaign: Campaign, rationale: String, time: LogicalTime
  ) async throws -> Variant {
    try check(levels, against: campaign.document.factors)
    return try await database.transaction { connection in
      let segment = try await SegmentStore(connection).find(key: key, in: campaign.scope)
      try await AutopilotStore(connection).lock(segment.id)
      let existing = try await VariantStore(connection).list(in: campaign.scope, segment: segment.id)
      if let twin = existing.first(where: { $0.levels == levels }) {
        throw CampaignsError.refused(
          "version \(twin.name) of segment \(key) has exactly these levels already")
      }
      let running = try await ExperimentStore(connection).running(segment: segment.id, in: campaign.scope)
      let parent = running?.control ?? existing.last?.id
      let generation = parent == nil ? 1 : (existing.map(\.generation).max() ?? 0) + 1
      let ordered = try await GenerationOrder(
        campaign: campaign, time: time, identifiers: identifiers, connection: connection
      ).place(
        [VariantDesign(levels: levels, parent: parent, rationale: rationale)], segment: segment,
        generation: generation, existing: existing)
      guard let variant = ordered.first else {
        throw AutopilotError.noDesign("no version could be made of these levels")
      }
      return variant
    }
  }

  private func check(_ levels: [String: String], against factors: [Factor]) throws {
    for factor in factors {
      let known = factor.levels.map(\.key)
      guard let level = levels[factor.key] else {
        throw CampaignsError.refused(
          "levels has no \(factor.key); choose one of \(known.joined(separator: ", "))")
      }
      guard known.contains(level) else {
        throw CampaignsError.refused(
          "\(factor.key) has no level \"\(level)\"; choose one of \(known.joined(separator: ", "))")
      }
    }
    if let unknown = levels.keys.first(where: { key in !factors.contains { $0.key == key } }) {
      throw CampaignsError.refused(
        "the campaign has no factor \"\(unknown)\"; it has \(factors.map(\.key).joined(separator: ", "))")
    }
  }
}
