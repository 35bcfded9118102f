public import Campaigns
import Cryptography
public import FoundationEssentials
import Glibc
public import Postgres

/// What a file of events is known by, so that reading it can go on: its size, when it was last changed, and how it
/// begins. A file that was changed is another one, and ids keep its events from being stored twice.
public struct EventFileIdentity: Hashable, Sendable {
  public let name: String
  public let sizeBytes: Int64
  let fingerprint: [UInt8]

  /// nil for what cannot be read twice: a pipe.
  /// - Throws: `EventFileError` when there is no such file.
  public init?(path: String) throws(EventFileError) {
    var facts = stat()
    guard stat(path, &facts) == 0 else { throw .cannotOpen(path: path, reason: FileBytes.reason(errno)) }
    guard facts.st_mode & S_IFMT == S_IFREG else { return nil }
    name = path.split(separator: "/").last.map(String.init) ?? path
    sizeBytes = Int64(facts.st_size)
    var head: [UInt8] = []
    let file = try FileBytes(path: path)
    while head.count < 64 * 1024, try file.read(64 * 1024, into: &head) > 0 {}
    var hash = SHA256()
    hash.update("\(sizeBytes) \(facts.st_mtim.tv_sec).\(facts.st_mtim.tv_nsec) ")
    hash.update(head.prefix(64 * 1024))
    fingerprint = hash.finalize().bytes
  }
}

/// How far a file was read, and what became of its events.
public struct EventFileProgress: Hashable, Sendable {
  /// The first lines that were not stored are kept, so many.
  public static let keptRejections = 20

  public var counts = EventCounts()
  public var bytesDone: Int64 = 0
  public var linesDone = 0
  public var rejections: [EventFileRejection] = []
  /// When it was read to its end.
  public var finishedAt: Date?

  public init() {}

  /// Whether every event is stored, now or before.
  public var tookEverything: Bool { counts.quarantined == 0 && counts.rejected == 0 }

  mutating func add(_ counts: EventCounts, _ rejections: [EventFileRejection], upTo lines: EventLines) {
    self.counts += counts
    bytesDone = lines.endOffset
    linesDone = lines.endLine
    let room = Self.keptRejections - self.rejections.count
    if room > 0 { self.rejections += rejections.sorted { $0.line < $1.line }.prefix(room) }
  }
}

/// Table `event_file`.
public struct EventFileStore: Sendable {
  private let database: any Queryable

  public init(_ database: any Queryable) { self.database = database }

  public func progress(
    of file: EventFileIdentity, workspace: Identifier<Workspace>
  ) async throws -> EventFileProgress? {
    let row = try await database.query(
      """
      SELECT bytes_done, lines_done, stored, duplicate, quarantined, rejected, rejections, finished_at
      FROM event_file WHERE workspace_id = \(workspace.uuid) AND fingerprint = \(file.fingerprint)
      """
    ).decode(
      Int64.self, Int64.self, Int64.self, Int64.self, Int64.self, Int64.self, JSONB.self, Date?.self
    ).first
    guard let row else { return nil }
    var progress = EventFileProgress()
    progress.bytesDone = row.0
    progress.linesDone = Int(row.1)
    progress.counts = EventCounts(
      stored: Int(row.2), duplicate: Int(row.3), quarantined: Int(row.4), rejected: Int(row.5))
    progress.rejections = try row.6.decode([EventFileRejection].self)
    progress.finishedAt = row.7
    return progress
  }

  func save(
    _ progress: EventFileProgress, of file: EventFileIdentity, workspace: Identifier<Workspace>,
    at moment: Date
  ) async throws {
    let counts = progress.counts
    try await database.execute(
      """
      INSERT INTO event_file AS known (workspace_id, fingerprint, file_name, started_at, read_at, finished_at,
        bytes_done, lines_done, stored, duplicate, quarantined, rejected, rejections)
      VALUES (\(workspace.uuid), \(file.fingerprint), \(file.name), \(moment), \(moment), \(progress.finishedAt),
        \(progress.bytesDone), \(Int64(progress.linesDone)), \(Int64(counts.stored)), \(Int64(counts.duplicate)),
        \(Int64(counts.quarantined)), \(Int64(counts.rejected)), \(try JSONB(encoding: progress.rejections)))
      ON CONFLICT (workspace_id, fingerprint) DO UPDATE SET file_name = excluded.file_name,
        read_at = excluded.read_at, finished_at = excluded.finished_at, bytes_done = excluded.bytes_done,
        lines_done = excluded.lines_done, stored = excluded.stored, duplicate = excluded.duplicate,
        quarantined = excluded.quarantined, rejected = excluded.rejected, rejections = excluded.rejections
      """)
  }
}
