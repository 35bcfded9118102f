import Glibc

/// Why a request could not be kept on disk until the database is back.
public enum SpoolError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The spool holds as much as it may.
  case full(budgetBytes: Int)
  /// So little space is left that what is left belongs to the database.
  case storageLow(freeBytes: Int, reserveBytes: Int)
  /// The folder belongs to another process of this machine.
  case inUse(folder: String)
  /// What the system said.
  case system(doing: String, code: Int32, reason: String)
  case closed

  public var description: String {
    switch self {
    case .full(let budget): "the spool holds its budget of \(budget) bytes (ingestion.spool_bytes)"
    case .storageLow(let free, let reserve):
      "only \(free) bytes are free beside the spool, and \(reserve) are kept free (ingestion.disk_reserve_bytes)"
    case .inUse(let folder):
      "the spool in \(folder) is used by another process; give each `retake serve` its own data_folder"
    case .system(let doing, _, let reason): "\(doing): \(reason)"
    case .closed: "the spool is closed"
    }
  }

  /// Trying again would give the same.
  var isFaultOfDisk: Bool {
    if case .system(_, EIO, _) = self { true } else { false }
  }
}
