extension Style {
  static func of(_ mood: Music.Mood) -> Style {
    switch mood {
    case .airy: airy
    case .pulse: pulse
    case .plucked: plucked
    case .warm: warm
    case .bold: bold
    }
  }

  private static func kit(_ program: Int, volume: Int, reverb: Int) -> [Score.Part: Score.Instrument] {
    let kit = Score.Instrument(bank: 128, program: program, volume: volume, reverb: reverb)
    var hits = kit
    hits.volume = min(127, volume + 6)
    hits.reverb = reverb + 20
    return [.drums: kit, .hits: hits]
  }

  /// Wide and light: a warm pad, a celesta, hardly a drum.
  private static let airy = Style(
    scale: Harmony.major, progressions: [[1, 5, 6, 4], [4, 1, 5, 6], [1, 3, 4, 1], [6, 4, 1, 5]], tones: 4,
    instruments: kit(40, volume: 78, reverb: 60).merging([
      .bass: .init(program: 35, volume: 92, reverb: 20),
      .chords: .init(program: 11, volume: 104, pan: 52, reverb: 70),
      .bed: .init(program: 89, volume: 62, pan: 64, reverb: 70, chorus: 20),
      .lead: .init(program: 8, volume: 112, pan: 76, reverb: 80),
    ]) { $1 },
    light: [Line(.shaker, "o...g...o...g..."), Line(.triangle, "o...............")],
    full: [
      Line(.shaker, "x.g.o.g.x.g.o.g."), Line(.kick, "x.......o......."),
      Line(.sideStick, "............o..."),
    ],
    bass: ["R...............", "R.......5......."],
    chords: ["o.o.o.o.o.o.o.o.", "x..o..o.x..o..o."], chording: .broken,
    lead: ["x.......o...x...", "x...o.......x...", "....x...o...x..."], leadFrom: 0.7,
    hit: [.crash: 0.62, .triangle: 0.8, .kick: 0.7], softHit: [.splash: 0.5, .triangle: 0.7],
    fill: [Line(.shaker, "ooxx")])

  /// On the floor: synthesised bass, a kick on every beat.
  private static let pulse = Style(
    scale: Harmony.minor, progressions: [[1, 6, 3, 7], [1, 7, 6, 7], [6, 7, 1, 1], [1, 3, 7, 6]], tones: 3,
    instruments: kit(25, volume: 112, reverb: 16).merging([
      .bass: .init(program: 38, volume: 108, reverb: 4),
      .chords: .init(program: 90, volume: 70, pan: 54, reverb: 50, chorus: 40),
      .bed: .init(program: 50, volume: 64, reverb: 60, chorus: 30),
      .lead: .init(program: 80, volume: 66, pan: 74, reverb: 56, chorus: 20),
    ]) { $1 },
    light: [Line(.kick, "X...X...X...X..."), Line(.closedHat, "..o...o...o...o.")],
    full: [
      Line(.kick, "X...X...X...X..."), Line(.clap, "....x.......x..."),
      Line(.closedHat, "g.x.g.x.g.x.g.xo"), Line(.openHat, "..o...o...o...o."),
    ],
    bass: ["--R.--R.--R.--8.", "R-R-8-R-R-R-8-5-"],
    chords: ["x--x--x-x--x--x-", "x.--x.--x--x--x-"], chording: .block(strum: 0),
    lead: ["x-x-x--x--x-x---", "x--x--x-x-x-x-x-", "x-o-x-o-x--o--x-"], leadFrom: 0.75,
    hit: [.crash: 0.9, .kick: 1, .lowTom: 0.5], softHit: [.crash: 0.55, .kick: 0.8],
    fill: [Line(.snare, "oxxX"), Line(.clap, "..ox")])

  /// Strings picked by hand: guitar, pizzicato, double bass.
  private static let plucked = Style(
    scale: Harmony.major, progressions: [[1, 5, 6, 4], [1, 4, 6, 5], [1, 6, 2, 5], [4, 5, 1, 6]], tones: 3,
    instruments: kit(0, volume: 86, reverb: 26).merging([
      .bass: .init(program: 32, volume: 100, reverb: 10),
      .chords: .init(program: 25, volume: 98, pan: 48, reverb: 34),
      .bed: .init(program: 48, volume: 58, pan: 64, reverb: 56),
      .lead: .init(program: 12, volume: 100, pan: 78, reverb: 44),
    ]) { $1 },
    light: [Line(.shaker, "o.g.o.g.o.g.o.g."), Line(.kick, "x.......o.......")],
    full: [
      Line(.kick, "X.......x.x....."), Line(.clap, "....x.......x..."),
      Line(.shaker, "x.o.x.o.x.o.x.o."), Line(.tambourine, "....o.......o..."),
    ],
    bass: ["R.......5.......", "R.....R.5...8..."],
    chords: ["x.o.x.o.x.o.x.oo", "x..ox.o.x..ox.o."], chording: .broken,
    lead: ["x.x.x...x.x.o...", "x..x..x.x...o...", "x.o.x.o.x...x..."], leadFrom: 0.7,
    hit: [.crash: 0.7, .kick: 0.95, .clap: 0.7], softHit: [.splash: 0.55, .kick: 0.7],
    fill: [Line(.clap, ".oxx"), Line(.shaker, "xxxx")])

  /// An evening: electric piano in sevenths, brushes, a walking bass.
  private static let warm = Style(
    scale: Harmony.major, progressions: [[1, 6, 2, 5], [4, 3, 2, 1], [2, 5, 1, 6], [1, 4, 3, 6]], tones: 4,
    instruments: kit(40, volume: 100, reverb: 30).merging([
      .bass: .init(program: 33, volume: 104, reverb: 8),
      .chords: .init(program: 4, volume: 96, pan: 54, reverb: 44, chorus: 30),
      .bed: .init(program: 49, volume: 58, reverb: 60),
      .lead: .init(program: 11, volume: 90, pan: 76, reverb: 54),
    ]) { $1 },
    light: [Line(.kick, "x.......o......."), Line(.closedHat, "o...o...o...o...")],
    full: [
      Line(.kick, "x.....o.x......."), Line(.snare, "....x.......x..g"),
      Line(.ride, "x...x.o.x...x.o."), Line(.shaker, "..o...o...o...o."),
    ],
    bass: ["R.......5.....8.", "R...8...5...8..."],
    chords: ["x.....o.........", "x.....x...o....."], chording: .block(strum: 0.014),
    lead: ["x...o.x.....o...", "..x.o...x.o.....", "x.....o.x......."], leadFrom: 0.75,
    hit: [.crash: 0.66, .kick: 0.9, .snare: 0.4], softHit: [.ride: 0.7, .kick: 0.7],
    fill: [Line(.snare, "goox")])

  /// Everything at once: brass, driven guitar, the big kit.
  private static let bold = Style(
    scale: Harmony.minor, progressions: [[1, 6, 7, 1], [1, 7, 6, 5], [1, 3, 6, 7], [1, 1, 6, 7]], tones: 3,
    instruments: kit(16, volume: 118, reverb: 22).merging([
      .bass: .init(program: 34, volume: 110, reverb: 4),
      .chords: .init(program: 61, volume: 92, pan: 56, reverb: 44),
      .bed: .init(program: 29, volume: 60, pan: 40, reverb: 24),
      .lead: .init(program: 56, volume: 78, pan: 76, reverb: 50),
    ]) { $1 },
    light: [Line(.kick, "X.......X......."), Line(.lowTom, "x..x..x.x..x..x.")],
    full: [
      Line(.kick, "X.....x.X.x....."), Line(.snare, "....X.......X..o"),
      Line(.closedHat, "x.o.x.o.x.o.x.o."),
    ],
    bass: ["R-R-R-R-R-R-R-8-", "R.R-R-R-5.5-8-5-"],
    chords: ["X--x--x---------", "X--x--x-x.--x---"], chording: .block(strum: 0),
    lead: ["x..x..x.x.......", "x...x...x.x.x...", "x.x.x.....x.x..."], leadFrom: 0.85,
    hit: [.crash: 1, .kick: 1, .lowTom: 0.8], softHit: [.crash: 0.7, .kick: 0.9],
    fill: [Line(.highTom, "xx.."), Line(.midTom, "..x."), Line(.lowTom, "...X"), Line(.snare, "oxxX")])
}
