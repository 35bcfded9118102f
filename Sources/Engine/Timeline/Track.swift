import Foundation

/// A number over time: constant, keyed, waving, or keyed and then waving.
struct Track: Sendable, Hashable {
  struct Key: Sendable, Hashable {
    /// Seconds since the layer's beginning.
    var time: Double
    var value: Double
    /// From the key before to this one.
    var easing: Easing
  }

  /// A sine between two values. The first low is at `phase` turns.
  struct Wave: Sendable, Hashable {
    var low: Double
    var high: Double
    /// Turns in a second.
    var rate: Double
    var phase: Double

    func value(_ time: Double) -> Double {
      low + (high - low) * (1 - cos((time * rate + phase) * 2 * .pi)) / 2
    }
  }

  /// Sorted by time, no two at one time; at least one unless `wave` is given.
  var keys: [Key]
  var wave: Wave?
  /// What happens after the last key: nothing, from the start again, or there and back.
  var repeats: Repeat = .no

  enum Repeat: String, Sendable, Hashable, CaseIterable {
    case no
    case again
    case mirror
  }

  init(_ constant: Double) {
    keys = [Key(time: 0, value: constant, easing: .linear)]
  }

  init(keys: [Key], repeats: Repeat = .no) {
    self.keys = keys
    self.repeats = repeats
  }

  init(wave: Wave) {
    keys = []
    self.wave = wave
  }

  var isConstant: Bool { wave.map { $0.low == $0.high } ?? (keys.count == 1) }

  func callAsFunction(_ time: Double) -> Double {
    if let wave { return wave.value(time) }
    guard let first = keys.first, let last = keys.last else { return 0 }
    var time = time
    let span = last.time - first.time
    if repeats != .no, span > 0, time > first.time {
      let turns = (time - first.time) / span
      let part = turns - turns.rounded(.down)
      let isBack = repeats == .mirror && Int(turns.rounded(.down)) % 2 == 1
      time = first.time + span * (isBack ? 1 - part : part)
    }
    guard time > first.time else { return first.value }
    guard let index = keys.firstIndex(where: { $0.time > time }) else { return last.value }
    let (a, b) = (keys[index - 1], keys[index])
    return a.value + (b.value - a.value) * b.easing((time - a.time) / (b.time - a.time))
  }

  /// The greatest and least value it takes.
  var range: ClosedRange<Double> {
    if let wave { return min(wave.low, wave.high)...max(wave.low, wave.high) }
    guard let first = keys.first, let last = keys.last, keys.count > 1 else {
      let value = keys.first?.value ?? 0
      return value...value
    }
    // Springs and backs leave the keys' range; a look at 200 moments is near enough.
    let samples = (0...200).map { self(first.time + (last.time - first.time) * Double($0) / 200) }
    let all = samples + keys.map(\.value)
    return (all.min() ?? 0)...(all.max() ?? 0)
  }
}
