import RealModule

/// Which creative choices work: effects of factor levels from versions that each carry many of them.
///
/// Two stages, together a Laplace approximation of the logit mixed model
///
///     logit p_vd = day_d + x_v' beta + b_v,  b_v ~ N(0, tau^2)
///
/// (Breslow & Clayton, JASA 88, 1993). First ``TwoWayLogit`` turns counts per version and day into versions'
/// log-odds with their covariance; days drop out, so traffic moving between versions over good and bad days does
/// not bias them. Noise of version-days beyond chance enlarges the covariance by Pearson's dispersion. Then
/// ``BetweenVersionModel`` explains the versions by their levels and by noise of their own, and
/// ``ContrastEvidence`` tests every level at any look. PQL's known bias is that of few events a version; versions
/// under `minimumEvents` are left out until they have them.
///
/// Versions that nothing connects, such as those of segments with none in common, are compared within their own group
/// (``FactorialDesign/groups``), and all groups tell of the levels together.
///
/// The noise between versions is the point. Two versions with the same levels still differ, and plain logistic
/// regression takes that for the effect of whatever levels they happen to carry, the more surely the more traffic
/// there is.
public struct FactorEffects: Hashable, Sendable, Codable {
  /// For a factor of two levels its second; for more every level. Factors of which nothing can be said have one
  /// entry, with its condition.
  public let effects: [FactorEffect]
  /// tau: the standard deviation in log-odds between versions with the same levels, with its 95 % interval.
  public let betweenVersions: IntervalEstimate?
  /// Variance of version-days over what chance alone gives; at least 1.
  public let dispersion: Double
  /// Versions left out for having too few events, or for never having been shown beside another.
  public let versionsLeftOut: [Int]
  /// Why there are no effects at all.
  public let condition: FactorCondition?

  /// - Parameters:
  ///   - observations: at most one a version and day; those without trials say nothing.
  ///   - alpha: the false discovery rate over all effects, at any look.
  public init(
    design: FactorialDesign, observations: [FactorObservation], alpha: Double = 0.05,
    minimumEvents: Int64 = 20
  ) {
    do throws(FactorAnalysisFailure) {
      let data = try FactorData(design: design, observations: observations, minimumEvents: minimumEvents)
      let model = try FactorModel(data)
      effects = model.effects(alpha: alpha)
      betweenVersions = model.betweenVersions
      dispersion = model.dispersion
      versionsLeftOut = data.versionsLeftOut
      condition = nil
    } catch {
      effects = []
      betweenVersions = nil
      dispersion = 1
      versionsLeftOut = error.versionsLeftOut
      condition = error.condition
    }
  }

  /// The effects shown, the most certain first.
  public var shown: [FactorEffect] {
    effects.filter(\.isShown).sorted { ($0.logOdds?.logEvidence ?? 0) > ($1.logOdds?.logEvidence ?? 0) }
  }
}

struct FactorAnalysisFailure: Error {
  var condition: FactorCondition
  var versionsLeftOut: [Int] = []
}

/// What is fit for analysis: versions with enough events, days with something to compare.
struct FactorData {
  /// The versions compared, block by block.
  let design: FactorialDesign
  let blocks: [ComparableVersions]
  let versionsLeftOut: [Int]
  let trials: Int64

  init(
    design: FactorialDesign, observations: [FactorObservation], minimumEvents: Int64
  ) throws(FactorAnalysisFailure) {
    guard observations.allSatisfy({ $0.counts.isPossible }) else { throw .init(condition: .impossibleCounts) }
    guard design.versions.allSatisfy({ $0.count == design.factorCount }),
      observations.allSatisfy({ design.versions.indices.contains($0.version) })
    else { throw .init(condition: .unknownVersion) }
    var totals = [BinomialCounts](repeating: .zero, count: design.versions.count)
    for observation in observations { totals[observation.version] += observation.counts }
    let isKept = totals.map { min($0.successes, $0.trials - $0.successes) >= max(1, minimumEvents) }
    guard isKept.count(where: \.self) >= 2 else {
      throw .init(condition: .burnIn, versionsLeftOut: totals.indices.filter { !isKept[$0] })
    }
    var byDay: [Int: [TwoWayLogit.Cell]] = [:]
    for observation in observations where observation.counts.trials > 0 && isKept[observation.version] {
      byDay[observation.day, default: []].append(
        TwoWayLogit.Cell(version: observation.version, day: 0, counts: observation.counts))
    }
    // A day on which nobody or everybody responded says nothing about differences; neither does a lone version.
    let telling = byDay.sorted { $0.key < $1.key }.map(\.value).filter { cells in
      let total = cells.map(\.counts).total()
      return cells.count > 1 && total.successes > 0 && total.successes < total.trials
    }
    blocks = ComparableVersions.blocks(of: telling, versions: design.versions.count)
    let compared = blocks.flatMap(\.versions)
    versionsLeftOut = totals.indices.filter { !compared.contains($0) }
    guard !blocks.isEmpty else { throw .init(condition: .notConnected, versionsLeftOut: versionsLeftOut) }
    self.design = FactorialDesign(
      versions: compared.map { design.versions[$0] },
      groups: blocks.enumerated().flatMap { group, block in block.versions.map { _ in group } })
    trials = telling.joined().map(\.counts).total().trials
  }
}
