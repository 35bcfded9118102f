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
    let effects = try Self.versionEffects(data)
    dispersion = effects.dispersion

    let factors = 0..<data.design.factorCount
    let estimable = Set(factors.filter(data.design.isEstimable))
    self.estimable = estimable
    // Columns that depend on those before them stand for aliased factors; one of each kind stays as a nuisance.
    var values: [[Double]] = []
    var columns: [(factor: Int, place: Int)] = []
    for factor in factors.sorted(by: { estimable.contains($0) && !estimable.contains($1) }) {
      for (place, column) in data.design.columns(of: FactorTerm(factors: [factor])).enumerated()
      where data.design.space(of: values + [column]).dimension > values.count {
        values.append(column)
        columns.append((factor, place))
      }
    }
    self.columns = columns
    guard effects.values.count - values.count >= 2 else {
      throw .init(condition: .tooFewVersions, versionsLeftOut: data.versionsLeftOut)
    }
    let between = BetweenVersionModel(
      effects: effects.values, covariance: effects.covariance.map { $0 * effects.dispersion },
      groups: effects.groups,
      design: zip(effects.versions, effects.references).map { version, reference in
        values.map { $0[version] - $0[reference] }
      })
    guard let between else {
      throw .init(condition: .notConverged, versionsLeftOut: data.versionsLeftOut)
    }
    self.between = between
  }

  /// Each version's log-odds against the first of its block.
  private struct VersionEffects {
    var values: [Double] = []
    /// Between all of them, row by row; 0 between blocks, which share no day.
    var covariance: [Double] = []
    var groups: [Int] = []
    /// Places in the design.
    var versions: [Int] = []
    var references: [Int] = []
    var dispersion = 1.0
  }

  private static func versionEffects(_ data: FactorData) throws(FactorAnalysisFailure) -> VersionEffects {
    var effects = VersionEffects()
    var covariances: [[Double]] = []
    var pearson = 0.0
    var degreesOfFreedom = 0
    for (group, block) in data.blocks.enumerated() {
      let reference = effects.values.count + group
      let fit: TwoWayLogit
      do throws(TwoWayLogit.Failure) {
        fit = try TwoWayLogit(cells: block.cells, versions: block.versions.count, days: block.days)
      } catch {
        throw .init(condition: .notConverged, versionsLeftOut: data.versionsLeftOut)
      }
      pearson += fit.pearson
      degreesOfFreedom += fit.degreesOfFreedom
      effects.values += fit.coefficients
      covariances.append(fit.covariance)
      for place in fit.coefficients.indices {
        effects.groups.append(group)
        effects.versions.append(reference + 1 + place)
        effects.references.append(reference)
      }
    }
    if degreesOfFreedom > 0 { effects.dispersion = max(1, pearson / Double(degreesOfFreedom)) }
    let order = effects.values.count
    effects.covariance = [Double](repeating: 0, count: order * order)
    var start = 0
    for (block, covariance) in zip(data.blocks, covariances) {
      let size = block.versions.count - 1
      for row in 0..<size {
        for column in 0..<size {
          effects.covariance[(start + row) * order + start + column] = covariance[row * size + column]
        }
      }
      start += size
    }
    return effects
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
        condition: data.design.isVaried(factor) ? .aliased : .notVaried)
    }
    return (effects + silent).sorted { ($0.factor, $0.level) < ($1.factor, $1.level) }
  }
}
