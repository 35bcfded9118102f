/// A colour by what it is for. Every mark carries the light colour as an attribute, for renderers that know no CSS
/// variables, and a class through which a page's theme, or the dark scheme, wins.
enum Ink: Hashable, Comparable {
  case text, muted, grid, surface, good, bad, neutral
  case series(Int)

  init(_ tone: Tone) {
    self =
      switch tone {
      case .good: .good
      case .bad: .bad
      case .neutral: .neutral
      case .muted: .muted
      }
  }

  var name: String {
    switch self {
    case .text: "text"
    case .muted: "muted"
    case .grid: "grid"
    case .surface: "surface"
    case .good: "good"
    case .bad: "bad"
    case .neutral: "neutral"
    case .series(let index): "series-\(index % Self.palette.count + 1)"
    }
  }

  var light: String { colours.0 }
  var dark: String { colours.1 }

  private var colours: (String, String) {
    switch self {
    case .text: ("#1b2333", "#e8ecf4")
    case .muted: ("#667085", "#98a2b6")
    case .grid: ("#dfe3ea", "#333c4d")
    case .surface: ("#ffffff", "#141a26")
    case .good: ("#0b7a55", "#3ccf99")
    case .bad: ("#c2334d", "#ff7d92")
    case .neutral: ("#3a62c8", "#86a8ff")
    case .series(let index): Self.palette[index % Self.palette.count]
    }
  }

  /// Chosen to stay apart for people who see red and green alike, and above 3:1 against both surfaces.
  private static let palette = [
    ("#3a62c8", "#86a8ff"), ("#c25e00", "#ffa54d"), ("#0b857a", "#41d0bf"), ("#8746b8", "#cf9bf5"),
    ("#b83263", "#ff8ab0"), ("#64720c", "#c0d04a"), ("#1279a8", "#5cc4f0"), ("#7c5a45", "#d1a98f"),
  ]

  static func < (left: Ink, right: Ink) -> Bool { left.name < right.name }
}
