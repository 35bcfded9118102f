import RealModule

/// The fitted model behind ``FactorEffects``.
struct FactorModel {
  let dispersion: Double
  private let data: FactorData
  private let between: BetweenVersionModel
  /// Of each column of the design its factor and, by place in the factor's levels, its level.
  private let columns: [(factor: Int, place: Int)]
  private let estimable: Set<Int>

  init(_ data: FactorData) throws(FactorAnalysisFailure) {
    self.data = data
    let versions = data.design.versions.count
    let fit: TwoWayLogit
    do throws(TwoWayLogit.Failure) {
      fit = try TwoWayLogit(cells: data.cells, versions: versions, days: data.days)
    } catch {
      let condition: FactorCondition = error == .notIdentified ? .notConnected : .notConverged
      throw .init(condition: condition, versionsLeftOut: data.versionsLeftOut)
    }
    dispersion = fit.dispersion

    let factors = 0..<data.design.factorCount
    let estimable = Set(factors.filter(data.design.isEstimable))
    self.estimable = estimable
    // Columns that depend on those before them stand for aliased factors; one of each kind stays as a nuisance.
    var values: [[Double]] = []
    var columns: [(factor: Int, place: Int)] = []
    for factor in factors.sorted(by: { estimable.contains($0) && !estimable.contains($1) }) {
      for (place, column) in data.design.columns(of: FactorTerm(factors: [factor])).enumerated()
      where Subspace(centring: values + [column]).dimension > values.count {
        values.append(column)
        columns.append((factor, place))
      }
    }
    self.columns = columns
    guard versions - 1 - values.count >= 2 else {
      throw .init(condition: .tooFewVersions, versionsLeftOut: data.versionsLeftOut)
    }
    let design = (1..<versions).map { version in values.map { $0[version] - $0[0] } }
    let between = BetweenVersionModel(
      effects: fit.coefficients, covariance: fit.covariance.map { $0 * fit.dispersion }, design: design)
    guard let between else {
      throw .init(condition: .notConverged, versionsLeftOut: data.versionsLeftOut)
    }
    self.between = between
  }

  var betweenVersions: IntervalEstimate {
    let (estimate, low, high) = between.deviation
    return IntervalEstimate(
      estimate: estimate, low: low, high: high, alpha: 0.05, sampleSize: Int64(data.design.versions.count),
      standardError: (high - low) / (2 * 1.959963984540054))
  }

  /// A level against the mean of the factor's others, in terms of the columns: L / (L - 1) times its deviation
  /// from the mean of all.
  private func contrast(factor: Int, place: Int, of levels: Int) -> [Double] {
    let scale = Double(levels) / Double(levels - 1)
    return columns.map { column in
      guard column.factor == factor else { return 0 }
      if place == levels - 1 { return -scale }
      return column.place == place ? scale : 0
    }
  }

  func effects(alpha: Double) -> [FactorEffect] {
    var tested: [(factor: Int, level: Int, evidence: ContrastEvidence, logEvidence: Double)] = []
    for factor in estimable.sorted() {
      let levels = data.design.levels(of: factor)
      for (place, level) in levels.enumerated() where levels.count > 2 || place == 1 {
        let evidence = between.contrast(contrast(factor: factor, place: place, of: levels.count))
        tested.append((factor, level, evidence, evidence.logEvidence(against: 0)))
      }
    }
    let shown = MultipleTesting.eBH(tested.map(\.logEvidence), alpha: alpha)
    let count = Double(max(1, tested.count))
    let discoveries = Double(shown.count { $0 })
    let effects = zip(tested, shown).map { test, isShown in
      let level = alpha * (isShown ? discoveries : 1) / count
      let (low, high) = test.evidence.interval(alpha: level)
      let (estimate, variance) = test.evidence.best
      return FactorEffect(
        factor: test.factor, level: test.level,
        logOdds: IntervalEstimate(
          estimate: estimate, low: low, high: high, alpha: level, sampleSize: data.trials,
          standardError: variance.squareRoot(), logEvidence: test.logEvidence),
        isShown: isShown, standardErrorWithinVersions: test.evidence.variances[0].squareRoot(),
        aliases: data.design.aliases(of: FactorTerm(factors: [test.factor])), condition: nil)
    }
    let silent = (0..<data.design.factorCount).filter { !estimable.contains($0) }.map { factor in
      let levels = data.design.levels(of: factor)
      return FactorEffect(
        factor: factor, level: levels.last ?? 0, logOdds: nil, isShown: false,
        standardErrorWithinVersions: nil, aliases: data.design.aliases(of: FactorTerm(factors: [factor])),
        condition: levels.count < 2 ? .notVaried : .aliased)
    }
    return (effects + silent).sorted { ($0.factor, $0.level) < ($1.factor, $1.level) }
  }
}
