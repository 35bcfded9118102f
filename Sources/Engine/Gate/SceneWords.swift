/// Words in a scene: how they are set and when they can be read, in frames from the scene's start.
struct SceneWords: Sendable, Hashable {
  var text: String
  var size: Double
  var isBold: Bool
  var colour: Colour
  var lines: [Rectangle]
  /// From here on they show by at least half.
  var appears: Int
  /// From here on they rest at full strength.
  var settles: Int

  init(_ set: TypesetText, _ layer: TextLayer, at placed: PlacedBlock, colour: Colour) {
    let weight = layer.weight ?? TextStyle.of(layer.role).weight
    self.init(
      set, text: layer.text, isBold: Self.isBold(weight), colour: colour, entrance: layer.entrance,
      // Lines that rise or slide follow each other by this much.
      last: .milliseconds(90 * max(0, set.lines.count - 1)), x: placed.x, y: placed.y)
  }

  /// Words on a button's face.
  init(_ set: TypesetText, _ layer: ButtonLayer, at placed: PlacedBlock, colour: Colour) {
    self.init(
      set, text: layer.text, isBold: Self.isBold(TextStyle.button.weight), colour: colour,
      entrance: layer.entrance, last: .zero, x: placed.x + (placed.block.width - set.width) / 2,
      y: placed.y + (placed.block.height - set.height) / 2)
  }

  private init(
    _ set: TypesetText, text: String, isBold: Bool, colour: Colour, entrance: Entrance, last: TimeSpan,
    x: Double, y: Double
  ) {
    self.text = text
    self.isBold = isBold
    self.colour = colour
    size = set.size
    lines = set.lines.filter { $0.ink.width > 0 }.map { line in
      Rectangle(
        x: x + line.x + line.ink.x, y: y + line.baseline + line.ink.y, width: line.ink.width,
        height: line.ink.height)
    }
    let length = entrance.kind == .none ? TimeSpan.zero : entrance.duration
    let delay = (entrance.kind == .rise || entrance.kind == .slide) ? entrance.delay + last : entrance.delay
    // Every entrance is at half its strength after a third of its time.
    appears = (delay + .milliseconds(length.milliseconds / 3)).frames
    settles = (delay + length).frames + 1
  }

  private static func isBold(_ weight: TextLayer.Weight) -> Bool {
    weight == .semibold || weight == .bold || weight == .black
  }
}

extension GateSubject {
  /// What `stage` will show.
  init(_ stage: Stage, placement: Placement, hasSound: Bool) {
    let timeline = stage.timeline
    var words: [Words] = []
    var marks: [Mark] = []
    for (index, scene) in timeline.scenes.enumerated() {
      // Half of a crossfade belongs to either scene; while it lasts, neither rests.
      let shownFrom = scene.start + scene.fade / 2
      let shownTo = scene.end + scene.overlap / 2
      for item in stage.words[index] {
        let shown = max(shownFrom, scene.start + item.appears)
        let steady = max(scene.start + scene.fade, scene.start + item.settles)
        words.append(
          Words(
            text: item.text, size: item.size, isBold: item.isBold, colour: item.colour,
            lines: item.lines.map { Box($0) }, shown: shown..<max(shown, shownTo),
            steady: steady..<max(steady, scene.end)))
      }
      let lines = stage.words[index].flatMap(\.lines)
      for box in stage.inkBoxes[index] where !lines.contains(box) {
        marks.append(
          Mark(name: "what stands in scene \(index + 1)", box: Box(box), shown: shownFrom..<shownTo))
      }
    }
    self.init(
      placement: placement, words: words, marks: marks, stills: timeline.stills, hasSound: hasSound,
      frameCount: timeline.frameCount)
  }
}

extension Timeline {
  /// Stretches of frames that equal the one before.
  var stills: [Range<Int>] {
    var result: [Range<Int>] = []
    var last: Frame?
    for number in 0..<frameCount {
      let frame = frame(number)
      defer { last = frame }
      guard frame == last else { continue }
      if let open = result.last, open.upperBound == number {
        result[result.count - 1] = open.lowerBound..<number + 1
      } else {
        result.append(number..<number + 1)
      }
    }
    return result
  }
}
