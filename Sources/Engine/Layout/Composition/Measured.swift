/// A layer whose size is known, and what will be drawn there.
struct Measured {
  enum Content {
    case text(TypesetText, TextBlock)
    case image(PictureAsset, ImageBox)
    case svg(PictureAsset, Drawing)
    case shape(Figure)
    case badge(TypesetText, Badge)
    case button(TypesetText, Button)
    case card(CardArt, Card)
    /// Children with their places inside.
    case stack([(child: Measured, x: Double, y: Double)])
  }

  let layer: CompositionLayer
  let content: Content
  let width: Double
  let height: Double

  /// True for what people read or press.
  var isRead: Bool {
    switch content {
    case .text, .badge, .button, .card: true
    default: false
    }
  }
}
