public import FoundationEssentials

/// One version of the ad for one campaign and segment.
public struct Variant: Hashable, Sendable, Codable, Identifiable {
  public enum Origin: String, Hashable, Sendable, Codable {
    /// Designed by Retake from a brief; has a storyboard.
    case designed
    /// Known only from a platform's export; has no storyboard and is never rendered.
    case imported
  }

  public enum Status: String, Hashable, Sendable, Codable {
    /// Its renditions are being made.
    case rendering
    /// All renditions exist; it waits to enter an experiment.
    case ready
    case active
    case retired
    /// A rendition could not be made; the job says why.
    case failed
  }

  public let id: Identifier<Variant>
  public let campaign: Identifier<Campaign>
  public let segment: Identifier<Segment>
  /// A, B, C … in order of design within the segment.
  public var name: String
  public var origin: Origin
  /// 1 for the first design round; n+1 descends from what generation n taught.
  public var generation: Int
  public var parent: Identifier<Variant>?
  /// Factor key -> level key.
  public var levels: [String: String]
  /// Why it was designed so, for people; empty for imported variants.
  public var rationale: String
  public var status: Status
  public var createdAt: Date
  public var activatedAt: Date?
  public var retiredAt: Date?

  public init(
    id: Identifier<Variant>, campaign: Identifier<Campaign>, segment: Identifier<Segment>, name: String,
    origin: Origin, generation: Int, parent: Identifier<Variant>?, levels: [String: String],
    rationale: String = "", status: Status, createdAt: Date, activatedAt: Date? = nil, retiredAt: Date? = nil
  ) {
    self.id = id
    self.campaign = campaign
    self.segment = segment
    self.name = name
    self.origin = origin
    self.generation = generation
    self.parent = parent
    self.levels = levels
    self.rationale = rationale
    self.status = status
    self.createdAt = createdAt
    self.activatedAt = activatedAt
    self.retiredAt = retiredAt
  }

  /// The name of the n-th version of a segment, counted from 0: A … Z, AA, AB …
  public static func name(at position: Int) -> String {
    var name = ""
    var rest = position
    repeat {
      name = String(UnicodeScalar(UInt8(65 + rest % 26))) + name
      rest = rest / 26 - 1
    } while rest >= 0
    return name
  }
}

/// The file rendered from a variant's storyboard for one placement.
public struct Rendition: Hashable, Sendable, Codable {
  public var campaign: Identifier<Campaign>
  public var variant: Identifier<Variant>
  public var placement: String
  /// Relative to the renditions folder.
  public var fileName: String
  /// Lower-case hexadecimal.
  public var sha256: String
  public var width: Int
  public var height: Int
  public var durationMs: Int
  public var sizeBytes: Int64
  public var engineVersion: String
  public var renderedAt: Date

  public init(
    campaign: Identifier<Campaign>, variant: Identifier<Variant>, placement: String, fileName: String,
    sha256: String, width: Int, height: Int, durationMs: Int, sizeBytes: Int64, engineVersion: String,
    renderedAt: Date
  ) {
    self.campaign = campaign
    self.variant = variant
    self.placement = placement
    self.fileName = fileName
    self.sha256 = sha256
    self.width = width
    self.height = height
    self.durationMs = durationMs
    self.sizeBytes = sizeBytes
    self.engineVersion = engineVersion
    self.renderedAt = renderedAt
  }
}
