/// Keys, chords and how one chord moves to the next.
struct Harmony: Sendable, Hashable {
  static let major = [0, 2, 4, 5, 7, 9, 11]
  static let minor = [0, 2, 3, 5, 7, 8, 10]
  static let dorian = [0, 2, 3, 5, 7, 9, 10]
  static let mixolydian = [0, 2, 4, 5, 7, 9, 10]

  struct Chord: Sendable, Hashable {
    /// MIDI, below the stave: what the bass plays.
    var root: Int
    var fifth: Int
    /// MIDI, ascending, near the chord before.
    var tones: [Int]
  }

  /// MIDI number of the key's root in the bass's octave.
  let key: Int
  let scale: [Int]

  /// Semitones over the key of the scale's `degree`, which counts from 1 and may pass the octave.
  func offset(_ degree: Int) -> Int {
    let index = degree - 1
    let octave = index >= 0 ? index / 7 : (index - 6) / 7
    return scale[index - octave * 7] + octave * 12
  }

  /// - Parameter tones: 3 for triads, 4 with the seventh, 5 with the ninth in the place of the root's double.
  /// - Parameter before: the voicing to move from; nil begins around middle C.
  func chord(_ degree: Int, tones: Int, after before: [Int]?) -> Chord {
    var root = key + offset(degree)
    while root > 43 { root -= 12 }
    let fifth = key + offset(degree + 4)
    let steps = [0, 2, 4, 6, 8].prefix(tones)
    let classes = steps.map { (key + offset(degree + $0)) % 12 }
    return Chord(
      root: root, fifth: root + ((fifth - root) % 12 + 12) % 12,
      tones: Self.voiced(classes, near: before ?? [57, 60, 64, 67]))
  }

  /// The voicing with the least way to go from `before`, between F3 and F5.
  private static func voiced(_ classes: [Int], near before: [Int]) -> [Int] {
    let middle = Double(before.reduce(0, +)) / Double(before.count)
    var best: (cost: Double, tones: [Int]) = (.infinity, [])
    for lowest in 53...65 where classes.contains(lowest % 12) {
      var tones = [lowest]
      let first = classes.firstIndex(of: lowest % 12) ?? 0
      for index in 1..<classes.count {
        let target = classes[(first + index) % classes.count]
        var tone = (tones.last ?? lowest) + 1
        while tone % 12 != target { tone += 1 }
        tones.append(tone)
      }
      guard (tones.last ?? 0) <= 77 else { continue }
      let moves = zip(tones, before).reduce(0) { $0 + abs($1.0 - $1.1) }
      let drift = abs(Double(tones.reduce(0, +)) / Double(tones.count) - middle)
      // Towards the middle of the keyboard, or chains of small moves wander off.
      let pull = abs(Double(lowest) - 58) * 0.6
      let cost = Double(moves) + drift + pull
      if cost < best.cost { best = (cost, tones) }
    }
    return best.tones.isEmpty ? classes.map { $0 + 60 }.sorted() : best.tones
  }
}
