import Dispatch
public import FoundationEssentials
public import Logging
import Synchronization

/// Requests kept on disk until the database can take them: segments that are only ever appended to, synced before
/// anybody is told that their request is kept, and removed when all their records are committed.
///
/// Appends that come while the disk is busy share the next sync. Files are touched on a queue of the spool's own, so
/// that a slow disk holds no thread that others need.
public final class Spool: Sendable {
  public let settings: SpoolSettings
  private let queue = DispatchQueue(label: "retake.spool")
  private let files: Mutex<SpoolFiles>
  private let front: Mutex<Front>
  private let freeBytes: @Sendable () -> Int?
  private let logger: Logger

  private struct Waiting {
    var bytes: [UInt8]
    var record: SpoolSegment.Survey
    var answer: CheckedContinuation<Result<Void, SpoolError>, Never>
  }

  /// What is known without asking the disk.
  private struct Front {
    var waiting: [Waiting] = []
    var isFlushing = false
    var segments: [Int: (bytes: Int, survey: SpoolSegment.Survey)] = [:]
    /// Of all segments and of what waits to be written.
    var bytes = 0
    var totals = SpoolStatus()
    var isOpen = false
  }

  /// - Parameters:
  ///   - folder: made when it is not there, readable by this user only.
  ///   - freeBytes: what is free on the folder's file system; nil when that cannot be known.
  public init(
    folder: URL, settings: SpoolSettings = SpoolSettings(), freeBytes: (@Sendable () -> Int?)? = nil,
    logger: Logger = Logger(label: "retake.ingestion")
  ) {
    let path = folder.path
    self.settings = settings
    self.freeBytes = freeBytes ?? { SpoolFolder.freeBytes(at: path) }
    self.logger = logger
    files = Mutex(SpoolFiles(folder: SpoolFolder(path: path), segmentBytes: settings.segmentBytes))
    var front = Front()
    front.totals.budgetBytes = settings.budgetBytes
    front.totals.reserveBytes = settings.reserveBytes
    front.totals.problem = SpoolError.closed.description
    self.front = Mutex(front)
  }

  /// Takes the folder, finds what an earlier process left in it, and cuts off what a crash left half written. Until
  /// this has succeeded nothing is taken.
  public func open() async throws(SpoolError) {
    let logger = logger
    do {
      let found = try await onQueue { (files) throws(SpoolError) in try files.open(logger) }
      front.withLock { front in
        guard !front.isOpen else { return }
        front.isOpen = true
        front.totals.problem = nil
        front.totals.damagedFiles = found.damagedFiles
        for (number, segment) in found.segments {
          front.segments[number] = segment
          front.bytes += segment.bytes
        }
      }
    } catch {
      front.withLock { $0.totals.problem = error.description }
      throw error
    }
  }

  /// Lets another process have the folder. What lies in it stays.
  public func close() async {
    front.withLock { front in
      front.isOpen = false
      front.totals.problem = SpoolError.closed.description
    }
    await withCheckedContinuation { done in
      queue.async {
        self.files.withLock { $0.close() }
        done.resume()
      }
    }
  }

  public var isEmpty: Bool { front.withLock { $0.segments.isEmpty && $0.waiting.isEmpty } }

  public var status: SpoolStatus {
    var status = front.withLock { front in
      var status = front.totals
      for (_, segment) in front.segments { status.add(segment.survey, bytes: segment.bytes) }
      return status
    }
    status.freeBytes = freeBytes()
    return status
  }

  // MARK: - Appending

  /// Returns when the record is on the disk to stay.
  func append(_ record: SpoolRecord) async throws(SpoolError) {
    let bytes = try record.encoded()
    let survey = SpoolSegment.Survey(
      records: 1, events: record.events, oldest: record.receivedAt, wholeBytes: bytes.count)
    let result = await withCheckedContinuation { answer in
      enqueue(Waiting(bytes: bytes, record: survey, answer: answer))
    }
    if case .failure(let error) = result { noteRefusal(error) }
    try result.get()
  }

  private func enqueue(_ waiting: Waiting) {
    let (refusal, mustStart): (SpoolError?, Bool) = front.withLock { front in
      guard front.isOpen else { return (.closed, false) }
      guard front.bytes + waiting.bytes.count <= settings.budgetBytes else {
        return (.full(budgetBytes: settings.budgetBytes), false)
      }
      front.bytes += waiting.bytes.count
      front.waiting.append(waiting)
      defer { front.isFlushing = true }
      return (nil, !front.isFlushing)
    }
    if let refusal { return waiting.answer.resume(returning: .failure(refusal)) }
    if mustStart { queue.async { self.flush() } }
  }

  /// Writes what waits now; what comes meanwhile is a turn of its own, so that readers get theirs.
  private func flush() {
    let batch = front.withLock { front in
      defer { front.waiting = [] }
      return front.waiting
    }
    let outcomes = write(batch)
    let hasMore = front.withLock { front in
      for (waiting, outcome) in zip(batch, outcomes) {
        switch outcome {
        case .success(let number):
          front.segments[number, default: (0, .init())].bytes += waiting.bytes.count
          front.segments[number]?.survey.add(waiting.record)
          front.totals.spooledEvents += waiting.record.events
        case .failure: front.bytes -= waiting.bytes.count
        }
      }
      front.isFlushing = !front.waiting.isEmpty
      return front.isFlushing
    }
    if hasMore { queue.async { self.flush() } }
    for (waiting, outcome) in zip(batch, outcomes) { waiting.answer.resume(returning: outcome.map { _ in }) }
  }

  private func write(_ batch: [Waiting]) -> [Result<Int, SpoolError>] {
    let needed = batch.reduce(0) { $0 + $1.bytes.count }
    if let free = freeBytes(), free - needed < settings.reserveBytes {
      let error = SpoolError.storageLow(freeBytes: free, reserveBytes: settings.reserveBytes)
      return batch.map { _ in .failure(error) }
    }
    let outcomes = files.withLock { $0.append(batch.map(\.bytes)) }
    for case .failure(let error) in outcomes.prefix(1) {
      logger.error("requests could not be written to the spool: \(error)")
    }
    return outcomes
  }

  private func noteRefusal(_ error: SpoolError) {
    front.withLock { front in
      switch error {
      case .full: front.totals.refusedFull += 1
      case .storageLow: front.totals.refusedStorageLow += 1
      case .inUse, .system, .closed: front.totals.refusedFailure += 1
      }
    }
  }

  // MARK: - Reading back

  /// The segment to be replayed next; from now on nothing is appended to it.
  func oldest() async throws(SpoolError) -> Int? {
    guard let number = front.withLock({ $0.segments.keys.min() }) else { return nil }
    try await onQueue { (files) throws(SpoolError) in files.seal(number) }
    return number
  }

  func read(_ number: Int) async throws(SpoolError) -> SpoolSegment {
    SpoolSegment(try await onQueue { (files) throws(SpoolError) in try files.folder.read(number) })
  }

  /// All records of the segment are committed.
  func remove(_ number: Int) async throws(SpoolError) {
    try await onQueue { (files) throws(SpoolError) in try files.folder.remove(number) }
    forget(number)
  }

  /// Keeps a segment that holds what could not be replayed, out of the way.
  func setAside(_ number: Int) async throws(SpoolError) -> String {
    let name = try await onQueue { (files) throws(SpoolError) in try files.folder.setAside(number) }
    forget(number)
    front.withLock { $0.totals.damagedFiles += 1 }
    return name
  }

  private func forget(_ number: Int) {
    front.withLock { front in
      if let segment = front.segments.removeValue(forKey: number) { front.bytes -= segment.bytes }
    }
  }

  func noteReplay(events: Int, damagedRecords: Int, lostBytes: Int) {
    front.withLock { front in
      front.totals.replayedEvents += events
      front.totals.damagedRecords += damagedRecords
      front.totals.lostBytes += lostBytes
    }
  }

  private func onQueue<R: Sendable>(
    _ body: @escaping @Sendable (inout SpoolFiles) throws(SpoolError) -> R
  ) async throws(SpoolError) -> R {
    let result: Result<R, SpoolError> = await withCheckedContinuation { answer in
      queue.async {
        answer.resume(
          returning: self.files.withLock { files in
            Result { () throws(SpoolError) in try body(&files) }
          })
      }
    }
    return try result.get()
  }
}
