public import Campaigns
public import FoundationEssentials
public import Postgres

/// Brings a file of events, one JSON object per line, plain or gzip, through the door that all events come through.
///
/// Several batches are under way at once. How far the file was read is written down about every second, behind the
/// last batch before which all are committed; so a reading that was cut off, however hard, goes on there. What was
/// committed after that is read again and found to be there already.
public struct EventFileImport: Sendable {
  private let database: Database
  private let door: EventDoor
  private let workspace: Identifier<Workspace>
  private let now: @Sendable () -> Date
  private let clock: any Clock<Duration>
  /// Batches between the file and the database.
  private let underWay: Int
  private let bytesPerBatch: Int
  private let linesPerBatch: Int
  /// How often a batch is offered to a database that is away or busy.
  private let tries: Int

  public init(
    database: Database, door: EventDoor, workspace: Identifier<Workspace>, underWay: Int = 4,
    bytesPerBatch: Int = 1 << 20, linesPerBatch: Int = 5_000, tries: Int = 30,
    now: @escaping @Sendable () -> Date = { Date() }, clock: any Clock<Duration> = ContinuousClock()
  ) {
    self.database = database
    self.door = door
    self.workspace = workspace
    self.underWay = underWay
    self.bytesPerBatch = bytesPerBatch
    self.linesPerBatch = linesPerBatch
    self.tries = tries
    self.now = now
    self.clock = clock
  }

  /// How it goes, told after every batch.
  public struct Step: Sendable {
    public var progress: EventFileProgress
    /// Of the file as it lies on the disk; ahead of what is committed by a few batches.
    public var fileBytes: Int64
  }

  /// Reads from where an earlier reading ended up to the end.
  /// - Parameters:
  ///   - path: nil for standard input.
  ///   - file: nil when reading cannot go on later: a pipe.
  ///   - again: from the beginning, whatever was read before.
  /// - Throws: `EventFileError`, or `CancellationError`; what was committed until then is written down.
  public func run(
    path: String?, file: EventFileIdentity?, again: Bool = false, onStep: (Step) -> Void = { _ in }
  ) async throws -> EventFileProgress {
    let store = EventFileStore(database)
    var known: EventFileProgress?
    if let file, !again { known = try await store.progress(of: file, workspace: workspace) }
    if let known, known.finishedAt != nil { return known }
    let reader = try EventLineReader(path: path, bytesPerBatch: bytesPerBatch, linesPerBatch: linesPerBatch)
    if let known { try reader.skip(to: known.bytesDone, line: known.linesDone) }
    var keeper = ProgressKeeper(
      progress: known ?? EventFileProgress(), file: file, workspace: workspace, store: store, now: now)
    do {
      try await send(reader, &keeper, onStep)
    } catch {
      await keeper.saveLast()
      throw error
    }
    try await keeper.finish()
    return keeper.progress
  }

  private typealias Outcome = (number: Int, lines: EventLines, reply: Result<IngestReply, IngestError>)

  private func send(_ reader: EventLineReader, _ keeper: inout ProgressKeeper, _ onStep: (Step) -> Void)
    async throws
  {
    try await withThrowingTaskGroup(of: Outcome.self) { group in
      var sent = 0
      var done = 0
      var waiting: [Int: Outcome] = [:]
      var failure: (any Error)?
      /// A batch was not committed: what lies behind it does not count as read.
      var hasGap = false
      var isAtEnd = false
      while true {
        while failure == nil, !isAtEnd, sent - done < underWay {
          do {
            try Task.checkCancellation()
            guard reader.isReady(withinMilliseconds: sent == done ? 200 : 0) else { break }
            guard let lines = try reader.next() else {
              isAtEnd = true
              break
            }
            let number = sent
            group.addTask { (number, lines, await offer(lines)) }
            sent += 1
          } catch {
            failure = error
          }
        }
        guard sent > done else {
          if let failure { throw failure }
          if isAtEnd { return }
          continue
        }
        guard let outcome = try await group.next() else { return }
        waiting[outcome.number] = outcome
        // In the order of the file: only behind a gapless beginning can reading go on.
        while let next = waiting.removeValue(forKey: done) {
          done += 1
          switch next.reply {
          case .success(let reply):
            if hasGap { continue }
            keeper.add(reply, next.lines)
            onStep(Step(progress: keeper.progress, fileBytes: reader.fileOffset))
          case .failure(let error):
            let line = next.lines.numbers.first ?? next.lines.endLine
            hasGap = true
            failure = failure ?? EventFileError.notStored(line: line, reason: error)
          }
        }
        try await keeper.saveNowAndThen()
      }
    }
  }

  /// Waits for a database that is away or busy, for minutes.
  private func offer(_ lines: EventLines) async -> Result<IngestReply, IngestError> {
    var attempt = 1
    while true {
      do throws(IngestError) {
        if lines.numbers.isEmpty { return .success(IngestReply(counts: EventCounts(), rejected: [])) }
        return .success(
          try await door.receive(lines.body, workspace: workspace, source: .file, client: .server, at: now()))
      } catch {
        guard let seconds = error.retryAfterSeconds, attempt < tries, !Task.isCancelled else {
          return .failure(error)
        }
        attempt += 1
        do { try await clock.sleep(for: .seconds(seconds)) } catch {
          return .failure(.draining(retryAfterSeconds: 1))
        }
      }
    }
  }
}

/// Counts what is committed and writes it down.
private struct ProgressKeeper {
  var progress: EventFileProgress
  let file: EventFileIdentity?
  let workspace: Identifier<Workspace>
  let store: EventFileStore
  let now: @Sendable () -> Date
  private var savedAt: Date

  init(
    progress: EventFileProgress, file: EventFileIdentity?, workspace: Identifier<Workspace>,
    store: EventFileStore,
    now: @escaping @Sendable () -> Date
  ) {
    self.progress = progress
    self.file = file
    self.workspace = workspace
    self.store = store
    self.now = now
    savedAt = now()
  }

  mutating func add(_ reply: IngestReply, _ lines: EventLines) {
    var counts = reply.counts
    counts.rejected += lines.strangers.count
    let rejections = reply.rejected.map {
      EventFileRejection(
        line: $0.index < lines.numbers.count ? lines.numbers[$0.index] : lines.endLine,
        code: $0.code.rawValue,
        message: $0.message)
    }
    progress.add(counts, rejections + lines.strangers, upTo: lines)
  }

  mutating func saveNowAndThen() async throws {
    let moment = now()
    guard !Task.isCancelled, abs(moment.timeIntervalSince(savedAt)) >= 1 else { return }
    savedAt = moment
    try await save()
  }

  mutating func finish() async throws {
    progress.finishedAt = now()
    try await save()
  }

  /// On the way out. The task may be cancelled, which is why we are here: a task of its own writes.
  func saveLast() async {
    let keeper = self
    await Task {
      // What went wrong first is what people must hear of; without this note the last second is read again.
      do { try await keeper.save() } catch {}
    }.value
  }

  private func save() async throws {
    guard let file else { return }
    try await store.save(progress, of: file, workspace: workspace, at: now())
  }
}
