public import FoundationEssentials
public import Logging
public import Postgres

/// Adds the packed viewers of `ingest_batch` to `viewer_stat` and `viewer_moment`, every few seconds, off the path on
/// which events are answered. Every process may try, one folds at a time.
///
/// The batches of one fold are added up here by viewer. Everything it changes, and the batches' marks, stand in one
/// transaction, so a batch counts exactly once whatever happens in between.
public struct ViewerFolder: Sendable {
  private let database: Database
  private let clock: any Clock<Duration>
  private let now: @Sendable () -> Date
  private let logger: Logger
  /// Packed bytes taken by one fold, about a twentieth of the memory it needs; one batch is always taken.
  private let bytesPerFold: Int
  private let batchesPerFold: Int

  public init(
    database: Database, bytesPerFold: Int = 2 << 20, batchesPerFold: Int = 2000,
    clock: any Clock<Duration> = ContinuousClock(), now: @escaping @Sendable () -> Date = { Date() },
    logger: Logger = Logger(label: "retake.ingestion")
  ) {
    self.database = database
    self.bytesPerFold = bytesPerFold
    self.batchesPerFold = batchesPerFold
    self.clock = clock
    self.now = now
    self.logger = logger
  }

  /// What one fold did.
  struct Fold {
    var batches = 0
    /// Rows of `viewer_stat` made and changed.
    var newViewers = 0
    var knownViewers = 0
    /// Whether there was more than one fold takes.
    var hasMore = false
  }

  /// Folds until cancelled. A database that is away is waited for, with growing pauses.
  public func run(every interval: Duration = .seconds(2)) async {
    var pause = interval
    while !Task.isCancelled {
      do {
        while try await fold(waiting: false)?.hasMore == true {}
        pause = interval
      } catch {
        if Task.isCancelled { return }
        pause = min(pause * 2, .seconds(30))
        logger.warning("viewers could not be folded, trying again in \(pause): \(error)")
      }
      do { try await clock.sleep(for: pause) } catch { return }
    }
  }

  /// Folds everything that was committed before the call, after whoever folds now.
  /// - Returns: how many batches were folded here.
  @discardableResult
  public func foldAll() async throws -> Int {
    var folded = 0
    while let fold = try await fold(waiting: true) {
      folded += fold.batches
      if !fold.hasMore { break }
    }
    return folded
  }

  /// How many batches wait, and since when the oldest does; nil when none does.
  public func backlog() async throws -> (batches: Int, since: Date?) {
    let row = try await database.query(
      "SELECT count(*), min(received_at) FROM ingest_batch WHERE viewers_folded_at IS NULL"
    ).decode(Int64.self, Date?.self).first
    return (Int(row?.0 ?? 0), row?.1)
  }

  /// - Returns: nil when another process folds.
  func fold(waiting: Bool) async throws -> Fold? {
    let moment = now()
    return try await database.transaction { connection in
      // A fold that is cut off is a fold that comes again: a slow machine must be able to finish it.
      try await connection.setLocalStatementTimeout(.seconds(600))
      let store = ViewerStore(connection: connection)
      guard try await store.enter(waiting: waiting) else { return nil }
      let due = try await store.due(bytes: bytesPerFold, batches: batchesPerFold)
      if due.batches.isEmpty { return Fold() }
      let deltas = try Self.sum(due.batches)
      var fold = Fold(batches: due.batches.count, hasMore: due.isCut)
      let cells = deltas.ordered
      if !cells.isEmpty {
        try await store.stage(cells, deltas.versions)
        let known = try await store.addToKnown()
        let (changes, new) = Self.changes(cells, known)
        (fold.newViewers, fold.knownViewers) = (new.count, known.numbers.count)
        try await store.insert(new, deltas.versions)
        try await store.add(changes, deltas.versions)
      }
      try await store.mark(due.batches, at: moment)
      return fold
    }
  }

  private static func sum(_ batches: [ViewerStore.Batch]) throws -> ViewerDeltas {
    // Most viewers take 18 bytes.
    var deltas = ViewerDeltas(expecting: batches.reduce(0) { $0 + $1.viewers.count } / 18)
    for batch in batches {
      do {
        try deltas.unpack(batch.viewers, of: batch.campaign)
      } catch {
        throw PostgresError(
          .decoding, "the viewers of ingest_batch \(batch.campaign) \(batch.id) cannot be read: \(error)",
          hint: "Was it written by a newer program? Then let that one fold")
      }
    }
    return deltas
  }

  /// From what viewers were to what they are.
  private static func changes(
    _ cells: [ViewerDeltas.Cell], _ known: ViewerStore.Known
  ) -> (changes: ViewerMomentChanges, new: [ViewerDeltas.Cell]) {
    var changes = ViewerMomentChanges()
    var isKnown = [Bool](repeating: false, count: cells.count)
    for (place, number) in known.numbers.enumerated() {
      let cell = cells[Int(number)]
      let old = known.viewer(at: place)
      changes.add(old, version: cell.version, sign: -1)
      changes.add(old.adding(cell), version: cell.version, sign: 1)
      isKnown[Int(number)] = true
    }
    var new: [ViewerDeltas.Cell] = []
    new.reserveCapacity(cells.count - known.numbers.count)
    for (place, cell) in cells.enumerated() where !isKnown[place] {
      changes.add(ViewerMoments.Viewer(cell), version: cell.version, sign: 1)
      new.append(cell)
    }
    return (changes, new)
  }
}
