/// Writes the score: mood, tempo and seed choose the music, the cuts give it its form. Pure.
struct Arranger {
  /// A rhythm's mark: how hard, from which beat of the bar, how many beats.
  struct Stroke {
    var letter: Character
    var beat: Double
    var length: Double
    var strength: Double
  }

  let grid: BeatGrid
  let form: SongForm
  let style: Style
  var score: Score
  var dice: SplitMix
  private let harmony: Harmony
  private let progression: [Int]
  private let chordPatterns: String
  private let motif: Motif

  /// - Parameter cuts: from the first to the last, inside the duration; soft ones are dissolves.
  init(_ music: Music, cuts: [Soundtrack.Cut], duration: TimeSpan) {
    style = Style.of(music.mood)
    grid = BeatGrid(
      tempo: Double(music.tempo), cuts: cuts.map(\.at.frameSeconds), duration: duration.frameSeconds)
    form = SongForm(grid)
    score = Score(instruments: style.instruments)
    var dice = SplitMix(seed: UInt64(bitPattern: Int64(music.seed)) &+ UInt64(music.tempo) << 32)
    harmony = Harmony(key: dice.pick([36, 38, 39, 41, 43, 33]), scale: style.scale)
    progression = dice.pick(style.progressions)
    chordPatterns = dice.pick(style.chords)
    motif = Motif(style: style, dice: &dice)
    self.dice = dice
    write(cuts)
  }

  private mutating func write(_ cuts: [Soundtrack.Cut]) {
    var voicing: [Int]?
    for (number, phrase) in form.phrases.enumerated() {
      var bar = 0
      var at = phrase.start
      let isLast = number == form.phrases.count - 1
      while phrase.end - at > 0.01 {
        let length = min(4, phrase.end - at)
        let leadsHome = isLast && at + length >= phrase.end - 0.01 && bar > 0
        let degree = leadsHome ? 5 : progression[bar % progression.count]
        let chord = harmony.chord(degree, tones: style.tones, after: voicing)
        voicing = chord.tones
        play(chord, bar: bar, at: at, length: length, phrase)
        at += length
        bar += 1
      }
      drums(phrase, fills: !isLast)
    }
    let home = harmony.chord(1, tones: style.tones, after: voicing)
    score.end(at: grid.sample(at: form.ending))
    close(on: home)
    for (cut, mark) in zip(cuts, grid.cuts) { hit(isSoft: cut.isSoft, second: mark.second) }
  }

  private mutating func play(
    _ chord: Harmony.Chord, bar: Int, at: Double, length: Double, _ phrase: SongForm.Phrase
  ) {
    bassLine(chord, at: at, length: length, phrase)
    chords(chord, at: at, length: length, phrase)
    if style.instruments[.bed] != nil {
      let force = 0.5 + 0.25 * phrase.energy
      for tone in chord.tones.prefix(3) { note(.bed, at, length, tone, force) }
    }
    if phrase.energy >= style.leadFrom {
      for tone in motif.tones(bar: bar, chord: chord, harmony: harmony, length: length) {
        note(.lead, at + tone.beat, tone.length, tone.key, tone.strength * (0.6 + 0.4 * phrase.energy))
      }
    }
  }

  private mutating func bassLine(
    _ chord: Harmony.Chord, at: Double, length: Double, _ phrase: SongForm.Phrase
  ) {
    for stroke in Self.strokes(style.bass[phrase.energy < 0.7 ? 0 : style.bass.count - 1], length) {
      let key =
        switch stroke.letter {
        case "5": chord.fifth
        case "8": chord.root + 12
        default: chord.root
        }
      note(.bass, at + stroke.beat, stroke.length * 0.94, key, 0.62 + 0.26 * phrase.energy)
    }
  }

  private mutating func chords(
    _ chord: Harmony.Chord, at: Double, length: Double, _ phrase: SongForm.Phrase
  ) {
    let force = 0.55 + 0.35 * phrase.energy
    var turn = 0
    for stroke in Self.strokes(chordPatterns, length) {
      switch style.chording {
      case .block(let strum):
        for (index, tone) in chord.tones.enumerated() {
          let later = Double(index) * strum / grid.period
          note(
            .chords, at + stroke.beat + later, stroke.length - later, tone, force * stroke.strength)
        }
      case .broken:
        // Up over the chord and its octave, and down again.
        let ladder = chord.tones + [chord.tones[0] + 12]
        let period = max(1, ladder.count * 2 - 2)
        let place = turn % period
        let tone = ladder[place < ladder.count ? place : period - place]
        // Strings ring over the next ones.
        note(.chords, at + stroke.beat, stroke.length * 2.5, tone, force * stroke.strength)
        turn += 1
      }
    }
  }

  /// The last chord: all who play, together, until the end.
  private mutating func close(on chord: Harmony.Chord) {
    let at = form.ending
    let length = grid.beats - at + 1
    note(.bass, at, length, chord.root, 0.9)
    for tone in chord.tones {
      note(.chords, at, length, tone, 0.9)
      if style.instruments[.bed] != nil { note(.bed, at, length, tone, 0.7) }
    }
    if let top = chord.tones.last { note(.lead, at, length, top + 12, 0.7) }
    hit(isSoft: false, second: grid.second(at: at))
  }

  /// Struck outside the rhythm, exactly on the picture.
  private mutating func hit(isSoft: Bool, second: Double) {
    let start = Int((second * Double(Engine.sampleRate)).rounded())
    let drums = (isSoft ? style.softHit : style.hit).sorted { $0.key.rawValue < $1.key.rawValue }
    for (drum, strength) in drums {
      score.add(
        Score.Note(
          part: .hits, start: start, length: Engine.sampleRate * 3, key: drum.rawValue,
          velocity: Int(strength * 122)))
    }
  }

  /// - Parameter force: 0…1.
  mutating func note(_ part: Score.Part, _ beat: Double, _ beats: Double, _ key: Int, _ force: Double) {
    let start = grid.sample(at: beat)
    // A player is never quite even.
    let touch = 1 + (dice.unit() - 0.5) * 0.1
    score.add(
      Score.Note(
        part: part, start: start, length: grid.sample(at: beat + beats) - start, key: key,
        velocity: Int(min(1, force * touch) * 122)))
  }

  /// The marks of a bar's rhythm that fall into its first `length` beats.
  static func strokes(_ steps: String, _ length: Double) -> [Stroke] {
    var strokes: [Stroke] = []
    var isOpen = false
    for (index, letter) in steps.enumerated() {
      let beat = Double(index) / 4
      if beat >= length - 0.01 { break }
      if letter != ".", isOpen, let last = strokes.indices.last {
        strokes[last].length = beat - strokes[last].beat
        isOpen = false
      }
      if letter == "." || letter == "-" { continue }
      let strength =
        switch letter {
        case "X": 1.0
        case "o": 0.62
        case "g": 0.4
        default: 0.84
        }
      strokes.append(Stroke(letter: letter, beat: beat, length: length - beat, strength: strength))
      isOpen = true
    }
    return strokes
  }
}
