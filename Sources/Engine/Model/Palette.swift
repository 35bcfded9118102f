/// The brand's colours, by the part they play.
public struct Palette: Sendable, Hashable, Codable {
  /// The colour people know the brand by.
  public var primary: Colour
  /// Its companion, for gradients and quiet areas.
  public var secondary: Colour
  /// What must be seen: buttons, eyebrows.
  public var accent: Colour
  /// Text and paper on dark ground.
  public var light: Colour
  /// Text and ground on light paper.
  public var dark: Colour

  public init(primary: Colour, secondary: Colour, accent: Colour, light: Colour = .white, dark: Colour) {
    self.primary = primary
    self.secondary = secondary
    self.accent = accent
    self.light = light
    self.dark = dark
  }

  /// Light or dark, whichever reads better on `ground`.
  func readable(on ground: Colour) -> Colour {
    light.contrast(with: ground) >= dark.contrast(with: ground) ? light : dark
  }

  func colour(_ reference: ColourReference) -> Colour {
    switch reference {
    case .primary: primary
    case .secondary: secondary
    case .accent: accent
    case .light: light
    case .dark: dark
    case .exact(let colour): colour
    }
  }
}

/// A colour by its part in the palette, or exactly: `accent` or `#FF5533`.
public enum ColourReference: Sendable, Hashable {
  case primary, secondary, accent, light, dark
  case exact(Colour)

  static let names: [(name: String, reference: ColourReference)] = [
    ("primary", .primary), ("secondary", .secondary), ("accent", .accent), ("light", .light), ("dark", .dark),
  ]

  public init?(_ text: String) {
    if let named = Self.names.first(where: { $0.name == text }) {
      self = named.reference
    } else if let colour = Colour(text) {
      self = .exact(colour)
    } else {
      return nil
    }
  }

  public var text: String {
    if case .exact(let colour) = self { return colour.text }
    return Self.names.first { $0.reference == self }?.name ?? ""
  }
}

extension ColourReference: Codable {
  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let reference = ColourReference(text) else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription: "\"\(text)\" is neither a palette name nor #RRGGBB"))
    }
    self = reference
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}

/// Font families by the part they play. A family that is not installed, or lacks a glyph, falls back to
/// what fontconfig finds nearest (the Noto families cover nearly every script).
public struct Fonts: Sendable, Hashable, Codable {
  public var headline: String
  public var body: String

  public init(headline: String = "Inter Display", body: String = "Inter") {
    self.headline = headline
    self.body = body
  }
}
