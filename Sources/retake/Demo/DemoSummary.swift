import Foundation

/// What a demo did, for programs: written by `retake demo --summary FILE`.
struct DemoSummary: Codable, Sendable {
  struct VariantLine: Codable, Sendable {
    var segment: String
    var name: String
    var generation: Int
    var status: String
    /// Factor key -> level key.
    var levels: [String: String]
  }

  struct RenditionLine: Codable, Sendable {
    var path: String
    var segment: String
    var variant: String
    var placement: String
    var width: Int
    var height: Int
    var durationS: Double
    var bytes: Int64
    var sha256: String
  }

  /// sent = acknowledged + duplicates + quarantined + rejected; `stored` is counted in the database.
  struct Events: Codable, Sendable {
    var sent = 0
    var acknowledged = 0
    var stored = 0
    var duplicates = 0
    var quarantined = 0
    var rejected = 0
    /// Of the stored, those that do not count: invalid traffic.
    var filtered = 0
  }

  /// The newest verdict of each sort per segment and version; `variant` is null where it is about the segment.
  struct VerdictLine: Codable, Sendable {
    var segment: String
    var variant: String?
    var verdict: String
    /// The version that the estimate is against.
    var comparison: String?
    /// `absolute`: a difference of rates. `relative`: a relative change.
    var scale: String
    var estimate: Double?
    var low: Double?
    var high: Double?
    /// What the simulated audience really does, on the estimate's scale.
    var truth: Double?
    var asOf: Date
    var sentence: String

    var holdsTruth: Bool? {
      guard let low, let high, let truth else { return nil }
      return low <= truth && truth <= high
    }
  }

  struct DecisionLine: Codable, Sendable {
    var kind: String
    var segment: String
    var variant: String?
    var reason: String
    var decidedAt: Date
  }

  struct Regenerated: Codable, Sendable {
    var segment: String
    var parent: String?
    var variant: String
    var generation: Int
    /// Paths of its files.
    var renditions: [String]
  }

  struct ReportFiles: Codable, Sendable {
    var text: String
    var html: String
  }

  var campaign: String
  var workspace: String
  var segments: [String]
  var variants: [VariantLine]
  var renditions: [RenditionLine]
  var events: Events
  var verdicts: [VerdictLine]
  var decisions: [DecisionLine]
  var regenerated: [Regenerated]
  var report: ReportFiles
  var dashboardUrl: String
  var seconds: [String: Double]

  /// Keys in snake_case; null stands where there is nothing, so that every key is always there.
  func json() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.dateEncodingStrategy = .iso8601
    return Array(try encoder.encode(self)) + [UInt8(ascii: "\n")]
  }
}

extension DemoSummary.VerdictLine {
  /// Written by hand because a synthesised one leaves nil out.
  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(segment, forKey: .segment)
    try container.encode(variant, forKey: .variant)
    try container.encode(verdict, forKey: .verdict)
    try container.encode(comparison, forKey: .comparison)
    try container.encode(scale, forKey: .scale)
    try container.encode(estimate, forKey: .estimate)
    try container.encode(low, forKey: .low)
    try container.encode(high, forKey: .high)
    try container.encode(truth, forKey: .truth)
    try container.encode(asOf, forKey: .asOf)
    try container.encode(sentence, forKey: .sentence)
  }
}

extension DemoSummary.DecisionLine {
  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(kind, forKey: .kind)
    try container.encode(segment, forKey: .segment)
    try container.encode(variant, forKey: .variant)
    try container.encode(reason, forKey: .reason)
    try container.encode(decidedAt, forKey: .decidedAt)
  }
}
