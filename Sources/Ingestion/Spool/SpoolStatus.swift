public import FoundationEssentials

/// What lies in the spool, for `/metrics` and `retake doctor`.
public struct SpoolStatus: Hashable, Sendable {
  /// Of the segments that wait for their replay.
  public var bytes = 0
  public var segments = 0
  /// Requests and the events in them.
  public var records = 0
  public var events = 0
  /// When the oldest of them was received.
  public var oldest: Date?
  /// Files set aside because something in them could not be read or would not be taken, now in the folder.
  public var damagedFiles = 0
  /// Since this process started: records that could not be read or would not be taken, and bytes in which no record
  /// could be told apart any more.
  public var damagedRecords = 0
  public var lostBytes = 0
  /// Since this process started: events whose senders were told that they are kept, and events replayed.
  public var spooledEvents = 0
  public var replayedEvents = 0
  /// Since this process started: requests that were not taken, by why.
  public var refusedFull = 0
  public var refusedStorageLow = 0
  public var refusedFailure = 0
  public var budgetBytes = 0
  public var reserveBytes = 0
  /// On the spool's file system; nil when the system does not say.
  public var freeBytes: Int?
  /// Why nothing can be spooled at all; nil when it can.
  public var problem: String?

  public init() {}

  /// Whether a request of ordinary size would be taken now.
  public var hasRoom: Bool {
    problem == nil && bytes < budgetBytes && (freeBytes.map { $0 > reserveBytes } ?? true)
  }

  /// Looks at a folder from outside of the process that owns it. What is being appended meanwhile may count as not
  /// there yet.
  /// - Returns: nil when there is no such folder.
  public static func inspect(folder: URL, settings: SpoolSettings) throws(SpoolError) -> SpoolStatus? {
    guard FileManager.default.fileExists(atPath: folder.path) else { return nil }
    let files = SpoolFolder(path: folder.path)
    var status = SpoolStatus()
    let content = try files.content()
    status.damagedFiles = content.damaged.count
    for number in content.segments {
      let bytes: [UInt8]
      do {
        bytes = try files.read(number)
      } catch {
        // Replayed and removed since the folder was listed.
        if !FileManager.default.fileExists(atPath: files.file(number)) { continue }
        throw error
      }
      status.add(SpoolSegment.survey(bytes), bytes: bytes.count)
    }
    status.budgetBytes = settings.budgetBytes
    status.reserveBytes = settings.reserveBytes
    status.freeBytes = SpoolFolder.freeBytes(at: folder.path)
    return status
  }

  mutating func add(_ survey: SpoolSegment.Survey, bytes: Int) {
    self.bytes += bytes
    segments += 1
    records += survey.records
    events += survey.events
    if let other = survey.oldest { oldest = min(oldest ?? other, other) }
  }
}
