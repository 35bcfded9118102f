import CDrawing

extension CompositionBuilder {
  /// One actor a caption; karaoke adds every word again in the highlight's colour.
  mutating func add(
    _ captions: Captions, _ layer: CompositionLayer, _ time: SceneTime, to cast: inout Cast
  ) throws(EngineError) {
    for cue in captions.cues {
      var text = TextBlock(
        runs: [.init(text: cue.text)], lettering: captions.lettering, size: captions.size, maximumLines: 4,
        lineHeight: 1, align: .centre, colour: captions.colour, isUppercase: false)
      if captions.style == .box {
        text.panel = TextBlock.Panel(
          fill: .colour(captions.fill), opacity: 1, radius: 18, padding: 22)
      } else {
        text.outline = Border(colour: .dark, width: 3)
        text.shadow = Shadow(radius: 14, drop: 3, colour: .dark, opacity: 0.6)
      }
      var words = layer
      words.place = cue.place
      words.kind = .text(text)
      words.from = cue.from
      words.until = cue.until
      if words.motion.enter == nil {
        words.motion.enter = CompositionLayer.Enter(kind: .fade, duration: 0.12)
      }
      guard let placed = try self.placed([words])[0], case .text(let set, _) = placed.measured.content
      else { continue }
      let art = LayerArt(palette: composition.palette, unit: unit)
      var actor = actor(words, placed.box, time)
      let painted = try art.text(
        set, text, colour: colour(captions.colour), width: placed.box.width, height: placed.box.height)
      actor.look = .bitmap(self.placed(painted, in: placed.box, 1))
      let first = cast.actors.count
      cast.actors.append(actor)
      note(placed.box, words, from: first, to: &cast)
      tell(
        centred(set, cue.text, captions.lettering, colour(captions.colour), in: placed.box), words,
        from: first, to: &cast)
      if captions.style == .karaoke {
        try light(set, text, cue, colour(captions.highlight), words, placed.box, time, art, to: &cast)
      }
    }
  }

  /// Words take the time their letters take.
  private mutating func light(
    _ set: TypesetText, _ text: TextBlock, _ cue: Captions.Cue, _ colour: Colour, _ layer: CompositionLayer,
    _ box: Rectangle, _ time: SceneTime, _ art: LayerArt, to cast: inout Cast
  ) throws(EngineError) {
    let pieces = set.pieces(by: .word)
    var plain = text
    plain.shadow = nil
    let total = pieces.reduce(0) { $0 + $1.box.width }
    let span = (cue.until - cue.from) * 0.9
    var done = 0.0
    for piece in pieces {
      let start = cue.from + span * done / max(1, total)
      done += piece.box.width
      var actor = actor(layer, box, time)
      actor.from = start
      actor.until = cue.from + span * done / max(1, total)
      if piece.order == pieces.last?.order { actor.until = cue.until }
      actor.arrival = nil
      let painted = try art.text(
        set, plain, colour: colour, width: box.width, height: box.height, piece: piece)
      actor.look = .bitmap(placed(painted, in: box, 1))
      cast.actors.append(actor)
    }
  }
}
