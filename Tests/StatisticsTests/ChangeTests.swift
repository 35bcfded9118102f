import Foundation
import Statistics
import StatisticsSimulation
import Testing

@Suite struct ChangeTests {
  /// Fourteen days of a variant and two others; the market rises by half and each day has its own weather.
  static func fortnight(
    fading: Double, noise: Double, seed randomness: inout SplitMix64
  ) -> [ContrastDay] {
    (0..<14).map { day in
      let market = 1 + 0.5 * Double(day) / 13 + 0.2 * sin(2 * .pi * Double(day) / 7)
      // Traffic moves from one of the others, which is better, to the other, which is worse.
      let moved = 200 + 100 * day
      func rate(_ base: Double) -> Double { min(0.9, base * market * exp(noise * randomness.normal())) }
      let kept = day < 7 ? 1 : 1 - fading
      return ContrastDay(
        variant: randomness.binomial(1500, rate(0.04 * kept)),
        others: [
          randomness.binomial(1800 - moved, rate(0.06)), randomness.binomial(moved, rate(0.03)),
        ])
    }
  }

  @Test("A market that moves and traffic that shifts are not fatigue", arguments: [0, 0.15])
  func falseFatigue(noise: Double) {
    var randomness = SplitMix64(seed: 31)
    let experiments = 400
    var wrong = 0
    for _ in 0..<experiments {
      let days = Self.fortnight(fading: 0, noise: noise, seed: &randomness)
      let change = ChangeInContrast(fresh: Array(days[..<7]), recent: Array(days[7...]), alpha: 0.05)
      if change.interval?.excludesZero ?? true { wrong += 1 }
    }
    // Three standard errors of a rate of 5 % above it.
    #expect(Double(wrong) / Double(experiments) <= 0.05 + 3 * (0.05 * 0.95 / 400).squareRoot())
  }

  @Test func `a variant that loses three tenths against the others is found`() throws {
    var randomness = SplitMix64(seed: 32)
    var found = 0
    var sum = 0.0
    for _ in 0..<100 {
      let days = Self.fortnight(fading: 0.3, noise: 0, seed: &randomness)
      let change = ChangeInContrast(fresh: Array(days[..<7]), recent: Array(days[7...]))
      let interval = try #require(change.interval)
      sum += interval.estimate
      if interval.excludesZero, interval.high < 0 { found += 1 }
    }
    #expect(found >= 90)
    #expect(abs(sum / 100 - log(0.7)) < 0.03)
  }

  @Test func `an arm born halfway is no part of the contrast`() throws {
    let day = ContrastDay(variant: BinomialCounts(60, 1000), others: [BinomialCounts(50, 1000), .zero])
    let later = ContrastDay(
      variant: BinomialCounts(60, 1000), others: [BinomialCounts(50, 1000), BinomialCounts(900, 1000)])
    let change = ChangeInContrast(
      fresh: [day, day, day], recent: [later, later, later])
    #expect(abs(try #require(change.interval).estimate) < 1e-12)
    #expect(change.dispersion == 1)
  }

  @Test func `what cannot be compared is named`() {
    let day = ContrastDay(variant: BinomialCounts(60, 1000), others: [BinomialCounts(50, 1000)])
    let alone = ContrastDay(variant: BinomialCounts(60, 1000), others: [])
    let wrong = ContrastDay(variant: BinomialCounts(60, 10), others: [BinomialCounts(50, 1000)])
    let few = ContrastDay(variant: BinomialCounts(1, 1000), others: [BinomialCounts(50, 1000)])
    #expect(ChangeInContrast(fresh: [alone, alone], recent: [alone, alone]).condition == .noOverlap)
    #expect(ChangeInContrast(fresh: [], recent: []).condition == .noOverlap)
    #expect(ChangeInContrast(fresh: [day], recent: [day, day]).condition == .tooFewDays)
    #expect(ChangeInContrast(fresh: [day, day], recent: [wrong, day]).condition == .impossibleCounts)
    #expect(ChangeInContrast(fresh: [day, day], recent: [few, few]).condition == .burnIn)
  }

  static func weeks(
    shift: Double, noise: Double, seed randomness: inout SplitMix64
  ) -> (before: [[BinomialCounts]], after: [[BinomialCounts]]) {
    let weeks = (0..<2).map { week in
      (0..<7).map { day in
        let level = (week == 1 ? 1 + shift : 1) * (1 + 0.3 * sin(2 * .pi * Double(day) / 7))
        let weather = exp(noise * randomness.normal())
        // In the second week traffic has moved to the better arm.
        let units = week == 0 ? [1500, 1500] : [2800, 200]
        return [
          randomness.binomial(units[0], 0.06 * level * weather),
          randomness.binomial(units[1], 0.04 * level * weather),
        ]
      }
    }
    return (weeks[0], weeks[1])
  }

  @Test("A market that stands still is not said to move", arguments: [0, 0.1])
  func falseShift(noise: Double) {
    var randomness = SplitMix64(seed: 33)
    var wrong = 0
    for _ in 0..<400 {
      let (before, after) = Self.weeks(shift: 0, noise: noise, seed: &randomness)
      if ChangeInLevel(before: before, after: after).interval?.excludesZero ?? true { wrong += 1 }
    }
    #expect(Double(wrong) / 400 <= 0.05 + 3 * (0.05 * 0.95 / 400).squareRoot())
  }

  @Test func `a market that falls by a quarter is found, by its size`() throws {
    var randomness = SplitMix64(seed: 34)
    var found = 0
    var sum = 0.0
    for _ in 0..<100 {
      let (before, after) = Self.weeks(shift: -0.25, noise: 0.05, seed: &randomness)
      let change = try #require(ChangeInLevel(before: before, after: after).interval)
      sum += change.estimate
      if change.high < 0 { found += 1 }
    }
    #expect(found >= 85)
    #expect(abs(sum / 100 - log(0.75)) < 0.03)
  }

  @Test func `days that scatter widen the interval`() throws {
    let calm = (0..<7).map { _ in [BinomialCounts(500, 10_000)] }
    let rough = (0..<7).map { day in [BinomialCounts(day % 2 == 0 ? 300 : 700, 10_000)] }
    let wide = ChangeInLevel(before: calm, after: rough)
    #expect(wide.dispersion > 10)
    let narrow = ChangeInLevel(before: calm, after: calm)
    #expect(narrow.dispersion == 1)
    #expect(try #require(wide.interval).standardError > 3 * #require(narrow.interval).standardError)
  }

  @Test func `too little to compare levels is named`() {
    let day = [BinomialCounts(60, 1000)]
    #expect(ChangeInLevel(before: [day, day], after: [day, day]).condition == .tooFewDays)
    #expect(ChangeInLevel(before: [], after: []).condition == .tooFewDays)
    let poor = [BinomialCounts(1, 1000)]
    #expect(
      ChangeInLevel(before: [poor, poor, poor], after: [poor, poor, poor]).condition == .burnIn)
    let broken = [BinomialCounts(6, 1)]
    #expect(
      ChangeInLevel(before: [day, day, day], after: [day, broken, day]).condition == .impossibleCounts)
    let born = [BinomialCounts.zero, BinomialCounts(60, 1000)]
    let died = [BinomialCounts(60, 1000), BinomialCounts.zero]
    #expect(
      ChangeInLevel(before: [died, died, died], after: [born, born, born]).condition == .noOverlap)
  }
}
