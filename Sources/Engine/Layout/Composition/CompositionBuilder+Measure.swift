import Foundation

extension CompositionBuilder {
  /// The room a layer may take, in pixels.
  struct Room {
    var width: Double
    var height: Double
    /// Sizes of everything in a stack that must shrink, 0…1.
    var shrink = 1.0
    /// Where lines begin when the layer does not say.
    var side: Side
  }

  /// - Throws: `EngineError.refused` when the layer's words cannot fit.
  mutating func measure(_ layer: CompositionLayer, in room: Room) throws(EngineError) -> Measured {
    guard let measured = try fitted(layer, in: room) else {
      throw refused(
        layer.place,
        "\"\(words(of: layer).prefix(60))\" does not fit in \(placement.id) even at its smallest size "
          + "(\(Int(smallest(layer))) units); shorten it, or give it more room, more lines or a smaller size")
    }
    return measured
  }

  /// nil when the layer's words do not fit even at their smallest.
  private mutating func fitted(_ layer: CompositionLayer, in room: Room) throws(EngineError) -> Measured? {
    switch layer.kind {
    case .text(let text): return try self.text(text, layer, room)
    case .image(let image):
      let picture = try picture(image.asset, at: layer.place)
      let size = box(layer, room, aspect: picture.aspect, isWhole: image.isWhole)
      return Measured(layer: layer, content: .image(picture, image), width: size.width, height: size.height)
    case .footage(let footage):
      let index = try index(of: footage, at: layer.place)
      let size = box(layer, room, aspect: index.aspect, isWhole: footage.isWhole)
      return Measured(
        layer: layer, content: .footage(index, footage), width: size.width, height: size.height)
    case .svg(let drawing):
      let picture = try drawn(drawing, layer)
      let size = box(layer, room, aspect: picture.aspect, isWhole: true)
      return Measured(layer: layer, content: .svg(picture, drawing), width: size.width, height: size.height)
    case .shape(let figure):
      let size = box(layer, room, aspect: nil, isWhole: false)
      return Measured(layer: layer, content: .shape(figure), width: size.width, height: size.height)
    case .badge(let badge): return try self.badge(badge, layer, room)
    case .button(let button): return try self.button(button, layer, room)
    case .card(let card): return try self.card(card, layer, room)
    case .stack(let stack): return try self.stack(stack, layer, room)
    case .backdrop, .photo, .captions, .flow:
      return Measured(layer: layer, content: .stack([]), width: canvas.width, height: canvas.height)
    }
  }

  private func words(of layer: CompositionLayer) -> String {
    switch layer.kind {
    case .text(let text): text.text
    case .badge(let badge): badge.text
    case .button(let button): button.text
    case .card(let card): card.title
    case .stack(let stack): stack.layers.map { words(of: $0) }.max { $0.count < $1.count } ?? ""
    default: ""
    }
  }

  private func smallest(_ layer: CompositionLayer) -> Double {
    switch layer.kind {
    case .text(let text): text.size.smallest
    case .button(let button): button.size.smallest
    case .stack(let stack): stack.layers.map { smallest($0) }.max() ?? 0
    default: 18
    }
  }

  private mutating func drawn(_ drawing: Drawing, _ layer: CompositionLayer) throws(EngineError)
    -> PictureAsset
  {
    if let source = drawing.source {
      do {
        return .vector(try VectorPicture(Data(source.utf8)))
      } catch {
        throw refused(layer.place, "its source \(error.reason)")
      }
    }
    let asset = drawing.asset ?? ""
    let picture = try picture(asset, at: layer.place)
    guard case .vector = picture else {
      throw refused(layer.place, "asset \"\(asset)\" is not an SVG; use a layer of kind image")
    }
    return picture
  }

  /// The box by width, height or both; by the picture's shape where one is missing.
  private func box(_ layer: CompositionLayer, _ room: Room, aspect: Double?, isWhole: Bool)
    -> (width: Double, height: Double)
  {
    let width = layer.position.width?.pixels(of: room.width, unit: unit)
    let height = layer.position.height?.pixels(of: room.height, unit: unit)
    var size: (Double, Double)
    switch (width, height, aspect) {
    case (let width?, let height?, let aspect?) where isWhole:
      size = width / aspect <= height ? (width, width / aspect) : (height * aspect, height)
    case (let width?, let height?, _): size = (width, height)
    case (let width?, nil, let aspect): size = (width, width / (aspect ?? 1))
    case (nil, let height?, let aspect): size = (height * (aspect ?? 1), height)
    case (nil, nil, let aspect?):
      let (w, h) = (room.width * 0.6, room.height * 0.6)
      size = w / aspect <= h ? (w, w / aspect) : (h * aspect, h)
    case (nil, nil, nil): size = (300 * unit, 300 * unit)
    }
    return (max(1, (size.0 * room.shrink).rounded()), max(1, (size.1 * room.shrink).rounded()))
  }

  // MARK: Words

  func side(_ align: TextLayer.Alignment?, _ room: Room) -> Side {
    switch align {
    case nil: room.side
    case .centre: .centre
    case .start: rightToLeft ? .right : .left
    case .end: rightToLeft ? .left : .right
    }
  }

  private mutating func text(_ text: TextBlock, _ layer: CompositionLayer, _ room: Room) throws(EngineError)
    -> Measured?
  {
    let padding = (text.panel?.padding ?? 0) * unit * room.shrink + (text.outline?.width ?? 0) * unit
    let width = (layer.position.width?.pixels(of: room.width, unit: unit) ?? room.width)
    let height = min(
      layer.position.height?.pixels(of: room.height, unit: unit) ?? room.height, room.height)
    let rich = rich(text)
    guard
      let set = try fit(
        rich, text.size, shrink: room.shrink, width: min(width, room.width) - 2 * padding,
        height: height - 2 * padding, lines: text.maximumLines, side: side(text.align, room))
    else { return nil }
    try checkFonts(set, wanted: Array(Set(rich.runs.map(\.family))).sorted(), at: layer.place)
    return Measured(
      layer: layer, content: .text(set, text), width: set.width + 2 * padding,
      height: set.height + 2 * padding)
  }

  func rich(_ text: TextBlock) -> RichText {
    RichText(
      runs: text.runs.map { run in
        RichText.Run(
          text: text.isUppercase
            ? run.text.uppercased(with: Locale(identifier: composition.language)) : run.text,
          family: family(run.font ?? text.lettering.font),
          weight: run.weight ?? text.lettering.weight, colour: run.colour.map { colour($0) },
          scale: run.scale, isItalic: run.isItalic, isUnderlined: run.isUnderlined, isStruck: run.isStruck)
      }, tracking: text.lettering.tracking, lineHeight: text.lineHeight)
  }

  func rich(_ text: String, _ lettering: Lettering) -> RichText {
    RichText(
      runs: [.init(text: text, family: family(lettering.font), weight: lettering.weight)],
      tracking: lettering.tracking)
  }

  /// The largest size at which `rich` fits, or nil.
  func fit(
    _ rich: RichText, _ size: SizeRange, shrink: Double = 1, width: Double, height: Double, lines: Int?,
    side: Side
  ) throws(EngineError) -> TypesetText? {
    let smallest = size.smallest * unit
    var pixels = max(smallest, size.largest * unit * shrink)
    guard width > 0, height > 0 else { return nil }
    while true {
      let set = try typesetter.set(rich, size: pixels, width: width, alignment: side)
      if set.width <= width + 0.01, set.height <= height + 0.01, set.lines.count <= lines ?? Int.max {
        return set
      }
      guard pixels > smallest else { return nil }
      pixels = max(smallest, pixels * 0.96)
    }
  }

  private mutating func button(
    _ button: Button, _ layer: CompositionLayer, _ room: Room
  ) throws(EngineError) -> Measured? {
    let width = min(layer.position.width?.pixels(of: room.width, unit: unit) ?? room.width, room.width)
    let rich = rich(button.text, button.lettering)
    for lines in [1, 2] {
      // Padding goes with the size, so a size that fits without it may not with it.
      for step in 0..<12 {
        let largest = max(button.size.smallest, button.size.largest * room.shrink * pow(0.96, Double(step)))
        let range = SizeRange(smallest: largest, largest: largest)
        let padding = 1.25 * largest * unit
        guard
          let set = try fit(
            rich, range, width: width - 2 * padding, height: room.height, lines: lines, side: .centre)
        else { continue }
        try checkFonts(set, wanted: [family(button.lettering.font)], at: layer.place)
        return Measured(
          layer: layer, content: .button(set, button), width: (set.width + set.size * 2.5).rounded(),
          height: (set.height + set.size * (set.lines.count > 1 ? 1.3 : 1.6)).rounded())
      }
    }
    return nil
  }

  private mutating func badge(
    _ badge: Badge, _ layer: CompositionLayer, _ room: Room
  ) throws(EngineError) -> Measured? {
    let height = badge.size * unit * room.shrink
    // The largest box of words inside the mark.
    let (share, heightShare, most): (Double, Double, Double) =
      switch badge.shape {
      case .circle: (0.78, 0.62, 1)
      case .burst: (0.66, 0.52, 1)
      case .pill, .tag: (4.5, 0.62, 2)
      }
    let rich = rich(badge.text, badge.lettering)
    let range = SizeRange(smallest: 16, largest: badge.size * 0.6)
    guard
      let set = try fit(
        rich, range, width: min(height * share, room.width - height * (most - 1)),
        height: height * heightShare,
        lines: badge.shape == .circle || badge.shape == .burst ? 3 : 2, side: .centre)
    else { return nil }
    try checkFonts(set, wanted: [family(badge.lettering.font)], at: layer.place)
    let width =
      badge.shape == .circle || badge.shape == .burst
      ? height : (set.width + height * (badge.shape == .tag ? 1 : 0.8)).rounded()
    return Measured(
      layer: layer, content: .badge(set, badge), width: max(width, height).rounded(), height: height.rounded()
    )
  }

  // MARK: Stacks

  private mutating func stack(
    _ stack: Stack, _ layer: CompositionLayer, _ room: Room
  ) throws(EngineError) -> Measured? {
    let width = min(layer.position.width?.pixels(of: room.width, unit: unit) ?? room.width, room.width)
    let height = min(layer.position.height?.pixels(of: room.height, unit: unit) ?? room.height, room.height)
    let children = stack.layers.compactMap { $0.adapted(to: shape) }
    let side = side(stack.align, room)
    for step in 0..<24 {
      let shrink = room.shrink * pow(0.95, Double(step))
      let gap = (stack.gap ?? 32) * unit * shrink
      let each = stack.isAcross ? (width - gap * Double(children.count - 1)) / Double(children.count) : width
      var measured: [Measured] = []
      for child in children {
        let inner = Room(width: each, height: height, shrink: shrink, side: stack.isAcross ? .centre : side)
        guard let one = try fitted(child, in: inner) else { break }
        measured.append(one)
      }
      guard measured.count == children.count else { continue }
      let sum =
        stack.isAcross
        ? measured.reduce(-gap) { $0 + $1.width + gap } : rhythm(measured, stack, shrink).height
      guard sum <= (stack.isAcross ? width : height) + 0.01 else { continue }
      return arranged(measured, stack, layer, gap: gap, side: side, shrink: shrink)
    }
    return nil
  }

  private func arranged(
    _ children: [Measured], _ stack: Stack, _ layer: CompositionLayer, gap: Double, side: Side,
    shrink: Double
  ) -> Measured {
    var placed: [(child: Measured, x: Double, y: Double)] = []
    let (width, height) = (children.map(\.width).max() ?? 0, children.map(\.height).max() ?? 0)
    var at = 0.0
    for child in stack.isAcross && rightToLeft ? children.reversed() : children {
      if stack.isAcross {
        placed.append((child, at, (height - child.height) / 2))
        at += child.width + gap
      } else {
        let free = width - child.width
        placed.append((child, side == .left ? 0 : side == .centre ? free / 2 : free, 0))
      }
    }
    if !stack.isAcross {
      let rhythm = rhythm(children, stack, shrink)
      for index in placed.indices { placed[index].y = rhythm.tops[index] }
      at = rhythm.height + gap
    }
    return Measured(
      layer: layer, content: .stack(placed), width: stack.isAcross ? at - gap : width,
      height: stack.isAcross ? height : at - gap)
  }

  /// Tops of children under each other. Gaps count from baseline to capitals, not from tails and accents, so
  /// that lines of one size have one rhythm.
  private func rhythm(
    _ children: [Measured], _ stack: Stack, _ shrink: Double
  ) -> (tops: [Double], height: Double) {
    var (tops, bottom, edge) = ([Double](), 0.0, 0.0)
    for (index, child) in children.enumerated() {
      var top = 0.0
      if index > 0 {
        let gap = stack.gap.map { $0 * unit * shrink } ?? children[index - 1].room(unit: unit * shrink)
        // Never so that ink comes near ink.
        top = max(edge + gap - child.head, bottom + gap * 0.4)
      }
      tops.append(top)
      edge = top + child.height - child.tail
      bottom = max(bottom, top + child.height)
    }
    return (tops, bottom)
  }
}
