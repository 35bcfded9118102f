/// Finds unsteady light that is no flash yet, and single frames that do not belong between their neighbours
/// (the mark of a wrong frame at a join).
struct FlickerDetector {
  struct Run: Hashable {
    var frames: Range<Int>
    /// Turns up and down, as pairs in a second; or the share of the picture that blinks.
    var measured: Double
  }

  private let rules: GateRules.Flicker
  private let windowFrames: Int
  private let range: Double
  private var mean = TransitionCounter()
  private var turns = TurnHistory()
  private var last: FrameCells?
  private var beforeLast: FrameCells?
  private(set) var flickers: [Run] = []
  private(set) var blinks: [Run] = []

  init(_ rules: GateRules.Flicker, colours: ColourModel, frameRate: Double) {
    self.rules = rules
    range = colours.range
    windowFrames = min(64, max(2, Int(frameRate.rounded())))
  }

  mutating func take(_ cells: FrameCells, frame: Int) {
    if mean.take(Float(cells.meanLuma / range), change: Float(rules.step), darker: 2) {
      note(frame, turns.add(frame, window: windowFrames))
    }
    if let last, let beforeLast {
      let area = blinking(beforeLast, last, cells)
      if area >= rules.blinkArea { blinks.append(Run(frames: frame - 1..<frame, measured: area)) }
    }
    (beforeLast, last) = (last, cells)
  }

  private mutating func note(_ frame: Int, _ turns: Int) {
    if turns > rules.perSecond * 2 {
      let start = max(0, self.turns.first(at: frame, window: windowFrames))
      if let run = flickers.last, run.frames.upperBound >= start {
        flickers[flickers.count - 1] = Run(
          frames: run.frames.lowerBound..<frame + 1, measured: max(run.measured, Double(turns) / 2))
      } else {
        flickers.append(Run(frames: start..<frame + 1, measured: Double(turns) / 2))
      }
    }
  }

  /// The share of places that leave their luma for the middle frame only.
  private func blinking(_ a: FrameCells, _ b: FrameCells, _ c: FrameCells) -> Double {
    let step = Int(rules.blinkStep * range)
    let back = max(2, step / 4)
    var count = 0
    a.luma.withUnsafeBufferPointer { a in
      b.luma.withUnsafeBufferPointer { b in
        c.luma.withUnsafeBufferPointer { c in
          for index in 0..<min(a.count, b.count, c.count) {
            let (first, middle, third) = (Int(a[index]), Int(b[index]), Int(c[index]))
            if abs(middle &- first) >= step, abs(middle &- third) >= step, abs(first &- third) <= back {
              count &+= 1
            }
          }
        }
      }
    }
    return Double(count) / Double(max(1, b.luma.count))
  }
}
