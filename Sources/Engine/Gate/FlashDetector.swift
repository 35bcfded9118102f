/// Counts flashes place by place. WCAG 2.2, success criterion 2.3.1 and the definition "general flash and red
/// flash thresholds": a general flash is a pair of opposing changes in relative luminance of at least 10 % of
/// the maximum with the darker state below 0.80; a red flash a pair of opposing transitions involving a
/// saturated red. More than three in any second over more than a quarter of a field of 10 degrees fail.
struct FlashDetector {
  /// Stretches of frames with the most flashes a second in them and the share of the worst field.
  struct Run: Hashable {
    var frames: Range<Int>
    var perSecond: Double
    var area: Double
  }

  private let rules: GateRules.Flash
  private let grid: CellGrid
  private let colours: ColourModel
  private let windowFrames: Int
  private var general: [TransitionCounter]
  private var reds: [RedCounter]
  private var generalTurns: [TurnHistory]
  private var redTurns: [TurnHistory]
  private var before: FrameCells?
  private(set) var generalRuns: [Run] = []
  private(set) var redRuns: [Run] = []

  init(_ rules: GateRules.Flash, grid: CellGrid, colours: ColourModel, frameRate: Double) {
    self.rules = rules
    self.grid = grid
    self.colours = colours
    // A second is remembered bit by bit; films of more than 64 frames a second are seen over less.
    windowFrames = min(64, max(2, Int(frameRate.rounded())))
    general = [TransitionCounter](repeating: TransitionCounter(), count: grid.count)
    reds = [RedCounter](repeating: RedCounter(), count: grid.count)
    generalTurns = [TurnHistory](repeating: TurnHistory(), count: grid.count)
    redTurns = generalTurns
  }

  mutating func take(_ cells: FrameCells, frame: Int) {
    guard cells != before else { return }
    let (change, darker) = (Float(rules.change), Float(rules.darker))
    let (redShare, redLeast, redDistance) = (
      Float(rules.redShare), Float(rules.redLeast), Float(rules.redDistance)
    )
    let limit = rules.perSecond * 2
    var (isHot, isRedHot) = (false, false)
    for index in 0..<grid.count {
      let (luma, blue, red) = (cells.luma[index], cells.blue[index], cells.red[index])
      if let before, before.luma[index] == luma, before.blue[index] == blue, before.red[index] == red {
        continue
      }
      let light = colours.linear(luma, blue, red)
      let turned = general[index].take(ColourModel.luminance(light), change: change, darker: darker)
      if turned, generalTurns[index].add(frame, window: windowFrames) > limit { isHot = true }
      if reds[index].take(light, share: redShare, least: redLeast, distance: redDistance),
        redTurns[index].add(frame, window: windowFrames) > limit
      {
        isRedHot = true
      }
    }
    before = cells
    // Only a new transition can make things worse.
    if isHot { Self.note(frame, generalTurns, windowFrames, rules, grid, &generalRuns) }
    if isRedHot { Self.note(frame, redTurns, windowFrames, rules, grid, &redRuns) }
  }

  /// Adds `frame` to the run it belongs to when its worst field flashes over too much of it.
  private static func note(
    _ frame: Int, _ turns: [TurnHistory], _ window: Int, _ rules: GateRules.Flash, _ grid: CellGrid,
    _ runs: inout [Run]
  ) {
    let limit = rules.perSecond * 2
    let counts = turns.map { $0.count(at: frame, window: window) }
    let area = worstField(counts.map { $0 > limit }, grid, rules)
    guard area > rules.area else { return }
    let perSecond = Double(counts.max() ?? 0) / 2
    let hot = zip(turns, counts).filter { $0.1 > limit }
    let start = max(0, hot.map { $0.0.first(at: frame, window: window) }.min() ?? frame)
    if let last = runs.last, last.frames.upperBound >= start {
      runs[runs.count - 1] = Run(
        frames: last.frames.lowerBound..<frame + 1, perSecond: max(last.perSecond, perSecond),
        area: max(last.area, area))
    } else {
      runs.append(Run(frames: start..<frame + 1, perSecond: perSecond, area: area))
    }
  }

  /// The largest share of any field that `hot` covers, by sums over all rectangles from the top left.
  private static func worstField(_ hot: [Bool], _ grid: CellGrid, _ rules: GateRules.Flash) -> Double {
    let (columns, rows) = (grid.columns, grid.rows)
    let width = min(columns, max(1, Int((Double(columns) * rules.fieldWidth).rounded())))
    let height = min(rows, max(1, Int((Double(rows) * rules.fieldHeight).rounded())))
    let stride = columns + 1
    var sums = [Int](repeating: 0, count: stride * (rows + 1))
    for row in 0..<rows {
      for column in 0..<columns {
        let above = sums[row * stride + column + 1] + sums[(row + 1) * stride + column]
        sums[(row + 1) * stride + column + 1] =
          above - sums[row * stride + column] + (hot[row * columns + column] ? 1 : 0)
      }
    }
    var most = 0
    for row in 0...(rows - height) {
      for column in 0...(columns - width) {
        let (top, bottom) = (row * stride, (row + height) * stride)
        let count =
          sums[bottom + column + width] - sums[bottom + column] - sums[top + column + width]
          + sums[top + column]
        most = max(most, count)
      }
    }
    return Double(most) / Double(width * height)
  }
}
