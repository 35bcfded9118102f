/// What is played, when: written from mood, tempo and seed.
struct Score: Sendable, Hashable {
  enum Voice: Sendable, Hashable {
    /// Soft held chord.
    case pad
    /// A string plucked.
    case pluck
    /// A small bell.
    case bell
    /// An electric piano.
    case keys
    case bass
    case kick, snare, hat, shaker
  }

  struct Note: Sendable, Hashable {
    var voice: Voice
    /// Seconds from the start.
    var start: Double
    var length: Double
    /// MIDI number: 60 is middle C.
    var pitch: Int
    /// 0…1.
    var strength: Double
    /// -1 left … 1 right.
    var pan: Double = 0
  }

  private(set) var notes: [Note] = []

  private let beat: Double
  private let seconds: Double
  private let key: Int
  private let chords: [[Int]]
  private let chordBeats: Int
  private var dice: SplitMix

  /// Semitones over the key of the diatonic triads with a colour tone, as voiced by hand.
  private static let triads: [Int: [Int]] = [
    1: [0, 4, 7, 14], 2: [2, 5, 9, 12], 3: [4, 7, 11, 14], 4: [5, 9, 12, 16], 5: [7, 11, 14, 17],
    6: [9, 12, 16, 19],
  ]
  private static let progressions: [[Int]] = [
    [1, 5, 6, 4], [6, 4, 1, 5], [4, 1, 5, 6], [1, 3, 4, 5], [1, 6, 2, 5],
  ]

  init(_ music: Music, seconds: Double) {
    self.seconds = seconds
    beat = 60 / Double(music.tempo)
    dice = SplitMix(seed: UInt64(bitPattern: Int64(music.seed)) &+ UInt64(music.tempo) << 32)
    key = [48, 50, 51, 53, 55, 45][dice.below(6)]
    // A chord lasts one and a half to two and a half seconds, whatever the tempo.
    chordBeats = beat * 4 <= 2.6 ? 4 : 2
    let progression = Self.progressions[dice.below(Self.progressions.count)]
    let count = Int((seconds / (beat * Double(chordBeats))).rounded(.up))
    chords = (0..<max(1, count)).map { index in
      // The last chord comes home.
      Self.triads[index == count - 1 && count > 1 ? 1 : progression[index % 4]] ?? [0, 4, 7, 14]
    }
    switch music.mood {
    case .airy: airy()
    case .pulse: pulse()
    case .plucked: plucked()
    case .warm: warm()
    case .bold: bold()
    }
    notes.removeAll { $0.start >= seconds }
  }

  private mutating func add(
    _ voice: Voice, _ beats: Double, _ length: Double, _ pitch: Int = 0, _ strength: Double, pan: Double = 0
  ) {
    // A player is never quite even.
    let touch = 1 + (dice.unit() - 0.5) * 0.12
    notes.append(
      Note(
        voice: voice, start: beats * beat, length: length * beat, pitch: pitch, strength: strength * touch,
        pan: pan))
  }

  /// Calls `body` for every chord with its first beat and its tones over the key.
  private mutating func eachChord(_ body: (inout Score, Double, [Int]) -> Void) {
    for (index, chord) in chords.enumerated() { body(&self, Double(index * chordBeats), chord) }
  }

  private mutating func pads(_ strength: Double) {
    let long = Double(chordBeats)
    eachChord { score, at, chord in
      for (index, tone) in chord.enumerated() {
        score.add(.pad, at, long * 1.15, score.key + tone, strength, pan: [-0.5, 0.3, -0.2, 0.6][index % 4])
      }
    }
  }

  /// Chord tones up and down in even steps of a beat.
  private mutating func arpeggio(_ voice: Voice, step: Double, octave: Int, strength: Double, skip: Int = 9) {
    let order = [[0, 2, 1, 3], [0, 1, 2, 3], [3, 1, 2, 0]][dice.below(3)]
    let long = Double(chordBeats)
    eachChord { score, at, chord in
      for (index, offset) in stride(from: 0, to: long, by: step).enumerated() {
        if score.dice.below(10) >= skip { continue }
        let tone = chord[order[index % 4]] + (index % 8 == 6 ? 12 : 0)
        let accent = index % 4 == 0 ? 1 : 0.72
        score.add(
          voice, at + offset, step * 3, score.key + 12 * octave + tone, strength * accent,
          pan: index % 2 == 0 ? -0.35 : 0.35)
      }
    }
  }

  private mutating func bassLine(step: Double, length: Double, strength: Double) {
    let long = Double(chordBeats)
    eachChord { score, at, chord in
      for offset in stride(from: 0, to: long, by: step) {
        score.add(.bass, at + offset, length, score.key - 12 + chord[0] % 12, strength)
      }
    }
  }

  private mutating func beats(
    _ voice: Voice, every step: Double, from first: Double, length: Double, strength: Double, pan: Double = 0
  ) {
    for at in stride(from: first, to: seconds / beat, by: step) {
      add(voice, at, length, 0, strength, pan: pan)
    }
  }

  private mutating func airy() {
    pads(0.5)
    bassLine(step: Double(chordBeats), length: Double(chordBeats), strength: 0.45)
    arpeggio(.bell, step: 1, octave: 2, strength: 0.3, skip: 7)
    arpeggio(.pluck, step: 0.5, octave: 1, strength: 0.2, skip: 6)
    beats(.shaker, every: 1, from: 0.5, length: 0.2, strength: 0.1, pan: 0.3)
  }

  private mutating func pulse() {
    pads(0.34)
    bassLine(step: 0.5, length: 0.42, strength: 0.6)
    arpeggio(.pluck, step: 0.5, octave: 1, strength: 0.42)
    beats(.kick, every: 1, from: 0, length: 0.5, strength: 0.85)
    beats(.hat, every: 1, from: 0.5, length: 0.15, strength: 0.22, pan: 0.2)
    beats(.snare, every: 2, from: 1, length: 0.3, strength: 0.3)
  }

  private mutating func plucked() {
    pads(0.16)
    bassLine(step: 1, length: 0.8, strength: 0.5)
    arpeggio(.pluck, step: 0.5, octave: 1, strength: 0.6)
    arpeggio(.bell, step: 2, octave: 2, strength: 0.22, skip: 8)
    beats(.shaker, every: 0.5, from: 0, length: 0.12, strength: 0.09, pan: -0.3)
    beats(.kick, every: 2, from: 0, length: 0.4, strength: 0.45)
  }

  private mutating func warm() {
    pads(0.2)
    let long = Double(chordBeats)
    eachChord { score, at, chord in
      for (index, tone) in chord.enumerated() {
        score.add(
          .keys, at + Double(index) * 0.04, long, score.key + 12 + tone, 0.36, pan: Double(index) * 0.2 - 0.3)
        score.add(
          .keys, at + long * 0.625, long * 0.4, score.key + 12 + tone, 0.2, pan: Double(index) * 0.2 - 0.3)
      }
    }
    bassLine(step: long / 2, length: long * 0.45, strength: 0.55)
    beats(.kick, every: 2, from: 0, length: 0.4, strength: 0.5)
    beats(.shaker, every: 0.5, from: 0, length: 0.15, strength: 0.09, pan: 0.25)
    beats(.snare, every: 2, from: 1, length: 0.25, strength: 0.16)
  }

  private mutating func bold() {
    pads(0.3)
    bassLine(step: 0.5, length: 0.4, strength: 0.75)
    let long = Double(chordBeats)
    eachChord { score, at, chord in
      for tone in chord.prefix(3) {
        for offset in [0, long * 0.375] { score.add(.keys, at + offset, 0.5, score.key + 12 + tone, 0.45) }
      }
    }
    beats(.kick, every: 2, from: 0, length: 0.5, strength: 0.95)
    beats(.kick, every: 4, from: 2.5, length: 0.4, strength: 0.7)
    beats(.snare, every: 2, from: 1, length: 0.35, strength: 0.6)
    beats(.hat, every: 0.5, from: 0, length: 0.1, strength: 0.18, pan: 0.25)
  }
}

/// A small generator with a stated algorithm (Steele, Lea & Flood 2014), so that seeds keep their meaning.
struct SplitMix: Sendable, Hashable {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// 0 ..< bound, for small bounds.
  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
  /// 0 ..< 1.
  mutating func unit() -> Double { Double(next() >> 11) / 9_007_199_254_740_992 }
}
