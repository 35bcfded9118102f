import Campaigns
import Creative
import Testing

@Suite struct FirstGenerationTests {
  private func designs(_ sample: Sample, seed: UInt64 = 7, versions: Int = 3) -> [[VariantDesign]] {
    let designer = VariantDesigner(factors: sample.folder.document.factors, seed: seed)
    let made = designer.firstGeneration(segments: sample.segments, versions: versions)
    return sample.segments.map { made[$0.id] ?? [] }
  }

  @Test("All that is seen differs between a segment's versions", arguments: 1...8)
  func visibleDifference(seed: UInt64) throws {
    for segment in designs(try Sample(), seed: seed) {
      #expect(segment.count == 3)
      for factor in FactorKind.allCases where factor.isVisible {
        let levels = segment.compactMap { $0.levels[factor.rawValue] }
        #expect(Set(levels).count == 3, "\(factor.rawValue): \(levels)")
      }
    }
  }

  @Test func `no combination is made twice and every level is used as often as the others`() throws {
    let sample = try Sample()
    let all = designs(sample).joined().map(\.levels)
    #expect(Set(all).count == all.count)
    for factor in sample.folder.document.factors {
      let counts = factor.levels.map { level in all.count { $0[factor.key] == level.key } }
      #expect(
        (counts.max() ?? 0) <= (all.count + counts.count - 1) / counts.count, "\(factor.key): \(counts)")
    }
  }

  @Test func `the same seed gives the same designs and another seed others`() throws {
    let sample = try Sample()
    #expect(designs(sample, seed: 1) == designs(sample, seed: 1))
    #expect(designs(sample, seed: 1) != designs(sample, seed: 2))
  }

  @Test func `segments do not get the same set of levels together`() throws {
    // If two factors always changed together over all segments, their effects could not be told apart.
    let sample = try Sample()
    let all = designs(sample).joined().map(\.levels)
    let factors = ["layout", "music", "call_to_action", "pace"]
    for (index, first) in factors.enumerated() {
      for second in factors[(index + 1)...] {
        let pairs = Set(all.map { [$0[first] ?? "", $0[second] ?? ""] })
        #expect(pairs.count > 3, "\(first) and \(second) move together")
      }
    }
  }

  @Test func `the choice teaches more than the one it started from`() throws {
    // Nine versions of three two-level factors: half of each level, and every pair of levels together.
    let factors = ["hook", "headline", "layout"].map { key in
      Factor(key: key, levels: ["a", "b"].map { Level(key: $0, text: ["en": $0]) })
    }
    let sample = try Sample()
    let made = VariantDesigner(factors: factors, seed: 3).firstGeneration(
      segments: sample.segments, versions: 2)
    let all = made.values.joined().map(\.levels)
    #expect(Set(all).count == 6)
    for segment in made.values {
      #expect(segment.count == 2)
      #expect(segment[0].levels.allSatisfy { segment[1].levels[$0.key] != $0.value })
    }
  }

  @Test func `more versions than combinations gives every combination once`() throws {
    let factors = [Factor(key: "hook", levels: ["a", "b"].map { Level(key: $0, text: ["en": $0]) })]
    let designs = VariantDesigner(factors: factors, seed: 1).firstGeneration(
      position: 0, versions: 5, others: [])
    #expect(Set(designs.map(\.levels)) == [["hook": "a"], ["hook": "b"]])
  }

  @Test func `a segment that is added later avoids what the others have`() throws {
    let sample = try Sample()
    let before = designs(sample)
    let added = sample.designer.firstGeneration(
      position: 3, versions: 3, others: before.map { $0.map(\.levels) })
    let used = Set(before.joined().map(\.levels))
    #expect(added.allSatisfy { !used.contains($0.levels) })
  }
}
