/// A short melody said, said again, answered and brought home: the shape most tunes have (AABA).
struct Motif: Sendable {
  struct Tone: Sendable {
    var beat: Double
    var length: Double
    var key: Int
    var strength: Double
  }

  private let statement: String
  private let answer: String
  /// Steps of the scale from the chord's highest tone, one for each stroke of the rhythm.
  private let contour: [Int]

  init(style: Style, dice: inout SplitMix) {
    statement = dice.pick(style.lead)
    answer = dice.pick(style.lead)
    contour = dice.pick([
      [0, 1, 2, 0, 2, 1, 0, 1], [2, 1, 0, 1, 0, -1, 0, 2], [0, 2, 1, 2, 0, 1, 2, 0],
      [1, 0, -1, 0, 1, 2, 1, 0],
    ])
  }

  func tones(bar: Int, chord: Harmony.Chord, harmony: Harmony, length: Double) -> [Tone] {
    let strokes = Arranger.strokes(bar % 4 == 2 ? answer : statement, length)
    let ladder = Self.ladder(chord, harmony)
    guard let middle = ladder.firstIndex(where: { $0 >= 74 }) else { return [] }
    return strokes.enumerated().map { index, stroke in
      let isStrong = stroke.beat.truncatingRemainder(dividingBy: 2) == 0
      var key = ladder[min(ladder.count - 1, max(0, middle + contour[index % contour.count] * 2))]
      if isStrong || index == strokes.count - 1 { key = Self.nearest(chord, to: key) }
      return Tone(beat: stroke.beat, length: stroke.length * 0.92, key: key, strength: stroke.strength)
    }
  }

  /// The scale from G4 to C6.
  private static func ladder(_ chord: Harmony.Chord, _ harmony: Harmony) -> [Int] {
    (67...84).filter { key in harmony.scale.contains(((key - harmony.key) % 12 + 12) % 12) }
  }

  private static func nearest(_ chord: Harmony.Chord, to key: Int) -> Int {
    let classes = Set(chord.tones.map { $0 % 12 })
    for distance in 0...6 {
      if classes.contains((key - distance) % 12) { return key - distance }
      if classes.contains((key + distance) % 12) { return key + distance }
    }
    return key
  }
}
