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
    guard evidence.version == Evidence.currentVersion else {
      throw .otherVersion(verdict: id, version: evidence.version)
    }
    switch evidence.method {
    case .comparison:
      guard let variant else { throw .unreadableEvidence(verdict: id, problem: "it names no version") }
      let comparison = Comparison(
        epochs: evidence.inputs, alpha: evidence.alpha, plannedImpressions: evidence.plannedImpressions)
      guard let arm = comparison.arms.firstIndex(of: variant) else {
        throw .unreadableEvidence(verdict: id, problem: "its inputs do not hold its version")
      }
      let difference = comparison.contrast(of: arm)?.difference
      return RecomputedVerdict(
        kind: comparison.standing(of: arm), estimate: difference?.value, low: difference?.low,
        high: difference?.high)
    case .wear:
      let change = evidence.wear?.change
      return RecomputedVerdict(
        kind: evidence.wear?.isShown == true ? .fatigued : .inconclusive, estimate: change?.value,
        low: change?.low, high: change?.high)
    case .shift:
      let change = evidence.shift?.change
      return RecomputedVerdict(
        kind: change?.excludesZero == true ? .shifted : .inconclusive, estimate: change?.value,
        low: change?.low, high: change?.high)
    case .healthCheck:
      let mismatch = HealthCheck.sampleRatio(evidence.inputs, names: [:]) != nil
      let impossible = !evidence.inputs.impossibleArms.isEmpty
      return RecomputedVerdict(
        kind: mismatch || impossible || !evidence.randomised ? .invalid : .inconclusive, estimate: nil,
        low: nil,
        high: nil)
    }
  }
}
