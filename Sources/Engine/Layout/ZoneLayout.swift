/// Lays items into one rectangle: three rows, in each row a stack on the left, in the middle and on the
/// right.
struct ZoneLayout {
  let measurer: Measurer
  let canvas: Canvas

  struct MeasuredRow {
    var stacks: [(side: Side, blocks: [Block])] = []
    var height = 0.0
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

  /// The height of a stack of blocks with its gaps.
  func height(of blocks: [Block], scale: Double) -> Double {
    zip(blocks, blocks.dropFirst()).reduce(blocks.reduce(0) { $0 + $1.height }) { sum, pair in
      sum + pair.0.gap(to: pair.1) * canvas.unit * scale
    }
  }

  private func row(_ items: [Item], in area: Rectangle, scale: Double) throws(EngineError) -> MeasuredRow? {
    let sides = [Side.left, .centre, .right].filter { side in items.contains { $0.side == side } }
    let gutter = 40 * canvas.unit
    // Columns of pictures take what they need, columns with words share the rest.
    var pictureWidth = 0.0
    var wordColumns = 0
    for side in sides {
      let column = items.filter { $0.side == side }
      guard column.allSatisfy({ !$0.isText }) else {
        wordColumns += 1
        continue
      }
      var widest = 0.0
      for item in column {
        let block = try measurer.measure(item, scale: scale, width: area.width, height: area.height)
        widest = max(widest, block?.width ?? 0)
      }
      pictureWidth += widest
    }
    let free = area.width - pictureWidth - gutter * Double(sides.count - 1)
    let share = free / Double(max(1, wordColumns))
    var row = MeasuredRow()
    for side in sides {
      var blocks: [Block] = []
      for item in items where item.side == side {
        let room = item.isText ? min(share, columnWidth(side, in: area)) : area.width
        guard let block = try measurer.measure(item, scale: scale, width: room, height: area.height) else {
          return nil
        }
        blocks.append(block)
      }
      row.stacks.append((side, blocks))
      row.height = max(row.height, height(of: blocks, scale: scale))
    }
    return row
  }

  /// Long lines are hard to read: wide pictures keep words to a part of their width.
  private func columnWidth(_ side: Side, in area: Rectangle) -> Double {
    let centred = canvas.centred(area).width
    guard canvas.shape == .wide, area.width > canvas.width * 0.6 else {
      return side == .centre ? centred : area.width
    }
    return side == .centre ? centred * 0.8 : area.width * 0.56
  }

  /// The blocks of `row` with its upper edge at `top`.
  func place(_ row: MeasuredRow, at top: Double, align: Row, in area: Rectangle, scale: Double)
    -> [PlacedBlock]
  {
    row.stacks.flatMap { stack in
      let free = row.height - height(of: stack.blocks, scale: scale)
      var y = top + (align == .top ? 0 : align == .middle ? free / 2 : free)
      return stack.blocks.enumerated().map { offset, block in
        let x =
          switch stack.side {
          case .left: area.x
          case .centre: canvas.centred(area).centreX - block.width / 2
          case .right: area.right - block.width
          }
        let placed = PlacedBlock(block: block, x: x, y: y)
        y += block.height
        if offset + 1 < stack.blocks.count {
          y += block.gap(to: stack.blocks[offset + 1]) * canvas.unit * scale
        }
        return placed
      }
    }
  }
}
