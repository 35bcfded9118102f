extension CompositionBuilder.Cast {
  /// What the gate is to find in the file. What only lends its shape to others, is cut to another's or mixed
  /// with what lies beneath looks unlike itself and cannot be held to its own colour.
  var words: [SceneWords] {
    told.filter { item in
      let actor = actors[item.actor]
      return !actor.isHidden && actor.veil == nil && actor.blend == .normal
    }.map(\.words)
  }

  /// Boxes the gate holds to the safe zone.
  var guarded: [Rectangle] {
    noted.filter { actors.indices.contains($0.actor) && !actors[$0.actor].isHidden }.map(\.box)
  }
}

extension CompositionBuilder {
  /// Words as a layer sets them.
  struct SetWords {
    let set: TypesetText
    var text: String
    var weight: TextLayer.Weight
    /// Of the smallest run, where the set's own size is 1.
    var scale = 1.0
    /// nil where they have several.
    var colour: Colour?
    /// The set's top left corner.
    var x: Double
    var y: Double
  }

  /// Tells the gate of words which the actors from `first` on show. Layers that are laid out on the whole
  /// picture rather than in its safe zone are pictures made of letters.
  func tell(_ words: SetWords, _ layer: CompositionLayer, from first: Int, to cast: inout Cast) {
    guard layer.position.zone != .picture, cast.actors.indices.contains(first) else { return }
    let tracks = layer.motion.tracks
    let (scale, opacity) = (tracks.scale.range, tracks.opacity.range)
    // Elsewhere than at rest there is nothing to be read from the picture; size and time count all the same.
    let isAtRest =
      scale.lowerBound > 0.85 && scale.upperBound < 1.15 && opacity.lowerBound > 0.5
      && [tracks.rotation, tracks.x, tracks.y, tracks.blur].allSatisfy { $0.range == 0...0 }
    cast.told.append(
      (
        SceneWords(
          words, colour: opacity.lowerBound > 0.98 ? words.colour : nil, isAtRest: isAtRest,
          actors: cast.actors[first...]), first
      ))
  }

  /// Words in the middle of their layer's box.
  func centred(
    _ set: TypesetText, _ text: String, _ lettering: Lettering, _ colour: Colour, in box: Rectangle,
    shift: Double = 0
  ) -> SetWords {
    SetWords(
      set: set, text: text, weight: lettering.weight, colour: colour,
      x: box.x + (box.width - set.width) / 2 + shift, y: box.y + (box.height - set.height) / 2)
  }

  /// The one colour of a text's runs; nil where there are several.
  func inkColour(_ text: TextBlock, _ ink: Colour) -> Colour? {
    let colours = Set(text.runs.filter { $0.text.contains { !$0.isWhitespace } }.map(\.colour))
    guard colours.count < 2 else { return nil }
    return (colours.first ?? nil).map { colour($0) } ?? ink
  }
}

extension SceneWords {
  /// Words of a composition, timed by the actors that show them.
  init(
    _ words: CompositionBuilder.SetWords, colour: Colour?, isAtRest: Bool, actors: ArraySlice<Actor>
  ) {
    func frame(_ seconds: Double) -> Int { Int((seconds * Double(Engine.framesPerSecond)).rounded(.up)) }
    text = words.text
    size = words.set.size * words.scale
    isBold = Self.isBold(words.weight)
    self.colour = colour
    lines = isAtRest ? Self.lines(words.set, x: words.x, y: words.y) : []
    // Every arrival is at half its strength after a third of its time.
    appears = frame(
      actors.map { actor in
        max(actor.from, actor.arrival.map { $0.kind == .none ? $0.start : $0.start + $0.duration / 3 } ?? 0)
      }.max() ?? 0)
    settles =
      frame(actors.map { max($0.from, $0.arrival.map { $0.start + $0.duration } ?? 0) }.max() ?? 0) + 1
    let until = actors.map(\.until).min() ?? .infinity
    let leaving = actors.compactMap(\.departure).min { $0.start < $1.start }
    let goes = min(until, leaving?.start ?? .infinity)
    let gone = min(until, leaving.map { $0.start + $0.duration * 2 / 3 } ?? .infinity)
    leaves = goes.isFinite ? Int(goes * Double(Engine.framesPerSecond)) : nil
    ends = gone.isFinite ? Int(gone * Double(Engine.framesPerSecond)) : nil
  }
}
