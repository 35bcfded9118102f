public import FoundationEssentials
public import Postgres

/// The day partitions of `events`. Days are whole days since 1970 in UTC, of the client's own time.
public struct EventPartitions: Sendable {
  private let database: any Queryable

  public init(_ database: any Queryable) { self.database = database }

  /// Makes what is missing of the moment's day and the `ahead` days after it, so that no commit has to. Late days are
  /// made when their first event comes.
  /// - Returns: the days made.
  @discardableResult
  public func make(ahead: Int, at moment: Date) async throws -> [Int] {
    let present = Set(try await days())
    let missing = Self.wanted(ahead: ahead, at: moment).filter { !present.contains($0) }
    for day in missing { try await EventStore.ensurePartitions([day], on: database) }
    return missing
  }

  /// The days there are partitions of, in order.
  public func days() async throws -> [Int] {
    try await database.rows(
      """
      SELECT to_date(substring(relname FROM 8), 'YYYYMMDD') - date '1970-01-01' AS day
      FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
      WHERE inhparent = 'events'::regclass AND relname ~ '^events_[0-9]{8}$' ORDER BY day
      """, as: Int32.self
    ).map { Int($0) }
  }

  static func wanted(ahead: Int, at moment: Date) -> ClosedRange<Int> {
    let today = day(of: moment)
    return today...today + max(ahead, 0)
  }

  static func day(of moment: Date) -> Int { Int((moment.timeIntervalSince1970 / 86_400).rounded(.down)) }

  static func start(of day: Int) -> Date { Date(timeIntervalSince1970: Double(day) * 86_400) }

  /// The table that holds a day.
  static func name(of day: Int) -> String {
    "events_" + start(of: day).formatted(.iso8601.year().month().day().dateSeparator(.omitted))
  }
}
