/// Finds stretches of black frames.
struct BlackDetector {
  private let rules: GateRules.Black
  private let limit: UInt8
  private let longest: Int
  private var start: Int?
  private(set) var runs: [Range<Int>] = []

  init(_ rules: GateRules.Black, colours: ColourModel, frameRate: Double) {
    self.rules = rules
    limit = UInt8(min(255, colours.black + rules.luma * colours.range))
    longest = max(1, Int((rules.longest.seconds * frameRate).rounded()))
  }

  mutating func take(_ cells: FrameCells, frame: Int) {
    let dark = cells.luma.withUnsafeBufferPointer { luma in
      var count = 0
      for value in luma where value <= limit { count &+= 1 }
      return count
    }
    if Double(dark) >= rules.area * Double(cells.luma.count) {
      if start == nil { start = frame }
    } else {
      finish(at: frame)
    }
  }

  /// Ends with the first frame that is not there.
  mutating func finish(at frame: Int) {
    if let start, frame - start >= longest { runs.append(start..<frame) }
    start = nil
  }
}

/// Finds stretches in which nothing moves: every frame is held against the first of the stretch, so that slow
/// moves are moves.
struct FrozenDetector {
  private let rules: GateRules.Frozen
  private let longest: Int
  private let stills: [Range<Int>]
  private var reference: (cells: FrameCells, frame: Int)?
  private(set) var runs: [Range<Int>] = []

  /// - Parameter stills: frames that are meant to equal the one before.
  init(_ rules: GateRules.Frozen, stills: [Range<Int>], frameRate: Double) {
    self.rules = rules
    self.stills = stills
    longest = max(2, Int((rules.longest.seconds * frameRate).rounded()))
  }

  mutating func take(_ cells: FrameCells, frame: Int) {
    if let first = reference {
      let change = first.cells.change(to: cells)
      if change.mean <= rules.noise * 255, Double(change.largest) <= rules.place * 255 { return }
      finish(at: frame)
    }
    reference = (cells, frame)
  }

  mutating func finish(at frame: Int) {
    guard let start = reference?.frame else { return }
    reference = nil
    let meant = stills.reduce(0) { $0 + $1.clamped(to: start..<frame).count }
    if frame - start - meant >= longest { runs.append(start..<frame) }
  }
}
