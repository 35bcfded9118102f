public import Campaigns
import FoundationEssentials

/// What a verdict was reached from: enough to reach it again without the database (`Verdict.recomputed()`).
public struct Evidence: Hashable, Sendable, Codable {
  public enum Method: String, Hashable, Sendable, Codable {
    /// Pairwise differences by asymptotic confidence sequences, alpha split over the pairs.
    case comparison = "pairwise_confidence_sequence"
    /// Change of the contrast against concurrent versions.
    case wear = "change_in_contrast"
    /// Loss against concurrent versions as viewers see a version more and more often.
    case wearout = "wearout_by_exposure"
    /// Change of the level of all versions together, week against week.
    case shift = "change_in_level"
    /// The same hour by hour against the season of the week.
    case drift = "drift_monitor"
    /// A health check forbids claims.
    case healthCheck = "health_check"
  }

  /// Of the arithmetic. A change that alters results raises it; verdicts of version 1 can still be computed again.
  ///
  /// 2: bets around the planned effect, counts viewers' impressions as belonging together, and knows ties.
  /// 3: compares versions of few events exactly, day by day, with a twentieth of alpha.
  public static let currentVersion = 3
  static let knownVersions = 1...3

  public var method: Method
  public var version: Int
  /// The experiment's.
  public var alpha: Double
  public var plannedImpressions: Int64
  public var randomised: Bool
  /// The version that `estimate` is against.
  public var comparison: Identifier<Variant>?
  /// `absolute`: estimate is a difference of rates. `relative`: a relative change.
  public var scale: String
  /// The round's counts and shares by epoch.
  public var inputs: [EpochInput]
  public var checks: [HealthCheck]
  /// By day, where the exact test was needed.
  var days: [DayInput]?
  var clustering: Clustering?
  var wear: Wear?
  var wearout: WearByExposure?
  var shift: Shift?
  var drift: Drift?

  init(
    method: Method, experiment: Experiment, comparison: Identifier<Variant>? = nil,
    scale: String = "absolute", inputs: [EpochInput], checks: [HealthCheck], clustering: Clustering? = nil
  ) {
    self.method = method
    version = Self.currentVersion
    alpha = experiment.alpha
    plannedImpressions = experiment.plannedImpressions
    randomised = experiment.randomised
    self.comparison = comparison
    self.scale = scale
    self.inputs = inputs
    self.checks = checks
    self.clustering = clustering
  }

  enum CodingKeys: String, CodingKey {
    case method, version, alpha, randomised, comparison, scale, inputs, checks, days, clustering, wear,
      wearout,
      shift
    case drift
    case plannedImpressions = "planned_impressions"
  }
}

/// Writes evidence as JSON, keys sorted. What a round's verdicts share, its counts by epoch and its checks, is written
/// once: with eight versions it would otherwise be most of an analysis' time.
struct EvidenceWriter {
  private let inputs: String
  private let days: String?
  private let checks: String
  private static let encoder = {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    return encoder
  }()

  init(inputs: [EpochInput], days: [DayInput], checks: [HealthCheck]) throws(AnalysisError) {
    self.inputs = Self.text(inputs)
    self.days = days.isEmpty ? nil : try Self.encoded(days)
    self.checks = checks.isEmpty ? "[]" : try Self.encoded(checks)
  }

  /// - Parameter withInputs: whether the method needs the counts by epoch.
  func json(_ evidence: Evidence, withInputs: Bool) throws(AnalysisError) -> String {
    var fields = ["\"alpha\":\(evidence.alpha)", "\"checks\":\(checks)"]
    if let clustering = evidence.clustering {
      fields.append("\"clustering\":\(try Self.encoded(clustering))")
    }
    if let comparison = evidence.comparison { fields.append("\"comparison\":\"\(comparison)\"") }
    if let days, evidence.method == .comparison { fields.append("\"days\":\(days)") }
    if let drift = evidence.drift { fields.append("\"drift\":\(try Self.encoded(drift))") }
    fields.append("\"inputs\":\(withInputs ? inputs : "[]")")
    fields.append("\"method\":\"\(evidence.method.rawValue)\"")
    fields.append("\"planned_impressions\":\(evidence.plannedImpressions)")
    fields.append("\"randomised\":\(evidence.randomised)")
    fields.append("\"scale\":\"\(evidence.scale)\"")
    if let shift = evidence.shift { fields.append("\"shift\":\(try Self.encoded(shift))") }
    fields.append("\"version\":\(evidence.version)")
    if let wear = evidence.wear { fields.append("\"wear\":\(try Self.encoded(wear))") }
    if let wearout = evidence.wearout { fields.append("\"wearout\":\(try Self.encoded(wearout))") }
    return "{" + fields.joined(separator: ",") + "}"
  }

  private static func text(_ epochs: [EpochInput]) -> String {
    var text = "["
    // Identifiers print slowly; each is printed once.
    var names: [Identifier<Variant>: String] = [:]
    for (position, epoch) in epochs.enumerated() {
      text += position == 0 ? "{\"arms\":[" : ",{\"arms\":["
      for (place, arm) in epoch.arms.enumerated() {
        let name = names[arm.variant] ?? arm.variant.description
        names[arm.variant] = name
        text += place == 0 ? "{\"share\":" : ",{\"share\":"
        text += "\(arm.share),\"successes\":\(arm.successes),\"trials\":\(arm.trials),\"variant\":\""
        text += name
        text += "\"}"
      }
      text += "],\"epoch\":\(epoch.epoch)}"
    }
    return text + "]"
  }

  private static func encoded(_ value: some Encodable) throws(AnalysisError) -> String {
    do {
      return String(decoding: try encoder.encode(value), as: UTF8.self)
    } catch {
      throw .unwritableEvidence("\(error)")
    }
  }
}
