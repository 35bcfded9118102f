public import Campaigns
import FoundationEssentials
import Statistics

/// A verdict reached again from its evidence alone.
public struct RecomputedVerdict: Hashable, Sendable {
  public var kind: Verdict.Kind
  public var estimate: Double?
  public var low: Double?
  public var high: Double?

  /// Whether it says what the stored verdict says.
  public func agrees(with verdict: Verdict) -> Bool {
    kind == verdict.kind && Self.agree(estimate, verdict.estimate) && Self.agree(low, verdict.low)
      && Self.agree(high, verdict.high)
  }

  private static func agree(_ left: Double?, _ right: Double?) -> Bool {
    guard let left, let right else { return left == nil && right == nil }
    return abs(left - right) <= 1e-12 * max(1, abs(left), abs(right))
  }
}

extension Verdict {
  public func decodedEvidence() throws(AnalysisError) -> Evidence {
    do {
      return try JSONDecoder().decode(Evidence.self, from: Data(evidence.utf8))
    } catch {
      throw .unreadableEvidence(verdict: id, problem: "\(error)")
    }
  }

  /// Reaches the verdict again from nothing but its stored evidence.
  /// - Throws: `AnalysisError.unreadableEvidence`, `.otherVersion` for evidence of an arithmetic this program does
  ///   not have.
  public func recomputed() throws(AnalysisError) -> RecomputedVerdict {
    let evidence = try decodedEvidence()
    guard Evidence.knownVersions.contains(evidence.version) else {
      throw .otherVersion(verdict: id, version: evidence.version)
    }
    switch evidence.method {
    case .comparison:
      guard let variant else { throw .unreadableEvidence(verdict: id, problem: "it names no version") }
      let comparison = Comparison(
        epochs: evidence.inputs, days: evidence.days ?? [], rules: ComparisonRules(evidence))
      guard let arm = comparison.arms.firstIndex(of: variant) else {
        throw .unreadableEvidence(verdict: id, problem: "its inputs do not hold its version")
      }
      return RecomputedVerdict(comparison.standing(of: arm), comparison.contrast(of: arm)?.difference)
    case .wear:
      return RecomputedVerdict(
        evidence.wear?.isShown == true ? .fatigued : .inconclusive, evidence.wear?.change)
    case .wearout:
      let outcome = evidence.wearout?.outcome
      return RecomputedVerdict(outcome?.isShown == true ? .fatigued : .inconclusive, outcome?.change)
    case .shift:
      let change = evidence.shift?.change
      return RecomputedVerdict(change?.excludesZero == true ? .shifted : .inconclusive, change)
    case .drift:
      let change = evidence.drift?.finding?.change
      return RecomputedVerdict(change == nil ? .inconclusive : .shifted, change)
    case .healthCheck:
      return RecomputedVerdict(evidence.forbidsClaims ? .invalid : .inconclusive, nil)
    }
  }
}

extension RecomputedVerdict {
  init(_ kind: Verdict.Kind, _ estimate: Estimate?) {
    self.init(kind: kind, estimate: estimate?.value, low: estimate?.low, high: estimate?.high)
  }
}

extension Evidence {
  /// From the counts where they tell it, else from the figures that the check was made on.
  fileprivate var forbidsClaims: Bool {
    if !randomised || !inputs.impossibleArms.isEmpty { return true }
    if HealthCheck.sampleRatio(inputs, clustering: clustering, names: [:]) != nil { return true }
    return checks.contains { check in
      guard check.blocking else { return false }
      let number = { (name: String) in check.numbers[name] ?? 0 }
      return switch check.kind {
      case .viewersInSeveralVersions: number("low") > number("limit")
      case .missingDays: number("version_days") > 0
      case .delayedEvents: number("share") >= number("limit")
      case .invalidTraffic:
        number("share") >= HealthCheck.filteredBlockingLimits.share
          || number("widest_difference") >= HealthCheck.filteredBlockingLimits.difference
      case .sampleRatioMismatch, .notRandomised, .impossibleCounts, .tooFewEvents: false
      }
    }
  }
}
