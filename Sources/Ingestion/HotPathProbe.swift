import Campaigns
public import FoundationEssentials
import Postgres

/// The parts of the way of an event that make no use of the database, one by one, so that a benchmark can time them.
/// The service uses ``EventDoor``.
public struct HotPathProbe: Sendable {
  private let catalogue: CatalogueView
  private let checks: EventChecks

  /// - Parameters:
  ///   - variants: those that events may name.
  ///   - placements: those that events may name.
  ///   - moment: when the events arrive.
  public init(
    workspace: UUID, variants: [UUID], placements: [String], at moment: Date
  ) {
    var view = CatalogueView()
    for variant in variants {
      view.variants.insert(.init(campaign: Identifier(workspace), currency: "EUR"), for: variant)
    }
    view.placements = placements.enumerated().map {
      CatalogueView.Placement(id: Int16($0.offset + 1), name: Array($0.element.utf8))
    }
    catalogue = view
    checks = EventChecks(
      workspace: Identifier(workspace), receivedAt: moment, source: .native, client: .server,
      window: AcceptWindow().milliseconds(around: moment),
      identity: EventIdentity(workspace: Identifier(workspace), source: .native),
      pseudonym: ViewerPseudonym(secret: [UInt8](repeating: 7, count: 32)), limits: DecodingLimits())
  }

  /// Decodes a body and forgets it.
  /// - Returns: the number of events; elements that are no events are not counted.
  public func decode(_ body: UnsafeBufferPointer<UInt8>) throws(BodyError) -> Int {
    var decoder = try EventDecoder(body, limits: DecodingLimits())
    var count = 0
    while let element = try decoder.next() {
      if case .event = element { count += 1 }
    }
    return count
  }

  /// Decodes and checks a body: what is left to do is to write it.
  public func check(_ body: UnsafeBufferPointer<UInt8>) throws(BodyError) -> CheckedBatch {
    try checks.check(body, against: catalogue).batch
  }

  /// Plans a commit: puts events in order, encodes their rows and adds up what goes with them.
  /// - Returns: the number of bytes for the database.
  public func plan(_ batches: [CheckedBatch]) -> Int {
    let plan = CommitPlan(batches) { _ in true }
    let outcome = plan.outcome(stored: nil)
    let deltas = outcome.deltas.rows.reduce(0) { $0 + $1.deltas.utf8.count }
    return plan.encoded.byteCount + deltas + outcome.viewers.packed().values.reduce(0) { $0 + $1.count }
  }
}
