import Glibc

/// What a private cluster is started with. Everything that a crash could cost something for is left as PostgreSQL has
/// it: `fsync`, `synchronous_commit` and `full_page_writes` are on.
struct ServerSettings {
  /// The machine's.
  var memoryBytes: Int
  var socketFolder: String
  var isDurable: Bool

  static var memoryOfThisMachine: Int {
    max(sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE)), 0)
  }

  /// By name, in PostgreSQL's own units.
  var values: [String: String] {
    var values = [
      "listen_addresses": "", "unix_socket_directories": socketFolder, "unix_socket_permissions": "0700",
      "max_connections": "100", "timezone": "UTC", "log_timezone": "UTC", "jit": "off",
      "logging_collector": "off", "cluster_name": "retake",
    ]
    // Tests: a folder that is thrown away needs to survive nothing.
    values.merge(isDurable ? ingestion : throwaway) { $1 }
    return values
  }

  /// For a steady stream of events; docs/operations.md gives the reasons.
  private var ingestion: [String: String] {
    [
      "shared_buffers": "\(sharedBufferMegabytes)MB",
      "wal_buffers": "16MB", "min_wal_size": "1GB", "max_wal_size": "4GB", "checkpoint_timeout": "15min",
    ]
  }

  private var throwaway: [String: String] {
    [
      "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_wal_size": "4GB",
      "autovacuum_naptime": "1h", "max_connections": "200",
    ]
  }

  /// An eighth of the memory, from PostgreSQL's own 128 MB to 2 GB: programs that render share the machine.
  var sharedBufferMegabytes: Int { min(max(memoryBytes / (8 << 20), 128), 2048) }

  /// As `postgres` reads them from its command line, quoted for the shell that pg_ctl runs it through.
  var commandLine: String {
    values.sorted { $0.key < $1.key }.map { key, value in
      "-c \(key)='\(value.replacing("'", with: "'\\''"))'"
    }.joined(separator: " ")
  }
}
