import Campaigns
import FoundationEssentials
import Postgres

/// Writes the decisions of one moment in one segment, in the order they were taken.
struct DecisionWriter {
  let segment: Segment
  let decidedBy: String
  let decidedAt: Date
  let identifiers: IdentifierSource
  let connection: any Queryable
  /// Ids of the same moment are told apart by these, see ``IdentifierSource``.
  private var position: Int

  init(
    segment: Segment, decidedBy: String = "autopilot", decidedAt: Date, identifiers: IdentifierSource,
    connection: any Queryable, position: Int = 0
  ) {
    self.segment = segment
    self.decidedBy = decidedBy
    self.decidedAt = decidedAt
    self.identifiers = identifiers
    self.connection = connection
    self.position = position
  }

  mutating func write(
    _ draft: DecisionDraft, experiment: Identifier<Experiment>?, evidence: DecisionEvidence,
    reverses: Identifier<Decision>? = nil
  ) async throws -> Decision {
    let decision = Decision(
      id: identifiers.next(at: decidedAt, position: position), campaign: segment.campaign,
      segment: segment.id, experiment: experiment, variant: draft.variant, kind: draft.kind,
      reason: draft.reason, evidence: try JSONEncoding.text(evidence), decidedBy: decidedBy,
      decidedAt: decidedAt, reverses: reverses)
    try await DecisionStore(connection).insert(decision)
    position += 1
    return decision
  }
}
