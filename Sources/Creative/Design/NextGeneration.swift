public import Campaigns

/// A version of the segment as it went: what the next design round learns from.
public struct PastVariant: Hashable, Sendable {
  public var id: Identifier<Variant>
  public var name: String
  public var levels: [String: String]
  /// The latest verdict on it; nil before there was one.
  public var verdict: Verdict.Kind?
  /// Still in the experiment, so that new versions must look different.
  public var isRunning: Bool

  public init(
    id: Identifier<Variant>, name: String, levels: [String: String], verdict: Verdict.Kind?,
    isRunning: Bool
  ) {
    self.id = id
    self.name = name
    self.levels = levels
    self.verdict = verdict
    self.isRunning = isRunning
  }
}

extension VariantDesigner {
  /// New versions for one segment, descending from its champion, which stays as their control.
  ///
  /// Each keeps the champion's levels where nothing better is known, and takes new ones for what wears out
  /// first: the hook, the background and the palette, and every other level that a losing or worn version
  /// taught to leave. Untested levels come before tested ones unless the tested ones did well. A combination
  /// that the segment has seen is never made again.
  /// - Parameters:
  ///   - history: every version the segment ever had, the champion among them.
  ///   - generation: the number the new versions will carry.
  /// - Returns: `count` designs, fewer only when the segment has seen nearly every combination.
  public func nextGeneration(
    champion: PastVariant, history: [PastVariant], count: Int, generation: Int, effects: LevelEffects
  ) -> [VariantDesign] {
    let space = LevelSpace(factors: factors)
    var seen = Set(history.map { space.row($0.levels) })
    seen.insert(space.row(champion.levels))
    var neighbours = history.filter { $0.isRunning && $0.id != champion.id }.map { space.row($0.levels) }
    var randomness = SplitMix64(seed: seed &+ UInt64(generation) &* 0x632b_e59b_d9b4_e019)
    var designs: [VariantDesign] = []
    for _ in 0..<count {
      let challenger = Challenger(
        space: space, champion: champion, history: history, neighbours: neighbours, effects: effects)
      guard let (row, rationale) = challenger.design(avoiding: seen, using: &randomness) else { break }
      seen.insert(row)
      neighbours.append(row)
      designs.append(
        VariantDesign(
          levels: space.levels(of: row), parent: champion.id,
          rationale: "Generation \(generation). " + rationale))
    }
    return designs
  }
}

/// Designs one new version beside a champion.
private struct Challenger {
  /// What viewers tire of first, in this order.
  static let wearing: [FactorKind] = [.hook, .background, .palette]

  let space: LevelSpace
  let champion: PastVariant
  let history: [PastVariant]
  /// Rows that will run beside it.
  let neighbours: [[Int]]
  let effects: LevelEffects

  func design(avoiding seen: Set<[Int]>, using randomness: inout SplitMix64) -> ([Int], String)? {
    let home = space.row(champion.levels)
    var row = home
    var kept: [String] = []
    var changed: [String] = []
    for factor in space.factors.indices {
      let ranked = ranking(of: factor, using: &randomness)
      let name = space.factors[factor].key
      let isWearing = FactorKind(rawValue: name).map(Self.wearing.contains) ?? false
      let own = effect(factor, home[factor])
      // What does not wear out is changed only for something known to do better.
      let wanted = isWearing ? ranked.first : ranked.first { effect(factor, $0).mean > max(own.mean, 0.01) }
      if let wanted, wanted != home[factor] {
        row[factor] = wanted
        changed.append("\(name) \(levelKey(factor, wanted)) (\(reason(factor, wanted)))")
      } else {
        kept.append("\(name) \(levelKey(factor, home[factor]))")
      }
    }
    if seen.contains(row) {
      guard let (free, factor) = unseen(near: row, avoiding: seen, using: &randomness) else { return nil }
      row = free
      changed.append("\(space.factors[factor].key) \(levelKey(factor, row[factor])) (so that it is new here)")
    }
    return (row, rationale(changed: changed, kept: kept))
  }

  /// The levels of a factor that may replace the champion's, the most promising first.
  private func ranking(of factor: Int, using randomness: inout SplitMix64) -> [Int] {
    let home = space.row(champion.levels)[factor]
    let levels = space.factors[factor].levels.indices.filter { $0 != home }.shuffled(using: &randomness)
    func cost(_ level: Int) -> (Int, Int, Int) {
      (
        space.isVisible(factor) ? neighbours.count { $0[factor] == level } : 0,
        worn(factor, level) ? 1 : 0, tries(factor, level)
      )
    }
    return levels.sorted { a, b in
      let (first, second) = (cost(a), cost(b))
      if first.0 != second.0 || first.1 != second.1 { return first < second }
      let (promiseA, promiseB) = (effect(factor, a).promise, effect(factor, b).promise)
      return promiseA != promiseB ? promiseA > promiseB : first.2 < second.2
    }
  }

  /// Whether a version of this segment that lost or wore out carried the level.
  private func worn(_ factor: Int, _ level: Int) -> Bool {
    history.contains { past in
      past.id != champion.id && (past.verdict == .loser || past.verdict == .fatigued)
        && past.levels[space.factors[factor].key] == levelKey(factor, level)
    }
  }

  private func tries(_ factor: Int, _ level: Int) -> Int {
    history.count { $0.levels[space.factors[factor].key] == levelKey(factor, level) }
  }

  private func effect(_ factor: Int, _ level: Int) -> LevelEffects.Effect {
    effects.effect(factor: space.factors[factor].key, level: levelKey(factor, level))
  }

  private func levelKey(_ factor: Int, _ level: Int) -> String { space.factors[factor].levels[level].key }

  private func reason(_ factor: Int, _ level: Int) -> String {
    let effect = effect(factor, level)
    if effect.versions == 0 { return "untested" }
    let percent = (effect.lift * 1000).rounded() / 10
    let pooled = "\(percent >= 0 ? "+" : "")\(percent) % over \(effect.versions) versions so far"
    return tries(factor, level) == 0 ? "new in this segment, \(pooled)" : pooled
  }

  /// The nearest combination nobody here has seen, changing one factor, or any two.
  private func unseen(
    near row: [Int], avoiding seen: Set<[Int]>, using randomness: inout SplitMix64
  ) -> ([Int], Int)? {
    let order = space.factors.indices.sorted { space.isVisible($0) && !space.isVisible($1) }
    for factor in order {
      for level in ranking(of: factor, using: &randomness) {
        var candidate = row
        candidate[factor] = level
        if !seen.contains(candidate) { return (candidate, factor) }
      }
    }
    for first in order {
      for second in order where second > first {
        for a in space.factors[first].levels.indices {
          for b in space.factors[second].levels.indices {
            var candidate = row
            candidate[first] = a
            candidate[second] = b
            if !seen.contains(candidate) { return (candidate, second) }
          }
        }
      }
    }
    return nil
  }

  private func rationale(changed: [String], kept: [String]) -> String {
    let standing: String
    switch champion.verdict {
    case .winner: standing = "the winner"
    case .leading: standing = "which leads"
    case .fatigued: standing = "the best so far, though it wears out"
    default: standing = "the best so far"
    }
    let gone = history.filter { $0.id != champion.id && ($0.verdict == .loser || $0.verdict == .fatigued) }
      .map { "\($0.name) (\($0.verdict == .loser ? "lost" : "wore out"))" }
    let leaves = gone.isEmpty ? "" : " Leaves what \(gone.joined(separator: ", ")) used where it can."
    return "Descends from \(champion.name), \(standing). Keeps \(kept.joined(separator: ", "))."
      + " New: \(changed.joined(separator: ", "))." + leaves
  }
}
