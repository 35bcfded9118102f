extension CompositionBuilder {
  /// A measured layer with the box it stands in.
  struct Placed {
    var measured: Measured
    var box: Rectangle
  }

  /// Every layer that has a box, by its index; layers stand below others as they ask.
  mutating func placed(_ layers: [CompositionLayer]) throws(EngineError) -> [Int: Placed] {
    var placed: [Int: Placed] = [:]
    var waiting = Array(layers.indices)
    // References are known to end: the reader refuses cycles.
    while !waiting.isEmpty {
      var later: [Int] = []
      for index in waiting {
        let layer = layers[index]
        var other: Placed?
        if let id = layer.position.below {
          guard let target = layers.firstIndex(where: { $0.id == id }) else {
            // Hidden in this shape: stands where it would without it.
            placed[index] = try place(layer, below: nil)
            continue
          }
          guard let found = placed[target] else {
            later.append(index)
            continue
          }
          other = found
        }
        placed[index] = try place(layer, below: other?.box)
      }
      guard later.count < waiting.count else { break }
      waiting = later
    }
    return placed
  }

  private mutating func place(
    _ layer: CompositionLayer, below other: Rectangle?
  ) throws(EngineError) -> Placed {
    let zone = zone(layer.position.zone)
    let side = layer.position.anchor.side(rightToLeft: rightToLeft)
    let x = layer.position.x.pixels(of: zone.width, unit: unit) * (rightToLeft ? -1 : 1)
    let y = layer.position.y.pixels(of: zone.height, unit: unit)
    let isCentred = side == .centre && layer.position.zone == .content
    let frame = isCentred ? canvas.centred(zone) : zone
    var room = Room(width: frame.width - abs(x), height: zone.height - abs(y), side: side)
    let top = other.map { $0.bottom + layer.position.gap * unit }
    if let top { room.height = zone.bottom - top - max(0, y) }
    // Room that a shift pushes a box into must not count: an anchored box keeps its near edge inside.
    if side == .left && x < 0 || side == .right && x > 0 { room.width = frame.width }
    guard room.height > 1, room.width > 1 else {
      throw refused(layer.place, "has no room left in \(placement.id): its anchor, x and y put it outside")
    }
    let measured = try measure(layer, in: room)
    let left =
      switch side {
      case .left: (other?.x ?? frame.x) + x
      case .centre: (other?.centreX ?? frame.centreX) - measured.width / 2 + x
      case .right: (other?.right ?? frame.right) - measured.width + x
      }
    var upper =
      switch layer.position.anchor.row {
      case .top: zone.y + y
      case .middle: zone.centreY - measured.height / 2 + y
      case .bottom: zone.bottom - measured.height + y
      }
    if let top { upper = top + y }
    let box = Rectangle(
      x: left.rounded(), y: upper.rounded(), width: measured.width, height: measured.height)
    return Placed(measured: measured, box: box)
  }

  /// A point of `box` by an anchor's name.
  func point(_ anchor: Anchor, of box: Rectangle) -> (x: Double, y: Double) {
    let x =
      switch anchor.side(rightToLeft: rightToLeft) {
      case .left: box.x
      case .centre: box.centreX
      case .right: box.right
      }
    let y =
      switch anchor.row {
      case .top: box.y
      case .middle: box.centreY
      case .bottom: box.bottom
      }
    return (x, y)
  }
}
