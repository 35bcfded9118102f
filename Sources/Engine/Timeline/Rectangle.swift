import CDrawing

/// A box in pixels; y grows downwards.
struct Rectangle: Sendable, Hashable {
  var x: Double
  var y: Double
  var width: Double
  var height: Double

  var right: Double { x + width }
  var bottom: Double { y + height }
  var centreX: Double { x + width / 2 }
  var centreY: Double { y + height / 2 }

  init(x: Double, y: Double, width: Double, height: Double) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  init(_ pango: PangoRectangle, _ scale: Double) {
    self.init(
      x: Double(pango.x) / scale, y: Double(pango.y) / scale, width: Double(pango.width) / scale,
      height: Double(pango.height) / scale)
  }

  func contains(_ other: Rectangle, slack: Double = 0.01) -> Bool {
    other.x >= x - slack && other.y >= y - slack && other.right <= right + slack
      && other.bottom <= bottom + slack
  }

  func union(_ other: Rectangle) -> Rectangle {
    let (left, top) = (min(x, other.x), min(y, other.y))
    return Rectangle(
      x: left, y: top, width: max(right, other.right) - left, height: max(bottom, other.bottom) - top)
  }
}
