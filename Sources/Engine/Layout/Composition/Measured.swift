/// A layer whose size is known, and what will be drawn there.
struct Measured {
  enum Content {
    case text(TypesetText, TextBlock)
    case image(PictureAsset, ImageBox)
    case footage(FootageIndex, FootageBox)
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

  /// The size of its words, where it is words without a plate in a script whose lines have one rhythm.
  private var rhythm: (set: TypesetText, first: Double, last: Double)? {
    guard case .text(let set, let text) = content, text.panel == nil, set.isSpaced,
      let first = set.lines.first, let last = set.lines.last
    else { return nil }
    return (set, first.baseline, last.baseline)
  }

  /// How far ink reaches over the height of capitals; below zero where there are none.
  var head: Double { rhythm.map { $0.first - 0.72 * $0.set.size } ?? 0 }

  /// How far ink reaches under the last baseline.
  var tail: Double { rhythm.map { max(0, $0.set.height - $0.last) } ?? 0 }

  /// The white space wanted below it, in pixels, when nobody says.
  func room(unit: Double) -> Double {
    guard case .text(let set, _) = content else { return 36 * unit }
    return max(30 * unit, set.size * (set.isSpaced ? 0.46 : 0.34))
  }
}
