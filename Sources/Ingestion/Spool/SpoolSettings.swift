/// How much of the disk the spool may take.
public struct SpoolSettings: Hashable, Sendable {
  /// Bytes of all its segments; above it nothing is taken.
  public var budgetBytes: Int
  /// Bytes that stay free on its file system, for PostgreSQL to recover with.
  public var reserveBytes: Int
  /// A segment is closed before it grows larger, unless a single request is.
  public var segmentBytes: Int

  public init(budgetBytes: Int = 1 << 30, reserveBytes: Int = 512 << 20, segmentBytes: Int = 16 << 20) {
    self.budgetBytes = budgetBytes
    self.reserveBytes = reserveBytes
    self.segmentBytes = segmentBytes
  }
}
