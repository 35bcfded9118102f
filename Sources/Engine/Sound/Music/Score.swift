/// What is played, when and by whom: General MIDI, with times in samples.
struct Score: Sendable, Hashable {
  enum Part: Int, Sendable, Hashable, CaseIterable {
    case drums, hits, bass, chords, bed, lead
  }

  /// A preset of the soundfont and its place in the mix; controllers run from 0 to 127.
  struct Instrument: Sendable, Hashable {
    /// General MIDI programs count from 0; bank 128 holds the drum kits.
    var bank = 0
    var program: Int
    var volume: Int
    var pan = 64
    var reverb = 40
    var chorus = 0
  }

  struct Note: Sendable, Hashable {
    var part: Part
    /// In samples from the start.
    var start: Int
    var length: Int
    /// MIDI number: 60 is middle C; in drum kits, the drum.
    var key: Int
    /// 1…127.
    var velocity: Int
  }

  private(set) var notes: [Note] = []
  var instruments: [Part: Instrument]

  init(instruments: [Part: Instrument]) { self.instruments = instruments }

  mutating func add(_ note: Note) {
    guard note.start >= 0, note.length > 0, (0...127).contains(note.key) else { return }
    var note = note
    note.velocity = min(127, max(1, note.velocity))
    notes.append(note)
  }

  /// Takes away what begins at or after `sample`, and ends there what sounds on.
  mutating func end(at sample: Int) {
    notes.removeAll { $0.start >= sample }
    for index in notes.indices {
      notes[index].length = min(notes[index].length, sample - notes[index].start)
    }
  }

  /// In order of time. A key struck twice at once is struck once, the harder way; one struck again is let go
  /// just before, or its earlier end would silence the new note.
  func ordered(gap: Int) -> [Note] {
    struct Key: Hashable {
      var part: Part
      var key: Int
    }
    func stands(_ a: Note, before b: Note) -> Bool {
      (a.start, a.part.rawValue, a.key, -a.velocity, a.length)
        < (b.start, b.part.rawValue, b.key, -b.velocity, b.length)
    }
    var result: [Note] = []
    var last: [Key: Int] = [:]
    for note in notes.sorted(by: stands) {
      let key = Key(part: note.part, key: note.key)
      if let before = last[key] {
        let room = note.start - result[before].start
        if room < gap { continue }
        result[before].length = min(result[before].length, max(gap, room - gap))
      }
      last[key] = result.count
      result.append(note)
    }
    return result
  }
}
