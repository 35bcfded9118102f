/// How far the words of one line stood out in one frame.
struct TextReading: Sendable, Hashable {
  var frame: Int
  var box: GateSubject.Box
  var ink: InkMeter.Reading
}

/// Knows in which frames to look at which words, and looks.
struct TextWatch {
  private let subject: GateSubject
  private let meter: InkMeter
  private let order: [Int: [Int]]

  /// - Parameter frames: the stretch of the film that is looked at; its frames are counted from its start.
  init(_ subject: GateSubject, rules: GateRules.Text, frames: Range<Int>) {
    self.subject = subject
    meter = InkMeter(spared: rules.spared)
    var order: [Int: [Int]] = [:]
    for (index, words) in subject.words.enumerated() {
      let steady = words.steady.clamped(to: frames)
      guard !steady.isEmpty else { continue }
      // The beginning, the middle and the end: photos move and lights drift behind words.
      let last = steady.upperBound - 1
      let first = min(steady.lowerBound + 1, last)
      for frame in Set([first, (first + last) / 2, max(first, last - 1)]) {
        order[frame - frames.lowerBound, default: []].append(index)
      }
    }
    self.order = order
  }

  /// Where there is something to look at, in their order.
  var frames: [Int] { order.keys.sorted() }

  func look(at planes: Planes, frame: Int) -> [TextReading] {
    (order[frame] ?? []).flatMap { index in
      let words = subject.words[index]
      return words.lines.compactMap { box in
        meter.read(box, size: words.size, colour: words.colour, in: planes).map {
          TextReading(frame: frame, box: box, ink: $0)
        }
      }
    }
  }
}
