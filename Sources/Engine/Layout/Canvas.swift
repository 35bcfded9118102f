/// The picture's size and shape and where things may stand in it.
struct Canvas: Sendable, Hashable {
  enum Shape: Sendable, Hashable { case tall, square, wide }

  let width: Double
  let height: Double
  /// What the platform leaves free: nothing to read or press may reach beyond.
  let safe: Rectangle
  /// The safe zone less a margin for the eye: where layouts begin and end.
  let content: Rectangle
  /// Sizes are thought of for a shorter side of 1080 pixels and multiplied by this.
  let unit: Double

  init(_ placement: Placement) {
    width = Double(placement.width)
    height = Double(placement.height)
    unit = min(width, height) / 1080
    let zone = placement.safeZone
    let (left, top) = (Double(zone.left), Double(zone.top))
    safe = Rectangle(
      x: left, y: top, width: width - left - Double(zone.right), height: height - top - Double(zone.bottom))
    // At least 6.5 % of the shorter side from the picture's edge, and a breath from the platform's own parts.
    let (margin, breath) = (70 * unit, 22 * unit)
    func inset(_ covered: Int) -> Double { max(margin, Double(covered) + (covered > 0 ? breath : 0)) }
    let (contentLeft, contentTop) = (inset(zone.left), inset(zone.top))
    content = Rectangle(
      x: contentLeft, y: contentTop, width: max(1, width - contentLeft - inset(zone.right)),
      height: max(1, height - contentTop - inset(zone.bottom)))
  }

  var shape: Shape {
    if height > width * 1.15 { return .tall }
    return width > height * 1.15 ? .wide : .square
  }

  /// What is centred looks centred only about the picture's middle: the widest such part of `area`, unless
  /// the platform's parts lie so one-sided that it would be too narrow.
  func centred(_ area: Rectangle) -> Rectangle {
    let half = min(width / 2 - area.x, area.right - width / 2)
    guard half * 2 >= width * 0.6 else { return area }
    return Rectangle(x: width / 2 - half, y: area.y, width: half * 2, height: area.height)
  }
}

/// Left and right as the eye sees them, unlike `start` and `end`.
enum Side: Sendable, Hashable { case left, centre, right }

/// Upper, middle and lower third of a layout.
enum Row: Int, Sendable, Hashable, CaseIterable { case top, middle, bottom }

extension Anchor {
  var row: Row {
    switch self {
    case .topStart, .top, .topEnd: .top
    case .start, .centre, .end: .middle
    case .bottomStart, .bottom, .bottomEnd: .bottom
    }
  }

  func side(rightToLeft: Bool) -> Side {
    switch self {
    case .topStart, .start, .bottomStart: rightToLeft ? .right : .left
    case .top, .centre, .bottom: .centre
    case .topEnd, .end, .bottomEnd: rightToLeft ? .left : .right
    }
  }
}
