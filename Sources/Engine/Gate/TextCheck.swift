/// Everything about words and marks: the layout's figures and what was read from the picture.
struct TextCheck {
  let rules: GateRules.Text
  let subject: GateSubject
  let frameRate: Double

  func check(_ readings: [TextReading], _ log: inout FindingLog) {
    for words in subject.words {
      checkSize(words, &log)
      checkTime(words, &log)
      for (number, box) in words.lines.enumerated() {
        checkZone(box, "line \(number + 1) of \"\(short(words.text))\"", words.shown, &log)
      }
      // A tape that was kept knows lines by their place alone.
      let own = readings.filter { reading in
        words.shown.contains(reading.frame) && words.lines.contains { $0.isNear(reading.box) }
      }
      checkContrast(words, own, &log)
    }
    for mark in subject.marks { checkZone(mark.box, mark.name, mark.shown, &log) }
  }

  private var unit: Double { Double(min(subject.placement.width, subject.placement.height)) / 1080 }

  private func checkSize(_ words: GateSubject.Words, _ log: inout FindingLog) {
    let smallest = (subject.placement.rules.smallestText ?? rules.smallest) * unit
    // Sizes come from a ladder of floating-point steps.
    guard words.size < smallest - 0.01 else { return }
    log.add(
      .textSmall, frames: words.shown, measured: words.size, threshold: smallest, unit: "px",
      "\"\(short(words.text))\" is set at \(Quantity.text(words.size)) px, \(subject.placement.id) needs "
        + "\(Quantity.text(smallest)) px to be read; say it in fewer words")
  }

  private func checkTime(_ words: GateSubject.Words, _ log: inout FindingLog) {
    let seconds = Double(words.shown.count) / frameRate
    if seconds < rules.shortest.seconds - 0.5 / frameRate {
      log.add(
        .textBrief, frames: words.shown, measured: seconds, threshold: rules.shortest.seconds, unit: "s",
        "\"\(short(words.text))\" can be seen for \(Quantity.text(seconds)) s only; nobody can catch it: "
          + "let it enter sooner or its scene last longer")
      return
    }
    let needed = ReadingTime.words(in: words.text) * rules.word.seconds
    if seconds < needed - 0.5 / frameRate {
      log.add(
        .textHurried, frames: words.shown, measured: seconds, threshold: needed, unit: "s",
        "\"\(short(words.text))\" can be seen for \(Quantity.text(seconds)) s, reading it takes "
          + "\(Quantity.text(needed)) s; shorten it or let its scene last longer")
    }
  }

  private func checkZone(
    _ box: GateSubject.Box, _ name: String, _ frames: Range<Int>, _ log: inout FindingLog
  ) {
    let placement = subject.placement
    let zone = placement.safeZone
    let over = [
      ("left", Double(zone.left) - box.x), ("top", Double(zone.top) - box.y),
      ("right", box.right - Double(placement.width - zone.right)),
      ("bottom", box.bottom - Double(placement.height - zone.bottom)),
    ].max { $0.1 < $1.1 }
    // Ink is measured in fractions of a pixel.
    guard let over, over.1 > 1 else { return }
    log.add(
      .safeZone, frames: frames, measured: over.1, threshold: 0, unit: "px",
      "\(name) reaches \(Quantity.text(over.1)) px beyond the safe zone of \(placement.id) at the \(over.0), "
        + "where the platform's own buttons and captions lie; move it inwards")
  }

  private func checkContrast(
    _ words: GateSubject.Words, _ readings: [TextReading], _ log: inout FindingLog
  ) {
    guard let worst = readings.min(by: { $0.ink.contrast < $1.ink.contrast }) else { return }
    let isLarge = words.size >= (words.isBold ? rules.largeBold : rules.large) * unit
    let goal = isLarge ? rules.largeContrast : rules.contrast
    if worst.ink.contrast < goal * (1 - rules.tolerance) {
      log.add(
        .textContrast, frames: worst.frame..<worst.frame + 1, measured: worst.ink.contrast,
        threshold: goal, unit: ":1",
        "\"\(short(words.text))\" stands out from its background by \(Quantity.text(worst.ink.contrast)):1 "
          + "in frame \(worst.frame), it needs \(Quantity.text(goal)):1; darken or lighten one of them")
    } else if words.colour != nil, let faint = readings.min(by: { $0.ink.share < $1.ink.share }),
      faint.ink.share < 0.012
    {
      log.add(
        .textAbsent, frames: faint.frame..<faint.frame + 1, measured: faint.ink.share, threshold: 0.012,
        unit: "area",
        "\"\(short(words.text))\" is not to be seen where it belongs in frame \(faint.frame); look for a layer "
          + "that covers it or a missing font")
    }
  }

  private func short(_ text: String) -> String { text.count > 40 ? "\(text.prefix(39))…" : text }
}
