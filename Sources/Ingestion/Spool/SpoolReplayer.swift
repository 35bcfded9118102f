import FoundationEssentials
public import Logging

/// Brings what lies in the spool into the database, oldest first, through the same checks as every request, and finds
/// out meanwhile when a database that was away is back.
///
/// A segment is removed when all its records are committed. A crash before that replays them again: their ids make
/// duplicates of what was stored.
public actor SpoolReplayer {
  public struct Settings: Hashable, Sendable {
    /// Events and bytes sent to the writer at once.
    public var events: Int
    public var bytes: Int
    /// How often an empty spool is looked at.
    public var lookEvery: Duration
    /// Between two tries while the database is away, doubling from the first to the last.
    public var firstPause: Duration
    public var lastPause: Duration

    public init(
      events: Int = 5_000, bytes: Int = 2 << 20, lookEvery: Duration = .milliseconds(250),
      firstPause: Duration = .milliseconds(250), lastPause: Duration = .seconds(2)
    ) {
      self.events = events
      self.bytes = bytes
      self.lookEvery = lookEvery
      self.firstPause = firstPause
      self.lastPause = lastPause
    }
  }

  private let spool: Spool
  private let door: EventDoor
  private let settings: Settings
  private let clock: any Clock<Duration>
  private let logger: Logger

  public init(
    spool: Spool, door: EventDoor, settings: Settings = Settings(),
    clock: any Clock<Duration> = ContinuousClock(), logger: Logger = Logger(label: "retake.ingestion")
  ) {
    self.spool = spool
    self.door = door
    self.settings = settings
    self.clock = clock
    self.logger = logger
  }

  /// Opens the spool and replays until cancelled. A batch on its way is finished first.
  public func run() async {
    var pause = settings.firstPause
    while !Task.isCancelled {
      do {
        if spool.status.problem != nil { try await spool.open() }
        try await replayAll()
        pause = settings.firstPause
        try await clock.sleep(for: settings.lookEvery)
      } catch let error as SpoolError {
        logger.error("the spool cannot be used, trying again in \(pause): \(error)")
        do { try await clock.sleep(for: pause) } catch { return }
        pause = min(pause * 2, .seconds(30))
      } catch {
        return
      }
    }
  }

  /// Replays until the spool is empty.
  /// - Throws: `SpoolError`, or `CancellationError`.
  func replayAll() async throws {
    while let number = try await spool.oldest() { try await replay(number) }
  }

  private func replay(_ number: Int) async throws {
    guard var segment = try await readable(number) else { return }
    var damaged = 0
    var lost = 0
    var batch: [SpoolRecord] = []
    var events = 0
    var bytes = 0
    while let item = segment.next() {
      switch item {
      case .record(let record):
        batch.append(record)
        events += record.events
        bytes += record.body.count
      case .damaged: damaged += 1
      case .lost(let bytes): lost += bytes
      case .torn: break
      }
      if events >= settings.events || bytes >= settings.bytes || batch.count >= 1_000 {
        damaged += try await storeLeavingRoom(batch)
        (batch, events, bytes) = ([], 0, 0)
      }
    }
    damaged += try await storeLeavingRoom(batch)
    spool.noteReplay(events: 0, damagedRecords: damaged, lostBytes: lost)
    if damaged == 0, lost == 0 { return try await spool.remove(number) }
    let name = try await spool.setAside(number)
    logger.critical(
      """
      \(damaged) requests and \(lost) bytes of the spool could not be replayed; what could be read is stored, \
      the file is kept for you to look at: \(name)
      """)
  }

  /// The segment; nil when the disk cannot give it back: it is set aside, so that those behind it have their turn.
  private func readable(_ number: Int) async throws(SpoolError) -> SpoolSegment? {
    do {
      return try await spool.read(number)
    } catch {
      guard error.isFaultOfDisk else { throw error }
      let name = try await spool.setAside(number)
      logger.critical("a segment of the spool cannot be read and is set aside as \(name): \(error)")
      return nil
    }
  }

  /// Live traffic has as much of the writer's time as the replay.
  private func storeLeavingRoom(_ batch: [SpoolRecord]) async throws -> Int {
    if batch.isEmpty { return 0 }
    let watch = Stopwatch(clock)
    let refused = try await store(batch)
    if door.isBusy { try await clock.sleep(for: min(watch.elapsed, .milliseconds(500))) }
    return refused
  }

  /// Returns when all of these are committed, but for those that nobody could commit.
  /// - Returns: how many those are.
  private func store(_ batch: [SpoolRecord]) async throws -> Int {
    var waiting = batch
    var pause = settings.firstPause
    var refused = 0
    while true {
      // While the database may be away, one record is enough to find out.
      let tried = door.outage.isActive ? 1 : waiting.count
      var again: [SpoolRecord] = []
      for (record, outcome) in zip(waiting, await replay(waiting.prefix(tried))) {
        switch outcome {
        case .success: spool.noteReplay(events: record.events, damagedRecords: 0, lostBytes: 0)
        case .failure(.body(let error)):
          refused += 1
          logger.error("a request in the spool is no longer understood: \(error)")
        case .failure(.refused(let reason, _)):
          refused += 1
          logger.error("a request in the spool was refused by the database: \(reason)")
        case .failure: again.append(record)
        }
      }
      let isStuck = !again.isEmpty
      waiting = again + waiting.dropFirst(tried)
      if waiting.isEmpty { return refused }
      try Task.checkCancellation()
      guard isStuck else {
        pause = settings.firstPause
        continue
      }
      try await clock.sleep(for: pause)
      pause = min(pause * 2, settings.lastPause)
    }
  }

  private struct Outcome: Sendable {
    var index: Int
    var result: Result<EventCounts, IngestError>
  }

  /// All at once, so that they share commits. Outcomes in the order of the records.
  private func replay(_ records: ArraySlice<SpoolRecord>) async -> [Result<EventCounts, IngestError>] {
    await withTaskGroup(of: Outcome.self) { group in
      for (index, record) in records.enumerated() {
        group.addTask { Outcome(index: index, result: await self.outcome(of: record)) }
      }
      var outcomes: [Outcome] = []
      for await outcome in group { outcomes.append(outcome) }
      return outcomes.sorted { $0.index < $1.index }.map(\.result)
    }
  }

  /// A function of its own: a child task that catches a typed error inside its closure gives back a damaged result when
  /// the compiler (Swift 6.3.1) optimises it.
  private func outcome(of record: SpoolRecord) async -> Result<EventCounts, IngestError> {
    do {
      return .success(try await door.replay(record))
    } catch {
      return .failure(error)
    }
  }
}

/// Time passed, by whichever clock.
struct Stopwatch {
  private let read: () -> Duration

  init(_ clock: some Clock<Duration>) {
    let start = clock.now
    read = { start.duration(to: clock.now) }
  }

  var elapsed: Duration { read() }
}
