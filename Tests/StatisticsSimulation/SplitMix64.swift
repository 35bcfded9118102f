import Foundation
public import Statistics

/// A small generator with a seed (Steele, Lea, Flood 2014), so that every simulation gives the same figures.
public struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  public init(seed: UInt64) { state = seed }

  /// The generator of one of many experiments under one seed: which experiments run beside it does not matter.
  public init(seed: UInt64, experiment: Int) {
    var root = SplitMix64(seed: seed &+ UInt64(experiment) &* 0xda94_2042_e4dd_58b5)
    state = root.next()
  }

  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// In 0 ..< 1.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Standard normal.
  public mutating func normal() -> Double { Normal.quantile((uniform() + 0x1p-54)) }

  /// Successes in n trials, by the gaps between them (Devroye 1986, X.4.3): exact, fast for rare successes.
  public mutating func binomial(_ n: Int, _ p: Double) -> BinomialCounts {
    guard p > 0, n > 0 else { return BinomialCounts(successes: 0, trials: Int64(n)) }
    let scale = 1 / log1p(-p)
    var at = 0.0
    var successes: Int64 = -1
    while at <= Double(n) {
      at += (log(uniform() + 0x1p-54) * scale).rounded(.down) + 1
      successes += 1
    }
    return BinomialCounts(successes: successes, trials: Int64(n))
  }

  /// Splits n units over arms by their shares, each arm a binomial part of what is left.
  public mutating func split(_ n: Int, by shares: [Double]) -> [Int] {
    var left = n
    var share = 1.0
    return shares.enumerated().map { index, part in
      guard index < shares.count - 1, left > 0 else { return left }
      let taken = Int(binomial(left, min(1 - 1e-12, part / share)).successes)
      left -= taken
      share -= part
      return taken
    }
  }
}
