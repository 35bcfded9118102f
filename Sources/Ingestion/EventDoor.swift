public import Campaigns
public import FoundationEssentials
public import Logging
import Postgres

/// The way of an event from a request's bytes to its place in the database: decode, check, commit, answer.
public struct EventDoor: Sendable {
  private let catalogue: EventCatalogue
  private let pseudonyms: any PseudonymSource
  private let writer: EventWriter
  private let window: AcceptWindow
  private let consent: ConsentPolicy
  private let traffic: TrafficRules?
  private let limits: DecodingLimits
  private let logger: Logger

  /// - Parameters:
  ///   - consent: what silence means.
  ///   - traffic: rules for invalid traffic, shared by all doors of a process; nil: everything counts.
  public init(
    catalogue: EventCatalogue, pseudonym: any PseudonymSource, writer: EventWriter,
    window: AcceptWindow = AcceptWindow(), consent: ConsentPolicy = ConsentPolicy(),
    traffic: TrafficRules? = nil, limits: DecodingLimits = DecodingLimits(),
    logger: Logger = Logger(label: "retake.ingestion")
  ) {
    self.catalogue = catalogue
    pseudonyms = pseudonym
    self.writer = writer
    self.window = window
    self.consent = consent
    self.traffic = traffic
    self.limits = limits
    self.logger = logger
  }

  /// Stores a body's events and says, after COMMIT, what became of each.
  /// - Parameters:
  ///   - body: a JSON array of events, or one event per line.
  ///   - source: the door; message ids are unique within it.
  ///   - client: what the request says of who made it.
  public func receive(
    _ body: [UInt8], workspace: Identifier<Workspace>, source: EventSource = .native,
    client: ClientContext = .server, at moment: Date
  ) async throws(IngestError) -> IngestReply {
    var batch: CheckedBatch
    do {
      batch = try await check(body, workspace, source, client, moment)
    } catch {
      if case .body(let error) = error { await writer.noteRefusedBody(error.code) }
      throw error
    }
    if batch.received == 0 { return IngestReply(counts: EventCounts(), rejected: []) }
    traffic?.judge(&batch)
    let counts = try await writer.submit(batch)
    return IngestReply(counts: counts, rejected: batch.rejections)
  }

  private func check(
    _ body: [UInt8], _ workspace: Identifier<Workspace>, _ source: EventSource,
    _ client: ClientContext, _ moment: Date
  ) async throws(IngestError) -> CheckedBatch {
    let checks = EventChecks(
      workspace: workspace, receivedAt: moment, source: source, client: client,
      window: window.milliseconds(around: moment),
      identity: EventIdentity(workspace: workspace, source: source),
      pseudonym: pseudonyms.pseudonym(at: moment),
      limits: limits, consent: consent, traffic: traffic?.request(client) ?? .none)
    let known = await catalogue.view(of: workspace, at: moment)
    let (batch, unknown) = try Self.run(checks, body, known)
    if unknown.isEmpty { return batch }
    // New variants and placements are met once; asking for exactly these is a lookup by key.
    let view: CatalogueView
    do {
      view = try await catalogue.resolve(unknown, of: workspace, at: moment)
    } catch {
      logger.error("variants and placements could not be looked up: \(error)")
      throw .unavailable(reason: error.kind.rawValue, retryAfterSeconds: 2)
    }
    return try Self.run(checks, body, view).batch
  }

  private static func run(
    _ checks: EventChecks, _ body: [UInt8], _ view: CatalogueView
  ) throws(IngestError) -> (batch: CheckedBatch, unknown: EventChecks.Unknown) {
    let result = body.withUnsafeBufferPointer { bytes in
      Result { () throws(BodyError) in try checks.check(bytes, against: view) }
    }
    do {
      return try result.get()
    } catch {
      throw .body(error)
    }
  }
}

/// What the sender is told.
public struct IngestReply: Hashable, Sendable {
  public var counts: EventCounts
  /// In order of index; quarantined events too (`code.isQuarantine`).
  public var rejected: [Rejection]
}
