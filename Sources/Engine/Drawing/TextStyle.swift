/// How a role's text is set. Sizes in pixels where the placement's shorter side is 1080.
struct TextStyle: Hashable {
  var largest: Double
  var smallest: Double
  var weight: TextLayer.Weight
  /// Of the line's natural height; below 1 sets lines tighter.
  var lineSpacing: Double
  /// In em, for scripts whose letters stand apart.
  var tracking: Double
  /// Text is made smaller rather than given more lines, as long as it can be.
  var preferredLines: Int
  var isUppercase = false
  var usesHeadlineFont = false

  static func of(_ role: TextLayer.Role) -> TextStyle {
    switch role {
    case .eyebrow:
      TextStyle(
        largest: 34, smallest: 24, weight: .semibold, lineSpacing: 1, tracking: 0.1, preferredLines: 1,
        isUppercase: true)
    case .headline:
      TextStyle(
        largest: 152, smallest: 48, weight: .bold, lineSpacing: 0.9, tracking: -0.022, preferredLines: 3,
        usesHeadlineFont: true)
    case .body:
      TextStyle(
        largest: 48, smallest: 30, weight: .medium, lineSpacing: 1.04, tracking: -0.008, preferredLines: 3)
    case .cta:
      TextStyle(
        largest: 48, smallest: 32, weight: .bold, lineSpacing: 1, tracking: 0, preferredLines: 1)
    case .legal:
      TextStyle(
        largest: 25, smallest: 20, weight: .regular, lineSpacing: 1.05, tracking: 0.005, preferredLines: 2)
    }
  }

  static let button = TextStyle(
    largest: 46, smallest: 28, weight: .semibold, lineSpacing: 1, tracking: -0.005, preferredLines: 1,
    usesHeadlineFont: false)
}
