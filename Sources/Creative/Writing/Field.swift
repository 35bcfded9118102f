internal import Campaigns
internal import Engine

/// The brand's colours as the engine's palette, and what stands on the colour that fills the field.
struct Field {
  let palette: Palette
  let ground: ColourReference

  /// - Parameter name: a colour of the brand: primary, secondary, accent, ink or paper.
  init(brand: BrandDocument, name: String) {
    func colour(_ name: String) -> Colour { brand.colours[name].flatMap { Colour($0) } ?? .black }
    palette = Palette(
      primary: colour("primary"), secondary: colour("secondary"), accent: colour("accent"),
      light: brand.colours["paper"].flatMap { Colour($0) } ?? .white, dark: colour("ink"))
    ground = Self.reference(name)
  }

  private static func reference(_ name: String) -> ColourReference {
    switch name {
    case "secondary": .secondary
    case "accent": .accent
    case "paper": .light
    case "ink": .dark
    default: .primary
    }
  }

  private func colour(_ reference: ColourReference) -> Colour {
    switch reference {
    case .primary: palette.primary
    case .secondary: palette.secondary
    case .accent: palette.accent
    case .light: palette.light
    case .dark: palette.dark
    case .exact(let colour): colour
    }
  }

  /// Whether light text reads better on it, and so the light logo.
  var isDark: Bool {
    colour(.light).contrast(with: colour(ground)) >= colour(.dark).contrast(with: colour(ground))
  }

  /// The first colour that stands out from the ground as WCAG 2.2, 1.4.11 asks of controls (3 to 1), else the one
  /// that does best.
  var button: ColourReference {
    let candidates: [ColourReference] = [.accent, .primary, .secondary, .dark, .light]
    func contrast(_ reference: ColourReference) -> Double { colour(reference).contrast(with: colour(ground)) }
    return candidates.first { contrast($0) >= 3 } ?? candidates.max { contrast($0) < contrast($1) } ?? .dark
  }

  /// What small marks are set in: the companion of the ground, where it can be read (4.5 to 1, WCAG 2.2, 1.4.3).
  var mark: ColourReference? {
    let candidates: [ColourReference] = isDark ? [.secondary, .accent] : [.primary, .accent]
    return candidates.first { colour($0).contrast(with: colour(ground)) >= 4.5 }
  }

  /// A quiet gradient that stays within the ground's own hue.
  var background: Background {
    let base = colour(ground)
    let towards = isDark ? Colour.black : Colour.white
    func mixed(_ amount: Double) -> ColourReference {
      func mix(_ a: UInt8, _ b: UInt8) -> UInt8 {
        UInt8((Double(a) + (Double(b) - Double(a)) * amount).rounded())
      }
      return .exact(
        Colour(
          red: mix(base.red, towards.red), green: mix(base.green, towards.green),
          blue: mix(base.blue, towards.blue)))
    }
    return .gradient(GradientBackground(from: ground, to: mixed(isDark ? 0.35 : 0.3), angle: 70, glow: glow))
  }

  private var glow: ColourReference? {
    switch ground {
    case .primary, .dark: .secondary
    case .light: .secondary
    default: .light
    }
  }
}
