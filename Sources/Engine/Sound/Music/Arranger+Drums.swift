extension Arranger {
  /// Below this many seconds a step, hands do not play every step.
  private static let shortestStep = 0.085

  mutating func drums(_ phrase: SongForm.Phrase, fills: Bool) {
    let lines = phrase.energy < 0.7 ? style.light : style.full
    let isFast = grid.period / 4 < Self.shortestStep
    // The run into the next section takes the last beat.
    let fillStart = fills && phrase.length >= 4 ? phrase.end - 1 : phrase.end
    var at = phrase.start
    while phrase.end - at > 0.01 {
      let length = min(4, phrase.end - at)
      for line in lines {
        for stroke in Self.strokes(line.steps, length) where at + stroke.beat < fillStart - 0.01 {
          let isBetween = Int((stroke.beat * 4).rounded()) % 2 == 1
          if isFast, isBetween, stroke.strength < 0.8 { continue }
          strike(line.drum, at + stroke.beat, stroke.strength * (0.72 + 0.28 * phrase.energy))
        }
      }
      at += length
    }
    guard fillStart < phrase.end else { return }
    for line in style.fill {
      for stroke in Self.strokes(line.steps, 1) {
        strike(line.drum, fillStart + stroke.beat, stroke.strength)
      }
    }
  }

  private mutating func strike(_ drum: Style.Drum, _ beat: Double, _ force: Double) {
    note(.drums, beat, drum == .crash || drum == .ride || drum == .openHat ? 2 : 0.5, drum.rawValue, force)
  }
}
