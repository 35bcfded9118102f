public import FoundationEssentials

/// What was seen of a deployment, for ``Doctor`` to judge. Where looking failed, why.
public struct DoctorEvidence: Sendable {
  public enum Seen<Value: Sendable>: Sendable {
    case known(Value)
    case unknown(reason: String)
  }

  public struct Server: Hashable, Sendable {
    /// `server_version_num`: 150020 is 15.20.
    public var version: Int
    /// The database's clock minus ours, with half of the question's way taken off, and how far off that may be.
    public var skewSeconds: Double
    public var skewErrorSeconds: Double
  }

  public struct Schema: Hashable, Sendable {
    /// The newest migration that is applied; 0 for none.
    public var version: Int
    /// Those of this program that are missing.
    public var missing: [Int]

    public init(version: Int, missing: [Int]) {
      self.version = version
      self.missing = missing
    }
  }

  /// Sums over `ingest_count`, and what they must agree with.
  public struct Counters: Hashable, Sendable {
    public var received: Int
    public var stored: Int
    public var duplicate: Int
    public var quarantined: Int
    public var rejected: Int
    /// Rows of `events` and those that went with dropped partitions; nil when they were too many to be counted.
    public var kept: Int?
  }

  public struct Disk: Hashable, Sendable {
    /// What lies there: "data folder".
    public var name: String
    public var path: String
    public var freeBytes: Int
    public var sizeBytes: Int

    public init(name: String, path: String, freeBytes: Int, sizeBytes: Int) {
      self.name = name
      self.path = path
      self.freeBytes = freeBytes
      self.sizeBytes = sizeBytes
    }
  }

  /// Settings that work against each other.
  public struct Contradiction: Hashable, Sendable {
    public var message: String
    public var remedy: String

    public init(_ message: String, remedy: String) {
      self.message = message
      self.remedy = remedy
    }
  }

  public var at: Date
  public var server: Seen<Server>
  public var schema: Seen<Schema>
  public var folding: Seen<FoldingStatus>
  public var counters: Seen<Counters>
  /// nil when there is no spool folder.
  public var spool: Seen<SpoolStatus?>
  public var disk: Seen<Disk>
  /// What must stay free.
  public var reserveBytes: Int
  public var contradictions: [Contradiction]

  /// - Parameter server: why the database cannot be asked, until it was.
  public init(at: Date, server reason: String) {
    self.at = at
    server = .unknown(reason: reason)
    schema = .unknown(reason: reason)
    folding = .unknown(reason: reason)
    counters = .unknown(reason: reason)
    spool = .known(nil)
    disk = .unknown(reason: "nobody looked")
    reserveBytes = 0
    contradictions = []
  }
}
