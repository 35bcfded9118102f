import Foundation

extension CompositionBuilder {
  /// Lays a card out: picture over words, or beside them in a box twice as wide as high.
  mutating func card(_ card: Card, _ layer: CompositionLayer, _ room: Room) throws(EngineError) -> Measured? {
    let width =
      (layer.position.width?.pixels(of: room.width, unit: unit) ?? min(room.width, 640 * unit)) * room.shrink
    let wish = layer.position.height?.pixels(of: room.height, unit: unit).magnitude
    let isWide = wish.map { width > $0 * 1.7 } ?? false
    let pad = 0.06 * min(width, wish ?? width)
    let wordsWidth = isWide ? width * 0.55 - pad * 2 : width - pad * 2
    for step in 0..<16 {
      let shrink = pow(0.94, Double(step))
      guard
        let words = try cardWords(
          card, layer, width: wordsWidth, shrink: shrink, scale: width / (isWide ? 1.9 : 1))
      else { continue }
      let wordsHeight = words.last.map { $0.y + $0.set.height } ?? 0
      var height = (wish ?? (width * 0.82 + wordsHeight + pad * 2)) * (wish == nil ? 1 : room.shrink)
      height = height.rounded()
      let picture =
        isWide
        ? Rectangle(
          x: rightToLeft ? width - width * 0.45 : 0, y: 0, width: width * 0.45, height: height)
        : Rectangle(x: 0, y: 0, width: width, height: height - wordsHeight - pad * 2)
      guard wordsHeight + pad * 2 <= height, picture.height >= (isWide ? 1 : height * 0.35) else { continue }
      guard height <= room.height + 0.5 else { return nil }
      let left = isWide && !rightToLeft ? picture.width + pad : pad
      let top = isWide ? (height - wordsHeight) / 2 : picture.height + pad
      let art = CardArt(
        width: width.rounded(), height: height, picture: picture,
        words: words.map { one in
          var moved = one
          let free = rightToLeft && !one.isPriceRow ? wordsWidth - one.set.width : 0
          moved.x += left + free
          moved.y += top
          return moved
        })
      return Measured(layer: layer, content: .card(art, card), width: art.width, height: art.height)
    }
    return nil
  }

  private mutating func cardWords(
    _ card: Card, _ layer: CompositionLayer, width: Double, shrink: Double, scale: Double
  ) throws(EngineError) -> [CardArt.Words]? {
    let side: Side = rightToLeft ? .right : .left
    let size = scale / unit * shrink
    var words: [CardArt.Words] = []
    var y = 0.0
    func set(
      _ text: String, _ share: Double, _ weight: TextLayer.Weight, _ font: String, lines: Int,
      isStruck: Bool = false,
      width: Double
    ) throws(EngineError) -> TypesetText? {
      let rich = RichText(
        runs: [.init(text: text, family: family(font), weight: weight, isStruck: isStruck)], tracking: -0.01)
      let largest = max(18, size * share)
      return try fit(
        rich, SizeRange(smallest: max(18, largest * 0.7), largest: largest), width: width, height: 4000,
        lines: lines,
        side: side)
    }
    guard let title = try set(card.title, 0.082, .bold, "headline", lines: 3, width: width) else {
      return nil
    }
    try checkFonts(title, wanted: [family("headline")], at: layer.place)
    words.append(.init(set: title, x: 0, y: 0))
    y = title.height
    if let text = card.text {
      guard let set = try set(text, 0.052, .regular, "body", lines: 3, width: width) else { return nil }
      y += scale * 0.035
      words.append(.init(set: set, x: 0, y: y, isQuiet: true))
      y += set.height
    }
    if let price = card.price {
      guard let big = try set(price, 0.105, .bold, "headline", lines: 1, width: width) else { return nil }
      y += scale * 0.05
      var row = CardArt.Words(set: big, x: 0, y: y, isPrice: true)
      if let was = card.was {
        guard
          let old = try set(
            was, 0.06, .regular, "body", lines: 1, isStruck: true, width: width - big.width - scale * 0.04)
        else { return nil }
        let gap = scale * 0.04
        row.x = rightToLeft ? width - big.width : 0
        words.append(
          .init(
            set: old, x: rightToLeft ? row.x - gap - old.width : big.width + gap,
            y: y + big.height - old.height, isQuiet: true, isPriceRow: true))
      } else if rightToLeft {
        row.x = width - big.width
      }
      row.isPriceRow = true
      words.append(row)
      y += big.height
    }
    return words
  }
}
