/// Chooses the colour of words and the veil beneath them so that they can be read.
/// Thresholds: WCAG 2.2, success criterion 1.4.3: 4.5 for text, 3 for large text (here from 40 px up).
struct Legibility {
  let palette: Palette

  struct Choice {
    /// What words without a colour of their own get.
    var text: Colour
    var veil: Colour
    var opacity: Double
  }

  static func goal(_ text: TypesetText, unit: Double) -> Double { text.size >= 40 * unit ? 3 : 4.5 }

  /// One choice for all words of a scene, so that they look alike.
  func choose(
    for texts: [(layer: TextLayer, set: TypesetText, box: Rectangle)], on ground: Ground, unit: Double
  )
    -> Choice
  {
    func choice(_ text: Colour, _ veil: Colour) -> Choice {
      // A little above the rule: photos have more than their samples show.
      let opacities = texts.map { item in
        Ground.veil(
          veil, for: text, on: ground.colours(behind: item.box), goal: Self.goal(item.set, unit: unit) * 1.08)
      }
      return Choice(text: text, veil: veil, opacity: opacities.max() ?? 0)
    }
    // Veils in the picture's own hue darken and lighten it; the brand's would tint it.
    let mean = ground.mean
    let onDark = choice(palette.light, mean.mixed(with: .black, 0.84).mixed(with: palette.dark, 0.25))
    let onLight = choice(palette.dark, mean.mixed(with: .white, 0.84).mixed(with: palette.light, 0.25))
    // The one that needs less veil; light words where both are as good, for they glow on a screen.
    // Light words that were asked for are worth more veil: night photos look wrong when they are bleached.
    let patience = texts.contains { $0.layer.colour == .light } ? 0.35 : 0.1
    return onLight.opacity + patience < onDark.opacity ? onLight : onDark
  }

  /// The layer's own colour where it can be read on `ground`, else the scene's.
  func colour(
    of layer: TextLayer, _ set: TypesetText, box: Rectangle, on ground: Ground, choice: Choice, unit: Double
  )
    -> Colour
  {
    guard let wish = layer.colour.map(palette.colour) else { return choice.text }
    let behind = ground.colours(behind: box).map { $0.mixed(with: choice.veil, choice.opacity) }
    let goal = layer.role == .eyebrow || layer.role == .headline ? 3 : Self.goal(set, unit: unit)
    return Ground.contrast(of: wish, on: behind) >= goal ? wish : choice.text
  }
}
