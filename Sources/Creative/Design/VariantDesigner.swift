public import Campaigns

/// Chooses which combinations of levels become versions. The same input and seed give the same designs.
public struct VariantDesigner: Sendable {
  let factors: [Factor]
  let seed: UInt64

  /// - Parameters:
  ///   - factors: in order of importance.
  ///   - seed: of every choice between equals; the campaign's, so that designs can be made again.
  public init(factors: [Factor], seed: UInt64) {
    self.factors = factors
    self.seed = seed
  }

  /// The first versions of every segment, in the order given.
  ///
  /// Levels of what the eye sees (hook, headline, palette, background, layout) differ between all versions of a
  /// segment where there are enough; over all segments the choice makes the effect of every level as
  /// estimable as so few versions allow, and no combination is used twice unless there are no others.
  /// - Returns: `versions` designs for each segment; fewer only when the levels have fewer combinations.
  public func firstGeneration(segments: [Segment], versions: Int) -> [Identifier<Segment>: [VariantDesign]] {
    var result: [Identifier<Segment>: [VariantDesign]] = [:]
    var made: [[[String: String]]] = []
    for (position, segment) in segments.enumerated() {
      let designs = firstGeneration(position: position, versions: versions, others: made)
      made.append(designs.map(\.levels))
      result[segment.id] = designs
    }
    return result
  }

  /// The first versions of one segment.
  /// - Parameters:
  ///   - position: which segment of the campaign it is, from 0.
  ///   - others: the levels of the versions of the other segments, by segment.
  public func firstGeneration(
    position: Int, versions: Int, others: [[[String: String]]]
  ) -> [VariantDesign] {
    let space = LevelSpace(factors: factors)
    var block = BlockDesign(
      space: space, versions: min(versions, space.combinations), others: others.map { $0.map(space.row) },
      randomness: SplitMix64(seed: seed &+ UInt64(position) &* 0x9e37_79b9))
    return block.solve().enumerated().map { index, row in
      VariantDesign(
        levels: space.levels(of: row),
        rationale: rationale(row: row, space: space, position: index, versions: versions))
    }
  }

  private func rationale(row: [Int], space: LevelSpace, position: Int, versions: Int) -> String {
    let reasons = factors.indices.compactMap { index -> String? in
      let level = factors[index].levels[row[index]]
      guard FactorKind(rawValue: factors[index].key)?.isVisible == true, let why = level.rationale else {
        return nil
      }
      return "\(factors[index].key) \(level.key): \(why)"
    }
    let opening =
      "First generation, \(Variant.name(at: position)) of \(versions): chosen so that the versions differ in all "
      + "that is seen and the effect of every level can be told apart over the segments."
    return ([opening] + reasons.prefix(3)).joined(separator: " ")
  }
}

/// Factors and levels as numbers: a version is a row with one level index for every factor.
struct LevelSpace: Sendable {
  let factors: [Factor]
  /// The column of each factor's first level when every level has one.
  let offsets: [Int]
  let columns: Int

  init(factors: [Factor]) {
    self.factors = factors
    var offsets: [Int] = []
    var columns = 0
    for factor in factors {
      offsets.append(columns)
      columns += factor.levels.count
    }
    self.offsets = offsets
    self.columns = columns
  }

  /// At most a million: more is never needed.
  var combinations: Int { factors.reduce(1) { min($0 * max($1.levels.count, 1), 1_000_000) } }

  func row(_ levels: [String: String]) -> [Int] {
    factors.map { factor in factor.levels.firstIndex { $0.key == levels[factor.key] } ?? 0 }
  }

  func levels(of row: [Int]) -> [String: String] {
    Dictionary(uniqueKeysWithValues: zip(factors, row).map { ($0.key, $0.levels[$1].key) })
  }

  func columns(of row: [Int]) -> [Int] { zip(offsets, row).map { $0 + $1 } }

  func isVisible(_ factor: Int) -> Bool { FactorKind(rawValue: factors[factor].key)?.isVisible ?? true }
}
