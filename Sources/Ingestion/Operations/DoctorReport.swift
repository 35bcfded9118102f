/// What `retake doctor` found: one finding per check, in the order in which a person would look.
public struct DoctorReport: Hashable, Sendable, Encodable {
  public enum Standing: String, Hashable, Sendable, Encodable, Comparable, CaseIterable {
    case ok
    /// Works, and will not for ever if nobody looks after it.
    case warning
    /// Something is not done that should be.
    case problem

    public static func < (left: Standing, right: Standing) -> Bool { left.rank < right.rank }

    /// Also the command's exit status.
    public var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
  }

  public struct Finding: Hashable, Sendable, Encodable {
    /// One of a fixed list, for machines: `database`, `schema`, `clock`, `partitions`, `rollups`, `viewers`,
    /// `counters`, `spool`, `disk`, `settings`.
    public var check: String
    public var standing: Standing
    /// What was found, with its figures.
    public var message: String
    /// What to do; nil when there is nothing to do.
    public var remedy: String?

    public init(_ check: String, _ standing: Standing, _ message: String, remedy: String? = nil) {
      self.check = check
      self.standing = standing
      self.message = message
      self.remedy = remedy
    }
  }

  public var standing: Standing { findings.map(\.standing).max() ?? .ok }
  public var findings: [Finding]

  public init(findings: [Finding]) { self.findings = findings }

  private enum CodingKeys: CodingKey { case standing, findings }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(standing, forKey: .standing)
    try container.encode(findings, forKey: .findings)
  }
}
