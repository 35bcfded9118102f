public import FoundationEssentials
import Glibc
public import Postgres

/// Looks at a deployment without changing anything, for ``Doctor``. What cannot be seen is said, never thrown.
public struct DoctorLook: Sendable {
  /// Days after today that should have their partition; as `EventUpkeep` has it.
  public var aheadDays: Int
  public var policy: RetentionPolicy
  /// Rows of `events` up to which they are counted; `.max` counts however many there are.
  public var countsUpTo: Int
  private let now: @Sendable () -> Date

  public init(
    aheadDays: Int = 3, policy: RetentionPolicy = .forEver, countsUpTo: Int = 5_000_000,
    now: @escaping @Sendable () -> Date = { Date() }
  ) {
    self.aheadDays = aheadDays
    self.policy = policy
    self.countsUpTo = countsUpTo
    self.now = now
  }

  /// Everything the database can tell.
  public func ask(_ database: Database, migrator: Migrator, into evidence: inout DoctorEvidence) async {
    evidence.server = await seen { try await server(database) }
    guard case .known = evidence.server else { return }
    evidence.schema = await seen {
      let status = try await migrator.status(database)
      return .init(version: status.applied.last?.version ?? 0, missing: status.pending.map(\.version))
    }
    evidence.folding = await seen {
      try await FoldingStatus.read(database, aheadDays: aheadDays, policy: policy, at: now())
    }
    evidence.counters = await seen { try await counters(database) }
  }

  /// The file system a folder lies on.
  public static func disk(_ name: String, at path: String) -> DoctorEvidence.Seen<DoctorEvidence.Disk> {
    var information = statvfs()
    guard statvfs(path, &information) == 0 else {
      return .unknown(reason: "\(path): \(String(cString: strerror(errno)))")
    }
    let block = Int(information.f_frsize)
    return .known(
      .init(
        name: name, path: path, freeBytes: Int(information.f_bavail) * block,
        sizeBytes: Int(information.f_blocks) * block))
  }

  private func seen<Value: Sendable>(_ look: () async throws -> Value) async -> DoctorEvidence.Seen<Value> {
    do {
      return .known(try await look())
    } catch let error as PostgresError {
      return .unknown(reason: error.message)
    } catch {
      return .unknown(reason: "\(error)")
    }
  }

  private func server(_ database: Database) async throws -> DoctorEvidence.Server {
    // The first question may have to connect; the second measures the way.
    let version =
      try await database.query("SELECT current_setting('server_version_num')::integer")
      .decode(Int32.self).first.map(Int.init) ?? 0
    let before = now()
    let theirs = try await database.query("SELECT clock_timestamp()").decode(Date.self).first ?? before
    let after = now()
    let way = after.timeIntervalSince(before)
    let middle = before.addingTimeInterval(way / 2)
    return .init(
      version: version, skewSeconds: theirs.timeIntervalSince(middle), skewErrorSeconds: abs(way) / 2)
  }

  private func counters(_ database: Database) async throws -> DoctorEvidence.Counters {
    let estimate =
      try await database.query(
        """
        SELECT coalesce(sum(greatest(reltuples, 0)), 0)::bigint FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
        WHERE inhparent = 'events'::regclass
        """
      ).decode(Int64.self).first.map(Int.init) ?? 0
    // One statement sees one state of all tables, however much is written meanwhile.
    let kept: SQL =
      estimate <= countsUpTo
      ? """
      (SELECT count(*) FROM events) + (SELECT coalesce(sum(events), 0)::bigint FROM event_partition_dropped)
      """ : "NULL::bigint"
    let row = try await database.query(
      """
      SELECT coalesce(sum(received), 0)::bigint, coalesce(sum(stored), 0)::bigint,
        coalesce(sum(duplicate), 0)::bigint, coalesce(sum(quarantined), 0)::bigint,
        coalesce(sum(rejected), 0)::bigint, \(kept)
      FROM ingest_count
      """
    ).decode(Int64.self, Int64.self, Int64.self, Int64.self, Int64.self, Int64?.self).first
    return .init(
      received: Int(row?.0 ?? 0), stored: Int(row?.1 ?? 0), duplicate: Int(row?.2 ?? 0),
      quarantined: Int(row?.3 ?? 0), rejected: Int(row?.4 ?? 0), kept: row?.5.map(Int.init))
  }
}

extension DoctorLook {
  public static func spool(in folder: URL, _ settings: SpoolSettings) -> DoctorEvidence.Seen<SpoolStatus?> {
    do {
      return .known(try SpoolStatus.inspect(folder: folder, settings: settings))
    } catch {
      return .unknown(reason: "\(error)")
    }
  }
}
