import Documents

extension FormReader {
  func track(_ key: String) -> Track {
    let standard = form[key].standard.flatMap { Double($0) } ?? 0
    guard let node = value(key) else { return Track(standard) }
    guard case .track(let range) = form[key].type else { return Track(standard) }
    guard node.isMapping else { return Track(node.double(in: range)) }
    let map = node.mapping(allowed: ["keys", "wave", "repeat"])
    if let wave = map.optional("wave") {
      if map.has("keys") { map.problem("has both keys and a wave; one is enough") }
      let reader = FormReader(wave, Forms.wave, clock)
      let (low, high) = (reader.number("low"), reader.number("high"))
      for (name, value) in [("low", low), ("high", high)] where !range.contains(value) {
        reader.value(name)?.problem("must be between \(range.lowerBound) and \(range.upperBound)")
      }
      return Track(
        wave: .init(low: low, high: high, rate: reader.number("rate"), phase: reader.number("phase")))
    }
    let items = map.require("keys").list(count: 1...200) { item in
      let reader = FormReader(item, Forms.key, clock)
      let value = reader.number("value")
      if !range.contains(value) {
        reader.value("value")?.problem(
          "must be between \(range.lowerBound) and \(range.upperBound), but is \(value)")
      }
      return (
        place: item,
        key: Track.Key(time: reader.moment("at") ?? 0, value: value, easing: reader.easing("easing"))
      )
    }
    for (earlier, later) in zip(items, items.dropFirst()) where later.key.time <= earlier.key.time {
      later.place.problem("keys must follow each other in time; this one is not after the one before")
    }
    let repeats = map.optionalOneOf("repeat", Track.Repeat.self, what: "repeat") ?? .no
    return items.isEmpty ? Track(standard) : Track(keys: items.map(\.key), repeats: repeats)
  }

  func size(_ key: String) -> SizeRange? {
    guard let node = value(key) else {
      // The standard is written `{min: 36, max: 96}`.
      let numbers = form[key].standard?.split { !$0.isNumber && $0 != "." }.compactMap { Double($0) } ?? []
      return numbers.count == 2 ? SizeRange(smallest: numbers[0], largest: numbers[1]) : nil
    }
    guard node.isMapping else {
      let size = node.double(in: 8...600)
      return SizeRange(smallest: size, largest: size)
    }
    let reader = FormReader(node, Forms.size, clock)
    let range = SizeRange(smallest: reader.number("min"), largest: reader.number("max"))
    if range.smallest > range.largest { node.problem("min is larger than max") }
    return range
  }

  func fill(_ key: String) -> Fill {
    optionalFill(key) ?? form[key].standard.flatMap { ColourReference($0) }.map { .colour($0) }
      ?? .colour(.dark)
  }

  func optionalFill(_ key: String) -> Fill? {
    guard let node = value(key) else { return nil }
    guard node.isMapping else { return .colour(node.colourReference()) }
    let reader = FormReader(node, Forms.gradient, clock)
    return .gradient(
      from: reader.colour("from"), to: reader.colour("to"), angle: reader.number("angle"))
  }

  func border(_ key: String = "border") -> Border? {
    reader(key, Forms.border).map { Border(colour: $0.colour("colour"), width: $0.number("width")) }
  }

  func shadow() -> Shadow? {
    reader("shadow", Forms.shadow).map {
      Shadow(
        radius: $0.number("radius"), drop: $0.number("drop"), colour: $0.colour("colour"),
        opacity: $0.number("opacity"))
    }
  }

  func lettering(_ font: String, _ weight: TextLayer.Weight, tracking: Double = 0) -> Lettering {
    Lettering(
      font: text("font") ?? font, weight: optionalChoice("weight", TextLayer.Weight.self) ?? weight,
      tracking: optionalNumber("tracking") ?? tracking)
  }

  func zoom() -> Zoom? {
    reader("zoom", Forms.zoom).map { zoom in
      Zoom(from: zoom.framing("from"), to: zoom.framing("to"), easing: zoom.optionalEasing("easing"))
    }
  }

  func framing(_ key: String) -> PhotoBackground.Framing {
    reader(key, Forms.framing).map {
      PhotoBackground.Framing(x: $0.number("x"), y: $0.number("y"), zoom: $0.number("zoom"))
    } ?? .init()
  }

  func enter() -> CompositionLayer.Enter? {
    guard let node = value("enter") else { return nil }
    guard node.isMapping else {
      let kind = node.oneOf(Arrival.Kind.self, what: "arrival")
      return kind == .none ? nil : CompositionLayer.Enter(kind: kind)
    }
    let reader = FormReader(node, Forms.arrival, clock)
    return CompositionLayer.Enter(
      kind: reader.choice("kind", Arrival.Kind.self), delay: reader.length("delay"),
      duration: reader.length("duration"), easing: reader.optionalEasing("easing"),
      distance: reader.optionalNumber("distance"), by: reader.choice("by", Pieces.self),
      stagger: reader.length("stagger"))
  }

  func leave() -> CompositionLayer.Leave? {
    guard let node = value("leave") else { return nil }
    guard node.isMapping else {
      let kind = node.oneOf(Arrival.Kind.self, what: "departure")
      return kind == .none ? nil : CompositionLayer.Leave(kind: kind)
    }
    let reader = FormReader(node, Forms.departure, clock)
    return CompositionLayer.Leave(
      kind: reader.choice("kind", Arrival.Kind.self), duration: reader.length("duration"),
      easing: reader.optionalEasing("easing"), distance: reader.number("distance"))
  }

  func mask() -> CompositionLayer.Mask? {
    guard let reader = reader("mask", Forms.mask) else { return nil }
    let shape = reader.optionalChoice("shape", MaskShape.self)
    let (asset, layer) = (reader.text("asset"), reader.text("layer"))
    let sources: [CompositionLayer.Mask.Source] =
      [shape.map { .shape($0) }, asset.map { .asset($0) }, layer.map { .layer($0) }].compactMap(\.self)
    if sources.count != 1 { reader.map.problem("must have exactly one of shape, asset and layer") }
    let isStill = reader.flag("still")
    if layer != nil, reader.number("feather") > 0 || isStill {
      reader.map.problem(
        "a mask that is a layer moves as that layer does and has its edge: leave feather and still away")
    }
    return CompositionLayer.Mask(
      place: reader.place, source: sources.first ?? .shape(.rectangle), isInverted: reader.flag("invert"),
      feather: reader.number("feather"), isStill: isStill)
  }

  func overrides() -> [CompositionLayer.ShapedOverride] {
    guard let node = value("shapes") else { return [] }
    let map = node.mapping(allowed: ShapeClass.allCases.map(\.rawValue))
    var result: [CompositionLayer.ShapedOverride] = []
    for (key, node) in map.entries {
      guard let shape = ShapeClass(rawValue: key) else { continue }
      let reader = FormReader(node, Forms.override, clock)
      let change = CompositionLayer.Override(
        isHidden: reader.flag("hidden"), anchor: reader.optionalChoice("anchor", Anchor.self),
        x: reader.optionalMeasure("x"), y: reader.optionalMeasure("y"),
        width: reader.optionalMeasure("width"), height: reader.optionalMeasure("height"),
        size: reader.size("size"), align: reader.optionalChoice("align", TextLayer.Alignment.self))
      result.append(.init(shape: shape, change: change))
    }
    return result
  }
}
