/// Which level of every factor each version carries.
public struct FactorialDesign: Hashable, Sendable, Codable {
  /// One row a version: the level, from 0, of each factor.
  public let versions: [[Int]]
  /// The group of each version, from 0: only versions of one group can be compared with each other (blocks in the sense of
  /// Cox, "Planning of experiments", 1958).
  public let groups: [Int]

  /// - Parameter groups: one a version; nil: all can be compared.
  public init(versions: [[Int]], groups: [Int]? = nil) {
    self.versions = versions
    self.groups = groups ?? versions.map { _ in 0 }
  }

  /// Factors every version has a level of.
  public var factorCount: Int { versions.map(\.count).min() ?? 0 }

  /// The levels of a factor that some version carries, ascending.
  public func levels(of factor: Int) -> [Int] {
    Set(versions.map { $0[factor] }).sorted()
  }

  /// The columns by which a term enters a model, one value a version: for a factor of L levels L - 1 columns in
  /// sum coding (1 at the column's level, -1 at the last), for an interaction their products. None for a factor
  /// with one level.
  func columns(of term: FactorTerm) -> [[Double]] {
    term.factors.reduce([versions.map { _ in 1.0 }]) { product, factor in
      let levels = levels(of: factor)
      let own = levels.dropLast().map { level in
        versions.map { $0[factor] == level ? 1.0 : $0[factor] == levels.last ? -1 : 0 }
      }
      return product.flatMap { left in own.map { right in zip(left, right).map(*) } }
    }
  }

  /// All main effects and interactions up to `order` factors.
  public func terms(upTo order: Int = 2) -> [FactorTerm] {
    var terms: [FactorTerm] = []
    var open: [[Int]] = [[]]
    for _ in 0..<max(0, order) {
      open = open.flatMap { chosen in
        ((chosen.last ?? -1) + 1..<max(factorCount, (chosen.last ?? -1) + 1)).map { chosen + [$0] }
      }
      terms += open.map(FactorTerm.init(factors:))
    }
    return terms
  }

  /// Terms this design cannot tell apart, each set with at least two: what is said of one of them may as well be
  /// due to another. Two terms are aliased when their columns, less each group's mean, span the same space; in a
  /// two-level fraction that is Box & Hunter's defining relation (Technometrics 3, 1961), found here from the
  /// versions themselves so that versions lost or left out count.
  public func aliasSets(upTo order: Int = 2) -> [[FactorTerm]] {
    let spaces = terms(upTo: order).map { ($0, space(of: columns(of: $0))) }
      .filter { $0.1.dimension > 0 }
    var sets: [[(FactorTerm, Subspace)]] = []
    for (term, space) in spaces {
      let same = sets.firstIndex {
        $0[0].1.dimension == space.dimension && $0[0].1.overlap(with: space) > 1 - 1e-9
      }
      if let same { sets[same].append((term, space)) } else { sets.append([(term, space)]) }
    }
    return sets.filter { $0.count > 1 }.map { $0.map(\.0) }
  }

  /// How much of a term's columns other terms explain one by one, from 0 (orthogonal) to 1 (wholly aliased);
  /// only those above 0, the largest first.
  public func aliases(of term: FactorTerm, upTo order: Int = 2) -> [FactorAlias] {
    let own = space(of: columns(of: term))
    guard own.dimension > 0 else { return [] }
    return terms(upTo: order).filter { $0 != term }.compactMap { other in
      let overlap = own.overlap(with: space(of: columns(of: other)))
      return overlap > 1e-9 ? FactorAlias(term: other, overlap: min(1, overlap)) : nil
    }.sorted { $0.overlap > $1.overlap }
  }

  /// Whether a factor's main effect can be told from all other main effects together.
  func isEstimable(_ factor: Int) -> Bool {
    let own = columns(of: FactorTerm(factors: [factor]))
    let others = (0..<factorCount).filter { $0 != factor }
      .flatMap { columns(of: FactorTerm(factors: [$0])) }
    let rank = space(of: own).dimension
    return rank == own.count && rank > 0
      && space(of: others + own).dimension == space(of: others).dimension + rank
  }

  /// Whether any two versions that can be compared differ in a factor.
  func isVaried(_ factor: Int) -> Bool { space(of: columns(of: FactorTerm(factors: [factor]))).dimension > 0 }

  func space(of columns: [[Double]]) -> Subspace { Subspace(centring: columns, within: groups) }
}

/// A factor's main effect or an interaction of several, by the factors' places.
public struct FactorTerm: Hashable, Sendable, Codable {
  /// Ascending.
  public let factors: [Int]

  public init(factors: [Int]) {
    self.factors = factors.sorted()
  }
}

/// A term that looks like another in a design.
public struct FactorAlias: Hashable, Sendable, Codable {
  public let term: FactorTerm
  /// The share of the effect's own columns that the other explains: the mean squared cosine of their directions.
  public let overlap: Double

  public init(term: FactorTerm, overlap: Double) {
    self.term = term
    self.overlap = overlap
  }
}

/// The span of some columns less their groups' means, as an orthonormal basis.
struct Subspace {
  private let basis: [[Double]]

  var dimension: Int { basis.count }

  /// Modified Gram-Schmidt, twice, leaving out what depends on the columns before it.
  init(centring columns: [[Double]], within groups: [Int]) {
    var sizes = [Double](repeating: 0, count: (groups.max() ?? -1) + 1)
    for group in groups { sizes[group] += 1 }
    var basis: [[Double]] = []
    for column in columns {
      var means = [Double](repeating: 0, count: sizes.count)
      for (group, value) in zip(groups, column) { means[group] += value / sizes[group] }
      var vector = zip(groups, column).map { $1 - means[$0] }
      let length = Self.dot(vector, vector)
      guard length > 1e-20 else { continue }
      for _ in 0..<2 {
        for unit in basis {
          let along = Self.dot(unit, vector)
          for index in vector.indices { vector[index] -= along * unit[index] }
        }
      }
      let left = Self.dot(vector, vector)
      guard left > 1e-10 * length else { continue }
      basis.append(vector.map { $0 / left.squareRoot() })
    }
    self.basis = basis
  }

  /// The mean squared cosine of this space's directions with the other space; 1 when it lies inside.
  func overlap(with other: Subspace) -> Double {
    guard dimension > 0, other.dimension > 0 else { return 0 }
    let squared = basis.reduce(0.0) { sum, unit in
      sum + other.basis.reduce(0.0) { $0 + Self.dot(unit, $1) * Self.dot(unit, $1) }
    }
    return squared / Double(dimension)
  }

  private static func dot(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
  }
}
