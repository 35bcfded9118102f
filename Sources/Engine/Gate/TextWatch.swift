/// Which frames to look at for which words, and what was read there.
struct TextWatch {
  struct Sample: Hashable {
    var words: Int
    var line: Int
    var frame: Int
    var reading: InkMeter.Reading
  }

  private let subject: GateSubject
  private let meter: InkMeter
  private let order: [Int: [Int]]
  private(set) var samples: [Sample] = []

  init(_ subject: GateSubject, rules: GateRules.Text) {
    self.subject = subject
    meter = InkMeter(spared: rules.spared)
    var order: [Int: [Int]] = [:]
    for (index, words) in subject.words.enumerated() where !words.steady.isEmpty {
      // The beginning, the middle and the end: photos move and lights drift behind words.
      let last = words.steady.upperBound - 1
      let first = min(words.steady.lowerBound + 1, last)
      for frame in Set([first, (first + last) / 2, max(first, last - 1)]) {
        order[frame, default: []].append(index)
      }
    }
    self.order = order
  }

  func wants(_ frame: Int) -> Bool { order[frame] != nil }

  mutating func look(at planes: Planes, frame: Int) {
    for index in order[frame] ?? [] {
      let words = subject.words[index]
      for (line, box) in words.lines.enumerated() {
        if let reading = meter.read(box, size: words.size, colour: words.colour, in: planes) {
          samples.append(Sample(words: index, line: line, frame: frame, reading: reading))
        }
      }
    }
  }
}

/// Everything about words and marks: the layout's figures and what was read from the picture.
struct TextCheck {
  let rules: GateRules.Text
  let subject: GateSubject
  let frameRate: Double

  func check(_ samples: [TextWatch.Sample], _ log: inout FindingLog) {
    let grouped = Dictionary(grouping: samples) { $0.words }
    for (index, words) in subject.words.enumerated() {
      checkSize(words, &log)
      checkTime(words, &log)
      for (number, box) in words.lines.enumerated() {
        checkZone(box, "line \(number + 1) of \"\(short(words.text))\"", words.shown, &log)
      }
      checkContrast(words, grouped[index] ?? [], &log)
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
      "\"\(short(words.text))\" is set at \(Figure.text(words.size)) px, \(subject.placement.id) needs "
        + "\(Figure.text(smallest)) px to be read; say it in fewer words")
  }

  private func checkTime(_ words: GateSubject.Words, _ log: inout FindingLog) {
    let seconds = Double(words.shown.count) / frameRate
    if seconds < rules.shortest.seconds - 0.5 / frameRate {
      log.add(
        .textBrief, frames: words.shown, measured: seconds, threshold: rules.shortest.seconds, unit: "s",
        "\"\(short(words.text))\" can be seen for \(Figure.text(seconds)) s only; nobody can catch it: "
          + "let it enter sooner or its scene last longer")
      return
    }
    let needed = ReadingTime.words(in: words.text) * rules.word.seconds
    if seconds < needed - 0.5 / frameRate {
      log.add(
        .textHurried, frames: words.shown, measured: seconds, threshold: needed, unit: "s",
        "\"\(short(words.text))\" can be seen for \(Figure.text(seconds)) s, reading it takes "
          + "\(Figure.text(needed)) s; shorten it or let its scene last longer")
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
      "\(name) reaches \(Figure.text(over.1)) px beyond the safe zone of \(placement.id) at the \(over.0), "
        + "where the platform's own buttons and captions lie; move it inwards")
  }

  private func checkContrast(
    _ words: GateSubject.Words, _ samples: [TextWatch.Sample], _ log: inout FindingLog
  ) {
    guard let worst = samples.min(by: { $0.reading.contrast < $1.reading.contrast }) else { return }
    let isLarge = words.size >= (words.isBold ? rules.largeBold : rules.large) * unit
    let goal = isLarge ? rules.largeContrast : rules.contrast
    if worst.reading.contrast < goal * (1 - rules.tolerance) {
      log.add(
        .textContrast, frames: worst.frame..<worst.frame + 1, measured: worst.reading.contrast,
        threshold: goal, unit: ":1",
        "\"\(short(words.text))\" stands out from its background by \(Figure.text(worst.reading.contrast)):1 "
          + "in frame \(worst.frame), it needs \(Figure.text(goal)):1; darken or lighten one of them")
    } else if words.colour != nil, let faint = samples.min(by: { $0.reading.ink < $1.reading.ink }),
      faint.reading.ink < 0.012
    {
      log.add(
        .textAbsent, frames: faint.frame..<faint.frame + 1, measured: faint.reading.ink, threshold: 0.012,
        unit: "area",
        "\"\(short(words.text))\" is not to be seen where it belongs in frame \(faint.frame); look for a layer "
          + "that covers it or a missing font")
    }
  }

  private func short(_ text: String) -> String { text.count > 40 ? "\(text.prefix(39))…" : text }
}

/// How long texts take to read, in words.
enum ReadingTime {
  /// Words between spaces; scripts that write without them count each ideograph or syllable for half a word
  /// and letters of Thai, Lao, Khmer and Burmese for a fifth.
  static func words(in text: String) -> Double {
    var count = 0.0
    for part in text.split(whereSeparator: \.isWhitespace) {
      var (dense, unspaced, other) = (0, 0, false)
      for scalar in part.unicodeScalars {
        switch scalar.value {
        case 0x3040...0x30FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x323AF: dense += 1
        case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF: unspaced += 1
        default: if scalar.properties.isAlphabetic || scalar.properties.numericType != nil { other = true }
        }
      }
      count += Double(dense) / 2 + Double(unspaced) / 5 + (other ? 1 : 0)
    }
    return count
  }
}
