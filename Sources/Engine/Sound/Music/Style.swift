/// How a mood plays: who, which chords, which rhythms. Rhythms are bars of 16 steps:
/// `X` hard, `x` normal, `o` soft, `g` barely; `.` holds what sounds, `-` ends it.
struct Style: Sendable {
  struct Line: Sendable, Hashable {
    var drum: Drum
    var steps: String
    init(_ drum: Drum, _ steps: String) {
      self.drum = drum
      self.steps = steps
    }
  }

  /// Keys of General MIDI's percussion map.
  enum Drum: Int, Sendable, Hashable {
    case kick = 36
    case sideStick = 37
    case snare = 38
    case clap = 39
    case lowTom = 43
    case closedHat = 42
    case openHat = 46
    case midTom = 47
    case highTom = 50
    case crash = 49
    case ride = 51
    case tambourine = 54
    case splash = 55
    case maracas = 70
    case shaker = 82
    case triangle = 81
  }

  /// How chords are played.
  enum Chording: Sendable, Hashable {
    /// All tones together, each `strum` seconds after the one below.
    case block(strum: Double)
    /// One tone after the other, up and down.
    case broken
  }

  var scale: [Int]
  /// Degrees of the scale, a chord a bar.
  var progressions: [[Int]]
  /// Tones of a chord: 3, 4 or 5.
  var tones: Int
  var instruments: [Score.Part: Score.Instrument]
  /// What the drums play below and above half energy.
  var light: [Line]
  var full: [Line]
  /// `R` root, `5` fifth, `8` octave.
  var bass: [String]
  var chords: [String]
  var chording: Chording
  /// Rhythms a melody may take.
  var lead: [String]
  /// How low the energy may be for a melody to play.
  var leadFrom: Double
  /// Drums struck on a cut, with their strength 0…1.
  var hit: [Drum: Double]
  var softHit: [Drum: Double]
  /// The run into a new section, over its last beat.
  var fill: [Line]
}
