/// One thing the gate objects to in a file: what, when, how much, and what to do about it.
public struct Finding: Sendable, Hashable, Codable {
  /// What was found; the raw value is its name in `config/gate.yaml` and in reports.
  public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
    case fileUnreadable = "file.unreadable"
    case fileDecode = "file.decode"
    case pictureBlack = "picture.black"
    case pictureFrozen = "picture.frozen"
    case pictureFlicker = "picture.flicker"
    case pictureBlink = "picture.blink"
    case pictureFlash = "picture.flash"
    case pictureRedFlash = "picture.red_flash"
    case pictureForeign = "picture.foreign"
    case textContrast = "text.contrast"
    case textAbsent = "text.absent"
    case textSmall = "text.small"
    case textBrief = "text.brief"
    case textHurried = "text.hurried"
    case safeZone = "text.safe_zone"
    case soundLoudness = "sound.loudness"
    case soundPeak = "sound.peak"
    case soundSilent = "sound.silent"
    case soundDropout = "sound.dropout"
    case syncStart = "sync.start"
    case syncLength = "sync.length"
    case syncDrift = "sync.drift"
    case syncFrames = "sync.frames"
    case placementContainer = "placement.container"
    case placementFaststart = "placement.faststart"
    case placementBytes = "placement.bytes"
    case placementDuration = "placement.duration"
    case placementCodec = "placement.codec"
    case placementProfile = "placement.profile"
    case placementPixelFormat = "placement.pixel_format"
    case placementSize = "placement.size"
    case placementShape = "placement.pixel_shape"
    case placementScan = "placement.scan"
    case placementFrameRate = "placement.frame_rate"
    case placementBitRate = "placement.bit_rate"
    case placementSound = "placement.sound"
  }

  public enum Severity: String, Sendable, Hashable, Codable, CaseIterable {
    /// The file is not published.
    case failure
    /// The file is published and the finding told.
    case warning
    /// Not looked for.
    case off
  }

  public var kind: Kind
  public var severity: Severity
  /// Numbers of the frames it concerns, from 0; nil where it concerns the file as a whole.
  public var frames: Range<Int>?
  /// What was measured and what is allowed, in `unit`; nil where the finding is not a quantity.
  public var measured: Double?
  public var threshold: Double?
  public var unit: String?
  /// A sentence for people: what is wrong, where, and what to do.
  public var message: String

  enum CodingKeys: String, CodingKey {
    case kind, severity, frames, measured, threshold, unit, message
  }
}

/// What the gate says of a file.
public struct GateReport: Sendable, Hashable, Codable {
  /// In the order: file, picture, text, sound, placement; each kind by time.
  public var findings: [Finding]
  /// nil when the file cannot be opened.
  public var facts: MediaFacts?

  public var failures: [Finding] { findings.filter { $0.severity == .failure } }
  public var warnings: [Finding] { findings.filter { $0.severity == .warning } }
  /// True when the file may be published.
  public var passes: Bool { !findings.contains { $0.severity == .failure } }
}

extension Finding: CustomStringConvertible {
  public var description: String { "\(kind.rawValue): \(message)" }
}

/// Takes findings as they are made and gives each the severity the rules want.
struct FindingLog {
  private(set) var findings: [Finding] = []
  private let severities: [Finding.Kind: Finding.Severity]

  init(_ rules: GateRules) { severities = rules.severities }

  /// Findings that have their severity already.
  mutating func add(_ known: [Finding]) { findings += known }

  mutating func add(
    _ kind: Finding.Kind, frames: Range<Int>? = nil, measured: Double? = nil, threshold: Double? = nil,
    unit: String? = nil, _ message: String
  ) {
    let severity = severities[kind] ?? .failure
    guard severity != .off else { return }
    findings.append(
      Finding(
        kind: kind, severity: severity, frames: frames, measured: measured, threshold: threshold, unit: unit,
        message: message))
  }

  var sorted: [Finding] {
    let order = Finding.Kind.allCases
    return findings.sorted { a, b in
      let (first, second) = (order.firstIndex(of: a.kind) ?? 0, order.firstIndex(of: b.kind) ?? 0)
      return first == second ? (a.frames?.lowerBound ?? 0) < (b.frames?.lowerBound ?? 0) : first < second
    }
  }
}
