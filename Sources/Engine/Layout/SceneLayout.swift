import Foundation

/// Lays one scene's layers into a placement: as large as they look good, smaller where they must be.
struct SceneLayout {
  let zone: ZoneLayout
  let canvas: Canvas
  let rightToLeft: Bool

  /// Whole layouts are tried from full size downwards, each step one of the ladder of text sizes.
  private static let scales = (0..<18).map { pow(Measurer.step, Double($0)) }

  private enum Plan { case sideBySide, stacked, rows }

  /// nil when the items do not fit even at the smallest scale of any plan.
  func place(_ items: [Item], arrangement: Scene.Arrangement) throws(EngineError) -> [PlacedBlock]? {
    let pictures = items.filter { item in
      if case .image(let image) = item.layer { image.purpose != .logo } else { false }
    }
    for plan in plans(items, pictures, arrangement) {
      for scale in Self.scales {
        let placed =
          switch plan {
          case .sideBySide: try sideBySide(items, pictures, scale)
          case .stacked: try stacked(items, pictures, scale)
          case .rows: try rows(items, in: canvas.content, scale: scale)
          }
        if let placed { return placed }
      }
    }
    return nil
  }

  /// The plan the arrangement asks for, then those that take long words better.
  private func plans(_ items: [Item], _ pictures: [Item], _ arrangement: Scene.Arrangement) -> [Plan] {
    guard arrangement == .split, let picture = pictures.first?.picture, pictures.count < items.count else {
      return [.rows]
    }
    return isSideBySide(picture) ? [.sideBySide, .stacked, .rows] : [.stacked, .rows]
  }

  private func isSideBySide(_ picture: PictureAsset) -> Bool {
    switch canvas.shape {
    case .wide: true
    case .square: picture.aspect < 0.85
    case .tall: false
    }
  }

  /// Upper row at the top, lower row at the bottom, the middle one between them.
  private func rows(_ items: [Item], in area: Rectangle, scale: Double) throws(EngineError) -> [PlacedBlock]?
  {
    guard let rows = try zone.rows(items, in: area, scale: scale) else { return nil }
    let gap = 44 * canvas.unit * scale
    let total = rows.values.reduce(-gap) { $0 + $1.height + gap }
    guard total <= area.height else { return nil }
    var placed: [PlacedBlock] = []
    var (upper, lower) = (area.y, area.bottom)
    if let top = rows[.top] {
      placed += zone.place(top, at: area.y, align: .top, in: area, scale: scale)
      upper = area.y + top.height + gap
    }
    if let bottom = rows[.bottom] {
      placed += zone.place(bottom, at: area.bottom - bottom.height, align: .bottom, in: area, scale: scale)
      lower = area.bottom - bottom.height - gap
    }
    if let middle = rows[.middle] {
      let wish = area.centreY - middle.height / 2
      let y = min(max(wish, upper), max(upper, lower - middle.height))
      placed += zone.place(middle, at: y, align: .middle, in: area, scale: scale)
    }
    return placed
  }

  /// Words where reading begins, pictures beside them.
  private func sideBySide(_ items: [Item], _ pictures: [Item], _ scale: Double) throws(EngineError)
    -> [PlacedBlock]?
  {
    let area = canvas.content
    let gutter = 56 * canvas.unit
    let wordShare = canvas.shape == .wide ? 0.54 : 0.56
    let wordWidth = area.width * wordShare
    let pictureWidth = area.width - wordWidth - gutter
    let words = Rectangle(
      x: rightToLeft ? area.right - wordWidth : area.x, y: area.y, width: wordWidth, height: area.height)
    let beside = Rectangle(
      x: rightToLeft ? area.x : area.right - pictureWidth, y: area.y, width: pictureWidth, height: area.height
    )
    let start: Side = rightToLeft ? .right : .left
    let others = items.filter { item in !pictures.contains { $0.index == item.index } }
      .map { item in
        var moved = item
        moved.side = start
        return moved
      }
    guard var placed = try rows(others, in: words, scale: scale) else { return nil }
    placed += try column(pictures, in: beside, scale: 1)
    return placed
  }

  /// Pictures over words; they share the height, the words first.
  private func stacked(_ items: [Item], _ pictures: [Item], _ scale: Double) throws(EngineError)
    -> [PlacedBlock]?
  {
    let area = canvas.content
    let others = items.filter { item in !pictures.contains { $0.index == item.index } }
    guard let rows = try zone.rows(others, in: area, scale: scale) else { return nil }
    let gap = 48 * canvas.unit * scale
    // A narrow picture in the middle may stand between what is in the upper corners.
    let isNarrow = pictures.allSatisfy { ($0.picture?.aspect ?? 1) < 0.7 }
    let isBeside =
      isNarrow && rows[.top]?.isOnlyCorners == true
    func height(_ row: Row) -> Double {
      row == .top && isBeside ? 0 : rows[row].map { $0.height + gap } ?? 0
    }
    let room = area.height - height(.top) - height(.middle) - height(.bottom)
    guard room >= area.height * (scale > 0.6 ? 0.48 : 0.22) else { return nil }
    let frame = canvas.centred(area)
    let upper = area.y + height(.top)
    let blocks = try column(
      pictures, in: Rectangle(x: frame.x, y: upper, width: frame.width, height: room), scale: 1)
    let used = blocks.map(\.box.bottom).max().map { bottom in bottom - (blocks.map(\.y).min() ?? upper) } ?? 0
    // Pictures and the words under them stand together in the middle of what is free.
    let slack = (room - used) / 2
    let shift = upper + slack - (blocks.map(\.y).min() ?? upper)
    var placed = blocks.map { PlacedBlock(block: $0.block, x: $0.x, y: $0.y + shift) }
    if let top = rows[.top] {
      placed += zone.place(top, at: area.y, align: .top, in: area, scale: scale)
    }
    if let middle = rows[.middle] {
      placed += zone.place(middle, at: upper + slack + used + gap, align: .top, in: area, scale: scale)
    }
    if let bottom = rows[.bottom] {
      placed += zone.place(bottom, at: area.bottom - bottom.height, align: .bottom, in: area, scale: scale)
    }
    return placed
  }

  /// Pictures one over the other, centred in `area`.
  private func column(_ pictures: [Item], in area: Rectangle, scale: Double) throws(EngineError)
    -> [PlacedBlock]
  {
    let gap = 40 * canvas.unit
    let each = (area.height - gap * Double(pictures.count - 1)) / Double(pictures.count)
    var blocks: [Block] = []
    for picture in pictures {
      if let block = try zone.measurer.measure(picture, scale: scale, width: area.width, height: each) {
        blocks.append(block)
      }
    }
    var y = area.centreY - (blocks.reduce(-gap) { $0 + $1.height + gap }) / 2
    return blocks.map { block in
      defer { y += block.height + gap }
      return PlacedBlock(block: block, x: area.centreX - block.width / 2, y: y)
    }
  }
}
