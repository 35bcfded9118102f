internal import Campaigns

/// Finds one segment's versions by exchange of coordinates: change one level, or swap it between two versions,
/// as long as that teaches more (Meyer & Nachtsheim, "The coordinate-exchange algorithm for constructing exact
/// optimal experimental designs", Technometrics 37, 1995).
struct BlockDesign {
  let space: LevelSpace
  let versions: Int
  /// Rows used in other segments; a combination among them is taken only when it cannot be avoided.
  let used: Set<[Int]>
  private let base: InformationMatrix
  /// How often each level of each factor was used in other segments.
  private let counts: [[Int]]
  private var randomness: SplitMix64

  init(space: LevelSpace, versions: Int, others: [[[Int]]], randomness: SplitMix64) {
    self.space = space
    self.versions = versions
    self.randomness = randomness
    used = Set(others.joined())
    var base = InformationMatrix(size: space.columns)
    for block in others { base.add(block: block.map(space.columns(of:))) }
    self.base = base
    counts = space.factors.indices.map { factor in
      var counts = [Int](repeating: 0, count: space.factors[factor].levels.count)
      for row in others.joined() { counts[row[factor]] += 1 }
      return counts
    }
  }

  mutating func solve() -> [[Int]] {
    var rows = start()
    var best = value(of: rows)
    var improved = true
    var passes = 0
    while improved, passes < 8 {
      improved = false
      passes += 1
      for factor in space.factors.indices {
        for candidate in neighbours(of: rows, factor: factor) {
          let value = value(of: candidate)
          if value > best + 1e-9 {
            (rows, best, improved) = (candidate, value, true)
          }
        }
      }
    }
    return distinct(rows)
  }

  /// Every factor gets its least used levels, each once before one is used again, in seeded order.
  private mutating func start() -> [[Int]] {
    var rows = [[Int]](repeating: [Int](repeating: 0, count: space.factors.count), count: versions)
    for factor in space.factors.indices {
      var order: [Int] = []
      while order.count < versions {
        let shuffled = counts[factor].indices.shuffled(using: &randomness)
        order += shuffled.sorted { counts[factor][$0] < counts[factor][$1] }
      }
      for (row, level) in order.prefix(versions).shuffled(using: &randomness).enumerated() {
        rows[row][factor] = level
      }
    }
    return rows
  }

  /// The information the rows add, below everything else when a combination is repeated.
  private func value(of rows: [[Int]]) -> Double {
    var matrix = base
    matrix.add(block: rows.map(space.columns(of:)))
    let repeats = rows.count { used.contains($0) } + (rows.count - Set(rows).count)
    return matrix.logDeterminant - 1000 * Double(repeats)
  }

  private func neighbours(of rows: [[Int]], factor: Int) -> [[[Int]]] {
    var result: [[[Int]]] = []
    for row in rows.indices {
      for level in space.factors[factor].levels.indices where level != rows[row][factor] {
        var candidate = rows
        candidate[row][factor] = level
        if mayStand(candidate, factor: factor) { result.append(candidate) }
      }
      for other in rows.indices where other > row && rows[other][factor] != rows[row][factor] {
        var candidate = rows
        candidate[row][factor] = rows[other][factor]
        candidate[other][factor] = rows[row][factor]
        result.append(candidate)
      }
    }
    return result
  }

  /// What is seen differs between all versions, or as evenly as the number of levels allows.
  private func mayStand(_ rows: [[Int]], factor: Int) -> Bool {
    guard space.isVisible(factor) else { return true }
    let levels = space.factors[factor].levels.count
    let most = (versions + levels - 1) / levels
    var counts = [Int](repeating: 0, count: levels)
    for row in rows { counts[row[factor]] += 1 }
    return counts.allSatisfy { $0 <= most }
  }

  /// The last resort of tiny spaces: replaces rows that repeat one of this segment by any that is free.
  private func distinct(_ rows: [[Int]]) -> [[Int]] {
    var seen: Set<[Int]> = []
    return rows.map { row in
      var row = row
      while !seen.insert(row).inserted { row = next(after: row) }
      return row
    }
  }

  /// Counts through all combinations, the last factor fastest.
  private func next(after row: [Int]) -> [Int] {
    var row = row
    for factor in row.indices.reversed() {
      row[factor] += 1
      if row[factor] < space.factors[factor].levels.count { return row }
      row[factor] = 0
    }
    return row
  }
}
