import Documents

extension Layer {
  private static let keys: [Kind: [String]] = [
    .text: ["role", "text", "weight", "alignment", "colour", "anchor", "entrance"],
    .image: ["purpose", "asset", "anchor", "size", "entrance", "floats"],
    .button: ["text", "fill", "colour", "anchor", "entrance", "pulses"],
    .scrim: ["edge", "colour", "opacity"],
  ]

  init(_ node: DocumentNode) {
    let kind = node.mapping().oneOf("kind", Kind.self, what: "layer")
    let map = node.mapping(allowed: ["kind"] + (Self.keys[kind] ?? []))
    switch kind {
    case .text: self = .text(TextLayer(map))
    case .image: self = .image(ImageLayer(map))
    case .button: self = .button(ButtonLayer(map))
    case .scrim:
      self = .scrim(
        ScrimLayer(
          edge: map.optionalOneOf("edge", ScrimLayer.Edge.self, what: "edge") ?? .full,
          colour: map.optional("colour")?.colourReference() ?? .dark,
          opacity: map.optionalDouble("opacity", in: 0...1) ?? 0.5))
    }
  }
}

extension TextLayer {
  init(_ map: DocumentMapping) {
    self.init(
      role: map.oneOf("role", Role.self, what: "role"), text: map.string("text", length: 1...600),
      weight: map.optionalOneOf("weight", Weight.self, what: "weight"),
      alignment: map.optionalOneOf("alignment", Alignment.self, what: "alignment"),
      colour: map.optional("colour")?.colourReference(), anchor: map.anchor(),
      entrance: map.entrance(standard: .rise))
  }
}

extension ImageLayer {
  init(_ map: DocumentMapping) {
    self.init(
      purpose: map.oneOf("purpose", Purpose.self, what: "purpose"),
      asset: map.string("asset", length: 1...200), anchor: map.anchor(),
      size: map.double("size", in: 0.05...1), entrance: map.entrance(standard: .fade),
      floats: map.bool("floats", default: false))
  }
}

extension ButtonLayer {
  init(_ map: DocumentMapping) {
    self.init(
      text: map.string("text", length: 1...60), fill: map.optional("fill")?.colourReference() ?? .accent,
      colour: map.optional("colour")?.colourReference(), anchor: map.anchor(),
      entrance: map.entrance(standard: .pop), pulses: map.bool("pulses", default: true))
  }
}

extension DocumentMapping {
  fileprivate func anchor() -> Anchor {
    oneOf("anchor", Anchor.self, what: "anchor")
  }

  /// `entrance: rise`, or a mapping with `kind`, `delay` and `duration`.
  fileprivate func entrance(standard: Entrance.Kind) -> Entrance {
    guard let node = optional("entrance") else { return Entrance(kind: standard) }
    guard node.isMapping else {
      let kind = node.oneOf(Entrance.Kind.self, what: "entrance")
      return kind == .none ? .none : Entrance(kind: kind)
    }
    let map = node.mapping(allowed: ["kind", "delay", "duration"])
    let kind = map.oneOf("kind", Entrance.Kind.self, what: "entrance")
    let limit = Duration.seconds(30)
    return Entrance(
      kind: kind, delay: TimeSpan(map.optionalDuration("delay", in: .zero...limit) ?? .zero),
      duration: TimeSpan(map.optionalDuration("duration", in: .zero...limit) ?? .milliseconds(500)))
  }
}
