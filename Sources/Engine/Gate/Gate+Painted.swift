extension Gate {
  /// What can be said of frames as they were painted: black, frozen, flicker, flashes, words. For files that are
  /// no films and are not read back: moving pictures without sound.
  func judge(_ tape: PictureTape, as subject: GateSubject) -> GateReport {
    var log = FindingLog(rules)
    let rate = Double(Engine.framesPerSecond)
    var picture = PictureCheck(
      rules, grid: tape.grid, colours: tape.colours, stills: subject.stills, frameRate: rate)
    for cells in tape.frames { picture.take(cells) }
    picture.finish(&log)
    TextCheck(rules: rules.text, subject: subject, frameRate: rate).check(tape.readings, &log)
    return GateReport(findings: log.sorted, facts: nil)
  }
}
