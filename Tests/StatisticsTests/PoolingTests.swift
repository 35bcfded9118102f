import Foundation
import StatisticsSimulation
import Testing

@testable import Statistics

@Suite struct PoolingTests {
  /// The thirteen trials of BCG vaccine (Colditz et al. 1994): log risk ratios and their variances.
  static let vaccine = zip(
    [
      (4, 123, 11, 139), (6, 306, 29, 303), (3, 231, 11, 220), (62, 13598, 248, 12867), (33, 5069, 47, 5808),
      (180, 1541, 372, 1451), (8, 2545, 10, 629), (505, 88391, 499, 88391), (29, 7499, 45, 7277),
      (17, 1716, 65, 1665), (186, 50634, 141, 27338), (5, 2498, 3, 2341), (27, 16913, 29, 17854),
    ] as [(Double, Double, Double, Double)], 0...
  ).map { trial, _ in
    PartialPooling.Segment(
      estimate: log(trial.0 / trial.1 / (trial.2 / trial.3)),
      standardError: (1 / trial.0 - 1 / trial.1 + 1 / trial.2 - 1 / trial.3).squareRoot())
  }

  /// mpmath 1.4 at 30 digits: the zeros of the restricted likelihood's slope and of the moment equation.
  @Test func `REML and Paule-Mandel give their figures`() throws {
    let pooling = try PartialPooling(Self.vaccine)
    #expect(pooling.between.method == .restrictedLikelihood)
    #expect(isClose(pooling.between.value, 0.313243258136480945, within: 1e-9))
    #expect(isClose(pooling.between.mean, -0.714532342158139232, within: 1e-9))
    #expect(isClose(pooling.between.meanStandardError, 0.179781516105205756, within: 1e-9))
    let moments = BetweenSegmentVariance.pauleMandel(
      Self.vaccine.map(\.estimate), Self.vaccine.map { $0.standardError * $0.standardError })
    #expect(isClose(moments, 0.31806845220502417, within: 1e-9))
  }

  /// mpmath 1.4 at 30 digits.
  @Test(
    "Robust critical values give their figures",
    arguments: [
      (0.1, 2.06454235507532), (0.5, 2.52346099125969), (1, 3.25919852030198), (4, 7.21635105709989),
      (25, 20.1582947096449), (0, 1.959963984540054),
    ])
  func criticalValues(_ bias: Double, _ value: Double) {
    #expect(isClose(RobustCriticalValue.value(meanSquareBias: bias, alpha: 0.05), value, within: 1e-9))
  }

  @Test func `pooling does not depend on the unit or on what is counted as zero`() throws {
    let plain = try PartialPooling(Self.vaccine)
    let scaled = try PartialPooling(
      Self.vaccine.map { .init(estimate: 5e6 + 1e3 * $0.estimate, standardError: 1e3 * $0.standardError) })
    for (left, right) in zip(plain.segments, scaled.segments) {
      #expect(isClose(right.interval.low, 5e6 + 1e3 * left.interval.low, within: 1e-9))
      #expect(isClose(right.weight, left.weight, within: 1e-7))
    }
  }

  @Test func `segments that differ no more than chance move to the mean but are not claimed to be known`()
    throws
  {
    let pooling = try PartialPooling(
      [0.0499, 0.05, 0.0501, 0.05].map { .init(estimate: $0, standardError: 0.01) })
    #expect(pooling.between.value == 0)
    #expect(pooling.segments.allSatisfy { abs($0.interval.estimate - 0.05) < 1e-4 })
    #expect(pooling.segments.allSatisfy { $0.interval.high - $0.interval.low > 0.01 })
  }

  @Test func `bad input is named`() {
    #expect(throws: DataCondition.oneArm) { try PartialPooling([.init(estimate: 1, standardError: 1)]) }
    #expect(throws: DataCondition.noVariance) {
      try PartialPooling([.init(estimate: 1, standardError: 1), .init(estimate: 1, standardError: 0)])
    }
    #expect(throws: DataCondition.notFinite) {
      try PartialPooling([.init(estimate: .nan, standardError: 1), .init(estimate: 1, standardError: 1)])
    }
  }
}

@Suite struct WinnersCurseTests {
  private func effect(_ z: Double) throws -> EffectEstimate {
    try EffectEstimate(estimate: 0.01 * z, standardError: 0.01, scale: .absolute, sampleSize: 1000)
  }

  /// mpmath 1.4 at 25 digits: likeliest, mean, and bounds at z = 1.96 to pass.
  @Test(
    "Selected effects shrink to their figures",
    arguments: [
      (2.1, 0.562606939438272, 1.22901991389436, -0.68866389873427, 3.36297570761475),
      (2.5, 1.13792071512539, 1.6912524369443, -0.418653132262747, 4.32910658279362),
      (4.0, 3.94277270527863, 3.80533076359279, 1.65469595520517, 5.95943472610385),
    ])
  func figures(_ z: Double, _ maximum: Double, _ mean: Double, _ low: Double, _ high: Double) throws {
    let shrunk = try WinnersCurse(effect(z), threshold: 1.959963984540054)
    #expect(isClose(shrunk.conditionalMaximum, 0.01 * maximum, within: 1e-7))
    #expect(isClose(shrunk.conditionalMean, 0.01 * mean, within: 1e-7))
    #expect(isClose(shrunk.interval.low, 0.01 * low, within: 1e-9))
    #expect(isClose(shrunk.interval.high, 0.01 * high, within: 1e-9))
    let mirrored = try WinnersCurse(effect(-z), threshold: 1.959963984540054)
    #expect(
      isClose(mirrored.interval.low, -shrunk.interval.high) && isClose(mirrored.estimate, -shrunk.estimate))
  }

  @Test func `one-sided selection shrinks to its figure, and what was not selected has none`() throws {
    let shrunk = try WinnersCurse(effect(2.5), threshold: 1.959963984540054, selection: .upperSide)
    #expect(isClose(shrunk.conditionalMaximum, 0.010332038319574, within: 1e-9))
    #expect(shrunk.interval.low < shrunk.interval.high && shrunk.conditionalMean.isFinite)
    #expect(throws: DataCondition.impossibleCounts) { try WinnersCurse(effect(1), threshold: 1.96) }
  }

  @Test func `the shrunken figure of winners is nearer to the truth than their own`() throws {
    var random = SplitMix64(seed: 29)
    var (own, shrunk, winners) = (0.0, 0.0, 0.0)
    while winners < 150 {
      let z = 1.5 + random.normal()
      guard abs(z) > 1.96 else { continue }
      winners += 1
      own += 0.01 * z - 0.015
      shrunk += try WinnersCurse(effect(z), threshold: 1.96).estimate - 0.015
    }
    #expect(abs(shrunk) < 0.4 * abs(own), "\(shrunk / winners) against \(own / winners)")
  }
}
