import Foundation
import Statistics
import TestKit
import Testing

@Suite("Trials that hang together")
struct DesignEffectTests {
  @Test("moments of viewers tell how many times the variance exceeds that of independent trials")
  func measured() {
    // Everybody is shown five, and clicks all of them or none: five trials are one.
    var moments = BivariateMoments.zero
    for viewer in 0..<1000 { moments.add(x: 5, y: viewer < 50 ? 5 : 0) }
    #expect(abs(moments.designEffect - 5) < 1e-9)
    let fromSums = BivariateMoments(
      count: 1000, sumX: 5000, sumY: 250, sumOfSquaresX: 25_000, sumOfSquaresY: 1250, sumOfProducts: 1250)
    #expect(abs(fromSums.designEffect - 5) < 1e-9)
    #expect(fromSums.isPossible)
    #expect(BivariateMoments.zero.designEffect == 1)
    #expect(
      BivariateMoments(
        count: 0, sumX: 0, sumY: 0, sumOfSquaresX: 0, sumOfSquaresY: 0, sumOfProducts: 0
      ).isPossible)
  }

  @Test("A/A with viewers as the units keeps alpha only when the design effect is told")
  func errorRate() {
    var generator = SeededGenerator(seed: 5)
    let sequence = AsymptoticConfidenceSequence(alpha: 0.05, plannedSize: 20_000, design: .plannedEffect)
    var wrong = (told: 0, untold: 0)
    for _ in 0..<200 {
      var counts = [BinomialCounts.zero, .zero]
      var isWrong = (told: false, untold: false)
      for _ in 0..<20 {
        for arm in 0..<2 {
          let clickers = (0..<100).count { _ in Double.random(in: 0..<1, using: &generator) < 0.1 }
          counts[arm] += BinomialCounts(successes: Int64(5 * clickers), trials: 500)
        }
        let epoch = AllocationEpoch(shareA: 0.5, shareB: 0.5, countsA: counts[0], countsB: counts[1])
        func isShown(_ designEffect: Double) -> Bool {
          DifferenceOfProportions(epochs: [epoch], sequence: sequence, designEffect: designEffect)
            .difference().excludesZero
        }
        isWrong.told = isWrong.told || isShown(5)
        isWrong.untold = isWrong.untold || isShown(1)
      }
      wrong.told += isWrong.told ? 1 : 0
      wrong.untold += isWrong.untold ? 1 : 0
    }
    #expect(wrong.told <= 16, "\(wrong.told) of 200")
    #expect(wrong.untold >= 30, "\(wrong.untold) of 200")
  }
}
