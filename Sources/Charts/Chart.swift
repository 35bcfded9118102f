/// A figure as a value: everything it shows is in it, and its faces are pure functions of it.
public protocol Chart: Sendable {
  /// What the figure shows, in a few words; the SVG's accessible name.
  var title: String { get }
  /// The same for who cannot see it: what stands out, with its numbers.
  var summary: String { get }

  /// A whole `<svg>` element, to stand in a file or in the middle of a page.
  /// - Parameters:
  ///   - id: unique in the page; letters, digits and hyphens.
  ///   - width: in CSS pixels; the height follows from the content.
  func svg(id: String, width: Double) -> String

  /// Lines for a terminal, none wider than `width` cells.
  func terminal(width: Int) -> String
}

extension Chart {
  public func svg(id: String) -> String { svg(id: id, width: 720) }
  public func terminal() -> String { terminal(width: 80) }
}

/// What a mark means; the theme decides its colour.
public enum Tone: String, Hashable, Sendable, Codable {
  case good, bad, neutral, muted
}
