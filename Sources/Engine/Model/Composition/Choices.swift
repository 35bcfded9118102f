/// The scene's transitions by name.
enum TransitionChoice {
  static let names = ["cut", "crossfade", "slide", "wipe", "zoom", "whip", "luma"]
}

/// Built-in orders in which a luma transition uncovers.
enum LumaPattern: String, Sendable, Hashable, CaseIterable { case clouds, iris, clock, blinds, diagonal }

/// What a text's arrival animates.
enum Pieces: String, Sendable, Hashable, CaseIterable { case layer, line, word, letter }

enum MaskShape: String, Sendable, Hashable, CaseIterable { case rectangle, rounded, ellipse, star }

enum ZoneChoice: String, Sendable, Hashable, CaseIterable { case content, safe, picture }

enum ShapeChoice: String, Sendable, Hashable, CaseIterable { case rectangle, ellipse, polygon, star, line }

enum BadgeShape: String, Sendable, Hashable, CaseIterable { case circle, burst, pill, tag }

enum CaptionStyle: String, Sendable, Hashable, CaseIterable { case plain, box, karaoke }

/// Shapes of pictures that a layer may treat differently.
enum ShapeClass: String, Sendable, Hashable, CaseIterable {
  /// 9:16 and the like: height at least 1.5 of the width.
  case tall
  /// 4:5 and the like.
  case portrait
  case square
  case wide

  init(width: Double, height: Double) {
    switch height / width {
    case 1.5...: self = .tall
    case 1.1..<1.5: self = .portrait
    case 0.9..<1.1: self = .square
    default: self = .wide
    }
  }
}

/// Units (the picture's shorter side has 1080) or a share of a zone.
enum Measure: Sendable, Hashable {
  case units(Double)
  case share(Double)

  /// `420` or `80%`; nil for anything else.
  init?(_ text: String) {
    if text.hasSuffix("%") {
      guard let value = Double(text.dropLast()), value.isFinite, abs(value) <= 1000 else { return nil }
      self = .share(value / 100)
    } else {
      guard let value = Double(text), value.isFinite, abs(value) <= 10_000 else { return nil }
      self = .units(value)
    }
  }

  func pixels(of whole: Double, unit: Double) -> Double {
    switch self {
    case .units(let value): value * unit
    case .share(let value): value * whole
    }
  }
}
