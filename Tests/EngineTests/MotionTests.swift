import Testing

@testable import Engine

@Suite struct MotionTests {
  private func eased(_ name: String, _ progress: Double) throws -> Double {
    let easing = try #require(Easing(name))
    return easing(progress)
  }

  @Test(arguments: Easing.names)
  func everyEasingBeginsAtNothingAndEndsAtAll(name: String) throws {
    let values = try [-1.0, 0, 1, 2].map { try eased(name, $0) }
    #expect(abs(values[1]) < 1e-9 && abs(values[2] - 1) < 1e-9)
    #expect(values[0] == values[1] && values[3] == values[2])
  }

  /// Figures of CSS `cubic-bezier` from the formula of CSS Easing 1, solved by hand for t = 1/2, and
  /// Penner's back and bounce at the same place.
  @Test func easingsHaveTheirKnownValues() throws {
    #expect(abs(try eased("bezier(0.25, 0.1, 0.25, 1)", 0.5) - 0.8024) < 0.001)
    #expect(abs(try eased("ease", 0.5) - 0.8024) < 0.001)
    #expect(abs(try eased("back-out", 0.5) - 1.0877) < 0.001)
    #expect(abs(try eased("bounce-out", 0.5) - 0.765625) < 1e-9)
    #expect(abs(try eased("cubic-in", 0.5) - 0.125) < 1e-9)
    #expect(try eased("steps(4)", 0.6) == 0.5)
    for wrong in ["bezier(2, 0, 0, 1)", "spring(7)", "steps(0)", "bounce", "bezier(1)", "in-out "] {
      #expect(Easing(wrong) == nil, "\(wrong)")
    }
  }

  @Test func aSpringOvershootsUnlessItIsFullyDamped() throws {
    func peak(_ text: String) throws -> Double {
      try (0...200).map { try eased(text, Double($0) / 200) }.max() ?? 0
    }
    #expect(try peak("spring(0.4)") > 1.2 && peak("spring(1)") <= 1.0001)
  }

  @Test func aTrackHoldsBeforeAndAfterItsKeysAndMayRepeat() {
    let keys = [
      Track.Key(time: 1, value: 10, easing: .linear), Track.Key(time: 3, value: 30, easing: .linear),
    ]
    let once = Track(keys: keys)
    #expect([0, 1, 2, 3, 9].map { once($0) } == [10, 10, 20, 30, 30])
    let mirror = Track(keys: keys, repeats: .mirror)
    #expect(mirror(4) == 20 && mirror(5) == 10 && mirror(6) == 20)
    let wave = Track(wave: .init(low: 1, high: 1.06, rate: 1.5, phase: 0))
    #expect(wave(0) == 1 && abs(wave(1.0 / 3) - 1.06) < 1e-9 && abs(wave(2.0 / 3) - 1) < 1e-9)
    #expect(Track(keys: [keys[0], .init(time: 2, value: 20, easing: .back(.end))]).range.upperBound > 20.5)
  }

  @Test func turningAboutAPivotLeavesThePivotWhereItIs() {
    let placed = Actor.Placed(bitmap: 0, width: 200, height: 100, x: 50, y: 70)
    let shift = Similarity(scale: 2, turn: .pi / 2, pivotX: 50, pivotY: 70, x: 0, y: 0)
    let mark = shift.apply(placed)
    // The middle was 100 right of and 50 below the pivot; a quarter turn at twice the size puts it there.
    #expect(abs(mark.x + 200 - (50 - 100)) < 1e-9 && abs(mark.y + 100 - (70 + 200)) < 1e-9)
  }

  @Test func particlesAndGrainDependOnTheSeedAndTheTimeAlone() {
    #expect(Chance.bits(7, 3, 2) == Chance.bits(7, 3, 2) && Chance.bits(7, 3, 2) != Chance.bits(8, 3, 2))
    let mean = (0..<4000).reduce(0.0) { $0 + Chance.unit(1, $1) } / 4000
    #expect(abs(mean - 0.5) < 0.02)
    #expect(Set(Dither.matrix).count == 64)
  }
}
