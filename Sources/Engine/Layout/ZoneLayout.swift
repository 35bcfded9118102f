/// Lays items into one rectangle: three rows, in each row a stack on the left, in the middle and on the
/// right.
struct ZoneLayout {
  let measurer: Measurer
  let canvas: Canvas

  /// Blocks that stand under each other, each at its own side.
  typealias Stack = [(block: Block, side: Side)]

  struct MeasuredRow {
    var stacks: [Stack] = []
    var height = 0.0

    /// True when nothing stands in the middle and nothing under anything else.
    var isOnlyCorners: Bool { stacks.allSatisfy { $0.count == 1 && $0[0].side != .centre } }
  }

  /// Every row measured at `scale`, or nil when some text cannot fit its column.
  func rows(_ items: [Item], in area: Rectangle, scale: Double) throws(EngineError) -> [Row: MeasuredRow]? {
    var result: [Row: MeasuredRow] = [:]
    for row in Row.allCases {
      let members = items.filter { $0.row == row }
      guard !members.isEmpty else { continue }
      guard let measured = try self.row(members, in: area, scale: scale) else { return nil }
      result[row] = measured
    }
    return result
  }

  /// The height of a stack with its gaps.
  private func height(of stack: Stack, scale: Double) -> Double {
    zip(stack, stack.dropFirst()).reduce(stack.reduce(0) { $0 + $1.block.height }) { sum, pair in
      sum + pair.0.block.gap(to: pair.1.block) * canvas.unit * scale
    }
  }

  /// Left and right stand side by side; as soon as something stands in the middle, all of the row stand
  /// under each other, for there is no telling how much of the width is left.
  private func row(_ items: [Item], in area: Rectangle, scale: Double) throws(EngineError) -> MeasuredRow? {
    let columns: [[Item]] =
      items.contains { $0.side == .centre }
      ? [items] : [.left, .right].map { side in items.filter { $0.side == side } }.filter { !$0.isEmpty }
    let widths = try widths(columns, in: area, scale: scale)
    var row = MeasuredRow()
    for (column, width) in zip(columns, widths) {
      var stack: Stack = []
      for item in column {
        let room = item.isText ? min(width, lineWidth(item.side, in: area)) : width
        guard let block = try measurer.measure(item, scale: scale, width: room, height: area.height) else {
          return nil
        }
        stack.append((block, item.side))
      }
      row.stacks.append(stack)
      row.height = max(row.height, height(of: stack, scale: scale))
    }
    return row
  }

  /// Columns of pictures take what they need, columns with words share the rest.
  private func widths(_ columns: [[Item]], in area: Rectangle, scale: Double) throws(EngineError) -> [Double]
  {
    guard columns.count > 1 else { return [area.width] }
    var widths: [Double?] = []
    for column in columns {
      guard column.allSatisfy({ !$0.isText }) else {
        widths.append(nil)
        continue
      }
      var widest = 0.0
      for item in column {
        let room = area.width / Double(columns.count)
        let block = try measurer.measure(item, scale: scale, width: room, height: area.height)
        widest = max(widest, block?.width ?? 0)
      }
      widths.append(widest)
    }
    let gutters = 40 * canvas.unit * Double(columns.count - 1)
    let free = area.width - gutters - widths.reduce(0) { $0 + ($1 ?? 0) }
    let share = free / Double(max(1, widths.count { $0 == nil }))
    return widths.map { $0 ?? share }
  }

  /// Long lines are hard to read: wide pictures keep words to a part of their width.
  private func lineWidth(_ side: Side, in area: Rectangle) -> Double {
    let centred = canvas.centred(area).width
    guard canvas.shape == .wide, area.width > canvas.width * 0.6 else {
      return side == .centre ? centred : area.width
    }
    return side == .centre ? centred * 0.8 : area.width * 0.56
  }

  /// The blocks of `row` with its upper edge at `top`.
  func place(
    _ row: MeasuredRow, at top: Double, align: Row, in area: Rectangle, scale: Double
  ) -> [PlacedBlock] {
    row.stacks.flatMap { stack in
      let free = row.height - height(of: stack, scale: scale)
      var y = top + (align == .top ? 0 : align == .middle ? free / 2 : free)
      return stack.enumerated().map { offset, item in
        let x =
          switch item.side {
          case .left: area.x
          case .centre: canvas.centred(area).centreX - item.block.width / 2
          case .right: area.right - item.block.width
          }
        let placed = PlacedBlock(block: item.block, x: x, y: y)
        y += item.block.height
        if offset + 1 < stack.count {
          y += item.block.gap(to: stack[offset + 1].block) * canvas.unit * scale
        }
        return placed
      }
    }
  }
}
