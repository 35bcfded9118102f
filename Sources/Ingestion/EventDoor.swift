public import Campaigns
public import FoundationEssentials
public import Logging
import Postgres

/// The way of an event from a request's bytes to its place in the database: decode, check, commit, answer. When the
/// database is away the request goes to the spool as it came, is answered as kept, and comes this way again later.
public struct EventDoor: Sendable {
  private let catalogue: EventCatalogue
  private let pseudonyms: any PseudonymSource
  private let writer: EventWriter
  private let window: AcceptWindow
  private let consent: ConsentPolicy
  private let traffic: TrafficRules?
  private let devices: DeviceRules
  private let limits: DecodingLimits
  private let vocabulary: EventVocabulary
  private let spool: Spool?
  /// Shared with whoever wants to know whether the database is away.
  public let outage: DatabaseOutage
  /// Bounds what requests in flight hold.
  public let memory: IngestMemory
  private let now: @Sendable () -> Date
  private let logger: Logger

  /// - Parameters:
  ///   - consent: what silence means.
  ///   - traffic: rules for invalid traffic, shared by all doors of a process; nil: everything counts.
  ///   - devices: by which user agents are told apart.
  ///   - spool: where requests go while the database is away; without one they are told to come again.
  ///   - now: by which the catalogue ages.
  public init(
    catalogue: EventCatalogue, pseudonym: any PseudonymSource, writer: EventWriter,
    window: AcceptWindow = AcceptWindow(), consent: ConsentPolicy = ConsentPolicy(),
    traffic: TrafficRules? = nil, devices: DeviceRules = .none, limits: DecodingLimits = DecodingLimits(),
    vocabulary: EventVocabulary = .standard, spool: Spool? = nil, outage: DatabaseOutage = DatabaseOutage(),
    memory: IngestMemory = IngestMemory(), now: @escaping @Sendable () -> Date = { Date() },
    logger: Logger = Logger(label: "retake.ingestion")
  ) {
    self.catalogue = catalogue
    pseudonyms = pseudonym
    self.writer = writer
    self.window = window
    self.consent = consent
    self.traffic = traffic
    self.devices = devices
    self.limits = limits
    self.vocabulary = vocabulary
    self.spool = spool
    self.outage = outage
    self.memory = memory
    self.now = now
    self.logger = logger
  }

  /// Stores a body's events and says, after COMMIT or once they are in the spool, what became of each.
  /// - Parameters:
  ///   - body: a JSON array of events, or one event per line.
  ///   - source: the door; message ids are unique within it.
  ///   - client: what the request says of who made it.
  public func receive(
    _ body: [UInt8], workspace: Identifier<Workspace>, source: EventSource = .native,
    client: ClientContext = .server, at moment: Date
  ) async throws(IngestError) -> IngestReply {
    let request = SpoolRecord(
      workspace: workspace, source: source, client: client, receivedAt: moment, events: 0, body: body)
    guard memory.takes(body.count) else { throw .overloaded(retryAfterSeconds: memory.retryAfterSeconds) }
    defer { memory.release(body.count) }
    if let spool, outage.isActive, !spool.isEmpty || !outage.takesProbe() {
      return try await keep(request, in: spool)
    }
    var batch: CheckedBatch
    do {
      batch = try await check(request, at: moment)
    } catch {
      if case .body(let error) = error { writer.noteRefusedBody(error.code) }
      guard case .unavailable = error, let spool else { throw error }
      noteOutage(error)
      return try await keep(request, in: spool)
    }
    if batch.received == 0 { return IngestReply(counts: EventCounts(), rejected: []) }
    traffic?.judge(&batch)
    do {
      return IngestReply(counts: try await submit(batch), rejected: batch.rejections)
    } catch {
      return try await settle(request, batch, error)
    }
  }

  /// As `receive`, for requests whose answer needs nothing but a commit: for nearly all. Nothing is done for others.
  /// - Parameter answer: called once, on the writer's thread or here.
  /// - Returns: false when this request must be received the other way.
  public func receiveAtOnce(
    _ body: [UInt8], workspace: Identifier<Workspace>, source: EventSource = .native,
    client: ClientContext = .server, at moment: Date,
    answer: @escaping @Sendable (Result<IngestReply, IngestError>) -> Void
  ) -> Bool {
    guard !outage.isActive, memory.takes(body.count) else { return false }
    let request = SpoolRecord(
      workspace: workspace, source: source, client: client, receivedAt: moment, events: 0, body: body)
    var batch: CheckedBatch
    do {
      let known = catalogue.view(of: workspace, at: moment)
      let (checked, unknown) = try Self.run(checks(of: request), body, known)
      guard unknown.isEmpty, checked.received > 0 else {
        memory.release(body.count)
        return false
      }
      batch = checked
    } catch {
      // What is wrong with it is said, and counted, the other way.
      memory.release(body.count)
      return false
    }
    traffic?.judge(&batch)
    let weight = batch.weight
    memory.hold(weight)
    writer.submit(batch) { [batch] result in
      memory.release(weight)
      switch result {
      case .success(let counts):
        noteSuccess()
        memory.release(body.count)
        answer(.success(IngestReply(counts: counts, rejected: batch.rejections)))
      case .failure(let error):
        noteOutage(error)
        // Rare, and it may have to wait for the disk; whoever sent the request waits for it.
        Task {
          let result = await settled(request, batch, error)
          memory.release(body.count)
          answer(result)
        }
      }
    }
    return true
  }

  private func settled(
    _ request: SpoolRecord, _ batch: CheckedBatch, _ error: IngestError
  ) async -> Result<IngestReply, IngestError> {
    do {
      return .success(try await settle(request, batch, error))
    } catch {
      return .failure(error)
    }
  }

  /// What to do about events that were not committed: keep them on disk, or tell their sender to come again.
  private func settle(
    _ request: SpoolRecord, _ batch: CheckedBatch, _ error: IngestError
  ) async throws(IngestError) -> IngestReply {
    switch error {
    case .unavailable, .overloaded: if let spool { return try await keep(request, batch, in: spool) }
    default: break
    }
    writer.noteTurnedAway(batch.received)
    throw error
  }

  /// Stores what a request in the spool holds. Its moment of receipt, door and client are those of the record.
  func replay(_ record: SpoolRecord) async throws(IngestError) -> EventCounts {
    do {
      var batch = try await check(record, at: now())
      traffic?.judge(&batch)
      return try await submit(batch)
    } catch {
      noteOutage(error)
      throw error
    }
  }

  /// Whether events of live requests are waiting for a commit now.
  var isBusy: Bool { writer.counters.waiting > 0 }

  private func submit(_ batch: CheckedBatch) async throws(IngestError) -> EventCounts {
    let weight = batch.weight
    memory.hold(weight)
    defer { memory.release(weight) }
    do {
      let counts = try await writer.submit(batch)
      noteSuccess()
      return counts
    } catch {
      noteOutage(error)
      throw error
    }
  }

  private func noteSuccess() {
    guard let seconds = outage.end() else { return }
    logger.notice("the database takes events again after \(Int(seconds.rounded())) s")
  }

  private func noteOutage(_ error: IngestError) {
    guard case .unavailable(let reason, _) = error, outage.begin() else { return }
    logger.error("the database is away (\(reason)); requests go to the spool")
  }

  /// Puts a request into the spool as it came. What is wrong with its events whatever the database holds is said at
  /// once; everything else, what it may quarantine too, is decided and counted at replay.
  private func keep(
    _ request: SpoolRecord, _ checked: CheckedBatch? = nil, in spool: Spool
  ) async throws(IngestError) -> IngestReply {
    let batch: CheckedBatch
    if let checked {
      batch = checked
    } else {
      let known = catalogue.lastKnown(of: request.workspace)
      do {
        batch = try Self.run(checks(of: request), request.body, known).batch
      } catch {
        if case .body(let error) = error { writer.noteRefusedBody(error.code) }
        throw error
      }
    }
    if batch.received == 0 { return IngestReply(counts: EventCounts(), rejected: []) }
    let rejected = batch.rejections.filter { !$0.code.isQuarantine }
    // Its encoded form is a copy.
    memory.hold(request.body.count)
    defer { memory.release(request.body.count) }
    var record = request
    record.events = batch.received - rejected.count
    do {
      try await spool.append(record)
    } catch {
      writer.noteTurnedAway(batch.received)
      throw IngestError(error)
    }
    return IngestReply(
      counts: EventCounts(rejected: rejected.count), rejected: rejected, spooled: record.events)
  }

  private func checks(of request: SpoolRecord) -> EventChecks {
    EventChecks(
      workspace: request.workspace, receivedAt: request.receivedAt, source: request.source,
      client: request.client, window: window.milliseconds(around: request.receivedAt),
      identity: EventIdentity(workspace: request.workspace, source: request.source),
      pseudonym: pseudonyms.pseudonym(at: request.receivedAt), limits: limits, consent: consent,
      traffic: traffic?.request(request.client) ?? .none, device: RequestDevice(devices, request.client),
      vocabulary: vocabulary)
  }

  /// - Parameter moment: by which the catalogue ages; a request out of the spool is older than what is known now.
  private func check(_ request: SpoolRecord, at moment: Date) async throws(IngestError) -> CheckedBatch {
    let checks = checks(of: request)
    let known = catalogue.view(of: request.workspace, at: moment)
    let (batch, unknown) = try Self.run(checks, request.body, known)
    if unknown.isEmpty { return batch }
    // New variants and placements are met once; asking for exactly these is a lookup by key.
    let view: CatalogueView
    do {
      view = try await catalogue.resolve(unknown, of: request.workspace, at: moment)
    } catch {
      logger.error("variants and placements could not be looked up: \(error)")
      throw .unavailable(reason: error.kind.rawValue, retryAfterSeconds: 2)
    }
    return try Self.run(checks, request.body, view).batch
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

/// What the sender is told: received = stored + duplicate + quarantined + rejected + spooled.
public struct IngestReply: Hashable, Sendable {
  /// What became of the events that were decided. `ingest_count` counts those of a spooled request at its replay, the
  /// rejected ones too.
  public var counts: EventCounts
  /// In order of index; quarantined events too (`code.isQuarantine`).
  public var rejected: [Rejection]
  /// Events that are kept on disk until the database is back.
  public var spooled = 0

  public var received: Int { counts.received + spooled }
}
