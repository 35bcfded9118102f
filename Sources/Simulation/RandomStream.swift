import Foundation

/// Random numbers by place: the stream of a place (seed, what, hour, number) is the same whoever asks and whatever
/// was drawn elsewhere, so traffic can be made in any order and cut at any hour.
///
/// SplitMix64 (Steele, Lea & Flood, "Fast Splittable Pseudorandom Number Generators", 2014), its start mixed from
/// the place by the same function.
struct RandomStream: RandomNumberGenerator {
  private var state: UInt64

  init(_ place: UInt64...) {
    state = 0
    for part in place { state = Self.mix(state &+ 0x9E37_79B9_7F4A_7C15 &+ part) }
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Self.mix(state)
  }

  private static func mix(_ value: UInt64) -> UInt64 {
    var value = value
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }

  /// In [0, 1), with 53 bits.
  mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  mutating func happens(_ probability: Double) -> Bool { uniform() < probability }

  mutating func index(below count: Int) -> Int { Int(next().multipliedFullWidth(by: UInt64(count)).high) }

  /// Knuth's product of uniforms (The Art of Computer Programming, 3.4.1), in parts small enough that `exp(-mean)`
  /// keeps its precision: a sum of Poissons is a Poisson.
  mutating func poisson(mean: Double) -> Int {
    var rest = mean
    var count = 0
    while rest > 0 {
      let limit = exp(-min(rest, 16))
      rest -= 16
      var product = uniform()
      while product > limit {
        count += 1
        product *= uniform()
      }
    }
    return count
  }

  /// Standard normal, by the sum of twelve uniforms: near enough for the value of a basket.
  mutating func normal() -> Double {
    var sum = -6.0
    for _ in 0..<12 { sum += uniform() }
    return sum
  }
}

/// FNV-1a, 64 bits: names as numbers.
func placeNumber(_ name: String) -> UInt64 {
  name.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
}
