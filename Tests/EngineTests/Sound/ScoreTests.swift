import Testing

@testable import Engine

@Suite struct ScoreTests {
  @Test func cutsLieOnBeatsWithoutBendingTheTempoAudibly() {
    let cuts = [2.0, 4.1, 6.9, 7.1, 11.3]
    let grid = BeatGrid(tempo: 112, cuts: cuts, duration: 15)
    #expect(grid.cuts.map(\.second) == cuts)
    for cut in grid.cuts where cut.isOnBeat {
      #expect((cut.beat * 2).rounded() == cut.beat * 2)
      #expect(abs(grid.second(at: cut.beat) - cut.second) < 1e-9)
    }
    #expect(grid.cuts.map(\.isOnBeat) == [true, true, true, false, true])
    var last = 0.0
    for beat in stride(from: 0.5, to: grid.beats, by: 0.5) {
      let second = grid.second(at: beat)
      #expect(abs((second - last) / (grid.period / 2) - 1) <= 0.0701, "beat \(beat)")
      #expect(abs(grid.beat(at: second) - beat) < 1e-9)
      last = second
    }
  }

  @Test func aTempoThatCarriesTheCutsIsLeftAlone() {
    let grid = BeatGrid(tempo: 120, cuts: [2, 4.5], duration: 6)
    #expect(grid.cuts.map(\.beat) == [4, 9] && grid.beats == 12)
  }

  @Test(arguments: Music.Mood.allCases)
  func everyCutHasAHitAtItsVerySampleAndTheScoreEndsBeforeTheAd(mood: Music.Mood) {
    for (tempo, seconds) in [(60, 5.0), (111, 15), (180, 60)] {
      let cuts = stride(from: 1.7, to: seconds, by: 2.9).map { Soundtrack.Cut(at: .seconds($0)) }
      let arranger = Arranger(
        Music(mood: mood, tempo: tempo, seed: 5), cuts: cuts, duration: .seconds(seconds))
      let notes = arranger.score.ordered(gap: 128)
      for cut in cuts {
        #expect(notes.contains { $0.part == .hits && $0.start == cut.at.samples }, "\(mood) \(cut)")
      }
      #expect(notes.allSatisfy { $0.start >= 0 && $0.start < Int(seconds * 48_000) && $0.length > 0 })
      #expect(Set(notes.map(\.part)).isSuperset(of: [.drums, .bass, .chords, .hits]))
      let ring = seconds - arranger.grid.second(at: arranger.form.ending)
      #expect(ring > 0.6 && ring < 4.2, "\(mood) \(tempo): the last chord rings \(ring) s of \(seconds)")
    }
  }

  @Test func sectionsFollowScenesAndGrow() {
    let grid = BeatGrid(tempo: 120, cuts: [4, 8, 12], duration: 16)
    let form = SongForm(grid)
    let sections = form.phrases.filter(\.opensSection)
    #expect(sections.map(\.start) == [0, 8, 16, 24])
    #expect(sections[0].energy < sections[1].energy && sections[1].energy < sections[2].energy)
    #expect(form.ending >= 26 && form.ending <= 30)
    let ends = zip(form.phrases, form.phrases.dropFirst()).allSatisfy { abs($0.end - $1.start) < 1e-9 }
    #expect(ends)
  }

  @Test func chordsMoveBySmallSteps() {
    let harmony = Harmony(key: 38, scale: Harmony.major)
    var before: [Int]?
    for degree in [1, 5, 6, 4, 2, 5, 3, 1] {
      let chord = harmony.chord(degree, tones: 4, after: before)
      #expect(chord.tones.count == 4 && chord.tones == chord.tones.sorted())
      #expect(chord.tones.allSatisfy { (48...84).contains($0) })
      for tone in chord.tones { #expect(harmony.scale.contains(((tone - 38) % 12 + 12) % 12)) }
      if let before { #expect(zip(before, chord.tones).allSatisfy { abs($0 - $1) <= 7 }) }
      before = chord.tones
    }
  }

  @Test func aKeyStruckAgainIsLetGoFirst() {
    var score = Score(instruments: [:])
    score.add(.init(part: .bass, start: 0, length: 5000, key: 40, velocity: 90))
    score.add(.init(part: .bass, start: 2000, length: 1000, key: 40, velocity: 90))
    score.add(.init(part: .bass, start: 2000, length: 1000, key: 40, velocity: 70))
    score.add(.init(part: .lead, start: 1000, length: 5000, key: 40, velocity: 400))
    let notes = score.ordered(gap: 128)
    #expect(notes.map(\.start) == [0, 1000, 2000] && notes[0].length == 1872 && notes[1].length == 5000)
    #expect(notes.map(\.velocity) == [90, 127, 90])
  }
}
