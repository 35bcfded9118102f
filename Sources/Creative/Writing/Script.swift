internal import Engine

/// The scenes of a version: what stands where in each layout. The engine adapts anchors to each placement's shape
/// and veils photos just as much as the words over them need.
struct Script {
  enum Layout: String, CaseIterable {
    /// Product in the middle with words above.
    case centred
    /// Product and words side by side or stacked.
    case split
    /// Words across the picture, a small product as signature.
    case overlay
  }

  struct Texts {
    var brand: String
    var tagline: String
    var hook: String
    var headline: String
    var proof: String
    var callToAction: String?
    var legal: String
  }

  /// Asset ids.
  struct Pictures {
    var logo: String
    var product: String?
    var photo: String?
  }

  let field: Field
  let cuts: CutPlan
  let layout: Layout
  let texts: Texts
  let pictures: Pictures
  /// Chooses the direction in which photos drift.
  let drift: Int

  var scenes: [Scene] {
    var scenes = [hook]
    if cuts.proof == nil {
      scenes.append(product(duration: cuts.product, proof: texts.proof))
    } else {
      scenes.append(product(duration: cuts.product, proof: nil))
    }
    if let duration = cuts.proof { scenes.append(proof(duration: duration)) }
    scenes.append(close)
    return scenes
  }

  private var hook: Scene {
    let words = TextLayer(
      role: .headline, text: texts.hook, weight: .black, colour: pictures.photo == nil ? nil : .light,
      anchor: layout == .centred ? .centre : .bottomStart,
      entrance: Entrance(kind: .rise, duration: .milliseconds(350)))
    return Scene(
      duration: cuts.hook, background: photo(closeness: 0),
      layers: [.text(words)])
  }

  private func product(duration: TimeSpan, proof: String?) -> Scene {
    switch layout {
    case .centred: centred(duration: duration, proof: proof)
    case .split: split(duration: duration, proof: proof)
    case .overlay: overlay(duration: duration, proof: proof)
    }
  }

  private func centred(duration: TimeSpan, proof: String?) -> Scene {
    var layers: [Layer] = [eyebrow(anchor: .top), headline(anchor: .top)]
    layers += product(anchor: .centre, size: 0.62)
    layers += body(proof, anchor: .bottom)
    return Scene(
      duration: duration, transition: cuts.transition, background: field.background, layers: layers)
  }

  private func split(duration: TimeSpan, proof: String?) -> Scene {
    var layers = product(anchor: .centre, size: 0.8)
    layers += [eyebrow(anchor: .start), headline(anchor: .start)]
    layers += body(proof, anchor: .start)
    return Scene(
      duration: duration, transition: cuts.transition, background: field.background, arrangement: .split,
      layers: layers)
  }

  private func overlay(duration: TimeSpan, proof: String?) -> Scene {
    var layers = product(anchor: .topEnd, size: 0.34)
    layers.append(headline(anchor: .bottomStart, colour: pictures.photo == nil ? nil : .light))
    layers += body(proof, anchor: .bottomStart, colour: pictures.photo == nil ? nil : .light)
    return Scene(
      duration: duration, transition: cuts.transition, background: photo(closeness: 0.18), layers: layers)
  }

  /// A beat of its own for the proof, where the pace is quick: the picture stays, the words change.
  private func proof(duration: TimeSpan) -> Scene {
    func words(anchor: Anchor, colour: ColourReference? = nil) -> Layer {
      .text(
        TextLayer(
          role: .headline, text: texts.proof, weight: .bold, colour: colour, anchor: anchor,
          entrance: Entrance(kind: .slide, duration: .milliseconds(300))))
    }
    var scene = Scene(
      duration: duration, transition: cuts.transition, background: field.background, layers: [])
    switch layout {
    case .centred:
      scene.layers = [words(anchor: .centre)]
    case .split:
      scene.arrangement = .split
      scene.layers = product(anchor: .centre, size: 0.8, entrance: .none) + [words(anchor: .start)]
    case .overlay:
      scene.background = photo(closeness: 0.3)
      scene.layers =
        product(anchor: .topEnd, size: 0.34, entrance: .none)
        + [words(anchor: .bottomStart, colour: pictures.photo == nil ? nil : .light)]
    }
    return scene
  }

  /// Ends on the brand. The product joins it where the scenes before showed it small or at the side.
  private var close: Scene {
    let anchor: Anchor = layout == .centred ? .centre : .start
    var layers: [Layer] = layout == .centred ? [] : product(anchor: .centre, size: 0.7)
    layers += [
      .image(
        ImageLayer(
          purpose: .logo, asset: pictures.logo, anchor: anchor, size: layout == .centred ? 0.62 : 0.5,
          entrance: Entrance(kind: .fade, duration: .milliseconds(350)))),
      .text(
        TextLayer(
          role: .body, text: texts.tagline, weight: .medium, anchor: anchor,
          entrance: Entrance(kind: .fade, delay: .milliseconds(150), duration: .milliseconds(350)))),
    ]
    if let text = texts.callToAction {
      layers.append(
        .button(
          ButtonLayer(
            text: text, fill: field.button, anchor: anchor,
            entrance: Entrance(kind: .pop, delay: .milliseconds(300), duration: .milliseconds(350)))))
    }
    layers.append(
      .text(
        TextLayer(
          role: .legal, text: texts.legal, alignment: layout == .centred ? .centre : .start,
          anchor: layout == .centred ? .bottom : .bottomStart, entrance: .none)))
    return Scene(
      duration: cuts.close, transition: cuts.transition, background: field.background,
      arrangement: layout == .centred ? .stack : .split, layers: layers)
  }

  private func eyebrow(anchor: Anchor) -> Layer {
    .text(
      TextLayer(
        role: .eyebrow, text: texts.brand, colour: field.mark, anchor: anchor,
        entrance: Entrance(kind: .fade, duration: .milliseconds(300))))
  }

  private func headline(anchor: Anchor, colour: ColourReference? = nil) -> Layer {
    .text(
      TextLayer(
        role: .headline, text: texts.headline, weight: .bold, colour: colour, anchor: anchor,
        entrance: Entrance(kind: .rise, delay: .milliseconds(100), duration: .milliseconds(400))))
  }

  private func body(_ text: String?, anchor: Anchor, colour: ColourReference? = nil) -> [Layer] {
    guard let text else { return [] }
    return [
      .text(
        TextLayer(
          role: .body, text: text, weight: .medium, colour: colour, anchor: anchor,
          entrance: Entrance(kind: .rise, delay: .milliseconds(450), duration: .milliseconds(400))))
    ]
  }

  private func product(
    anchor: Anchor, size: Double, entrance: Entrance = Entrance(kind: .rise, duration: .milliseconds(450))
  ) -> [Layer] {
    guard let asset = pictures.product else { return [] }
    let layer = ImageLayer(
      purpose: .product, asset: asset, anchor: anchor, size: size, entrance: entrance, floats: true)
    return [.image(layer)]
  }

  /// - Parameter closeness: how much nearer than the widest framing the drift begins.
  private func photo(closeness: Double) -> Background {
    guard let asset = pictures.photo else { return field.background }
    let towards = drift % 2 == 0 ? 0.04 : -0.04
    return .photo(
      PhotoBackground(
        asset: asset, from: .init(x: 0.5 - towards, y: 0.5, zoom: 1.02 + closeness),
        to: .init(x: 0.5 + towards, y: 0.5, zoom: 1.14 + closeness)))
  }
}
