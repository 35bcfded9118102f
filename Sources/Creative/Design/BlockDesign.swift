internal import Campaigns

/// Finds one segment's versions by exchange of coordinates: change one level, or swap it between two versions,
/// as long as that teaches more (Meyer & Nachtsheim, "The coordinate-exchange algorithm for constructing exact
/// optimal experimental designs", Technometrics 37, 1995).
struct BlockDesign {
  let space: LevelSpace
  let versions: Int
  /// Rows used in other segments; a combination among them is taken only when it cannot be avoided.
  let used: Set<[Int]>
  /// What the other segments leave unknown.
  private let unknown: InformationMatrix.Covariance
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
    unknown = base.inverted()
    counts = space.factors.indices.map { factor in
      var counts = [Int](repeating: 0, count: space.factors[factor].levels.count)
      for row in others.joined() { counts[row[factor]] += 1 }
      return counts
    }
  }

  /// The best of several climbs from different starts: the criterion has many local peaks.
  mutating func solve() -> [[Int]] {
    var best: (rows: [[Int]], value: Double)?
    for _ in 0..<Self.starts {
      let climbed = climb(from: start())
      if climbed.value > (best?.value ?? -.infinity) + 1e-9 { best = climbed }
    }
    return distinct(best?.rows ?? [])
  }

  private static let starts = 24

  private func climb(from start: [[Int]]) -> (rows: [[Int]], value: Double) {
    var rows = start
    var best = value(of: rows)
    var improved = true
    var passes = 0
    while improved, passes < 8 {
      improved = false
      passes += 1
      for factor in space.factors.indices {
        for candidate in neighbours(of: rows, factor: factor) {
          let value = value(of: candidate)
          if value > best + 1e-9 { (rows, best, improved) = (candidate, value, true) }
        }
      }
    }
    return (rows, best)
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
    let repeats = rows.count { used.contains($0) } + (rows.count - Set(rows).count)
    return unknown.gain(of: rows.map(space.columns(of:))) - 1000 * Double(repeats)
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

  /// No level stands in more versions than an even spread over the campaign needs, and what is seen differs
  /// between all versions of the segment, or as evenly as the number of levels allows.
  private func mayStand(_ rows: [[Int]], factor: Int) -> Bool {
    let levels = space.factors[factor].levels.count
    func most(_ count: Int) -> Int { (count + levels - 1) / levels }
    var here = [Int](repeating: 0, count: levels)
    for row in rows { here[row[factor]] += 1 }
    if space.isVisible(factor), here.contains(where: { $0 > most(versions) }) { return false }
    let elsewhere = counts[factor]
    let everywhere = most(elsewhere.reduce(0, +) + versions)
    return here.indices.allSatisfy { here[$0] == 0 || here[$0] + elsewhere[$0] <= everywhere }
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
