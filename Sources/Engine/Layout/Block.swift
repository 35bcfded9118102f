/// A layer measured for a place: its size, and what will be drawn there.
struct Block {
  enum Content {
    case text(TypesetText, TextLayer)
    case button(TypesetText, ButtonLayer)
    case image(PictureAsset, ImageLayer)
  }

  /// The layer's index in its scene.
  let index: Int
  let content: Content
  let width: Double
  let height: Double

  /// White space between this block and the one below it, in pixels; large words want more of it.
  func gap(to next: Block, unit: Double) -> Double {
    switch (content, next.content) {
    case (.text(let set, _), .button): max(40 * unit, set.size * 0.42)
    case (_, .button): 46 * unit
    case (.text(let set, let upper), .text(_, let lower)):
      switch (upper.role, lower.role) {
      case (.eyebrow, _): 30 * unit
      case (.headline, _): max(28 * unit, set.size * 0.32)
      case (_, .legal): 30 * unit
      default: 28 * unit
      }
    case (.image(_, let image), _): (image.purpose == .logo ? 60 : 52) * unit
    case (.button, _): 30 * unit
    case (_, .image): 48 * unit
    }
  }
}

/// A block with its top left in the picture.
struct PlacedBlock {
  let block: Block
  let x: Double
  let y: Double

  var box: Rectangle { Rectangle(x: x, y: y, width: block.width, height: block.height) }
}

/// A layer on its way to a place: where it wants to stand.
struct Item {
  let index: Int
  let layer: Layer
  let row: Row
  var side: Side
  /// The image's file, opened once per scene.
  let picture: PictureAsset?

  var isText: Bool { if case .image = layer { false } else { true } }
}
