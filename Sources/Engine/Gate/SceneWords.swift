/// Words in a scene: how they are set and when they can be read, in frames from the scene's start.
struct SceneWords: Sendable, Hashable {
  var text: String
  var size: Double
  var isBold: Bool
  /// nil where there are several.
  var colour: Colour?
  var lines: [Rectangle]
  /// From here on they show by at least half.
  var appears: Int
  /// From here on they rest at full strength.
  var settles: Int
  /// From here on they begin to go; nil: they stay as long as the scene.
  var leaves: Int?
  /// From here on they no longer show by half; nil: as long as the scene.
  var ends: Int?

  init(_ set: TypesetText, _ layer: TextLayer, at placed: PlacedBlock, colour: Colour) {
    let weight = layer.weight ?? TextStyle.of(layer.role).weight
    self.init(
      set, text: layer.text, isBold: Self.isBold(weight), colour: colour,
      entrance: layer.entrance.following(line: set.lines.count - 1, of: set.lines.count), x: placed.x,
      y: placed.y)
  }

  /// Words on a button's face.
  init(_ set: TypesetText, _ layer: ButtonLayer, at placed: PlacedBlock, colour: Colour) {
    self.init(
      set, text: layer.text, isBold: Self.isBold(TextStyle.button.weight), colour: colour,
      entrance: layer.entrance, x: placed.x + (placed.block.width - set.width) / 2,
      y: placed.y + (placed.block.height - set.height) / 2)
  }

  private init(
    _ set: TypesetText, text: String, isBold: Bool, colour: Colour, entrance: Entrance, x: Double, y: Double
  ) {
    self.text = text
    self.isBold = isBold
    self.colour = colour
    size = set.size
    lines = Self.lines(set, x: x, y: y)
    let length = entrance.kind == .none ? TimeSpan.zero : entrance.duration
    // Every entrance is at half its strength after a third of its time.
    appears = (entrance.delay + .milliseconds(length.milliseconds / 3)).frames
    settles = (entrance.delay + length).frames + 1
  }

  /// The ink of each line, the text's box standing at `x`, `y`.
  static func lines(_ set: TypesetText, x: Double, y: Double) -> [Rectangle] {
    set.lines.filter { $0.ink.width > 0 }.map { line in
      Rectangle(
        x: x + line.x + line.ink.x, y: y + line.baseline + line.ink.y, width: line.ink.width,
        height: line.ink.height)
    }
  }

  static func isBold(_ weight: TextLayer.Weight) -> Bool {
    weight == .semibold || weight == .bold || weight == .black
  }
}

extension GateSubject {
  /// What `stage` will show.
  init(_ stage: Stage, placement: Placement, hasSound: Bool) {
    let timeline = stage.timeline
    var words: [Words] = []
    var marks: [Mark] = []
    var scenes = timeline.scenes.map { (start: $0.start, end: $0.end, fade: $0.fade, overlap: $0.overlap) }
    // What stands over all scenes, in the whole's time.
    if stage.words.count > scenes.count { scenes.append((0, timeline.frameCount, 0, 0)) }
    for (index, scene) in scenes.enumerated() {
      // Half of a crossfade belongs to either scene; while it lasts, neither rests.
      let shownFrom = scene.start + scene.fade / 2
      let shownTo = scene.end + scene.overlap / 2
      for item in stage.words[index] {
        let shown = max(shownFrom, scene.start + item.appears)
        let steady = max(scene.start + scene.fade, scene.start + item.settles)
        let shownEnd = item.ends.map { min(shownTo, scene.start + $0) } ?? shownTo
        let steadyEnd = item.leaves.map { min(scene.end, scene.start + $0) } ?? scene.end
        words.append(
          Words(
            text: item.text, size: item.size, isBold: item.isBold, colour: item.colour,
            lines: item.lines.map { Box($0) }, shown: shown..<max(shown, shownEnd),
            steady: steady..<max(steady, steadyEnd)))
      }
      let lines = stage.words[index].flatMap(\.lines)
      let place = index < timeline.scenes.count ? "in scene \(index + 1)" : "over all scenes"
      for box in stage.guarded[index] where !lines.contains(box) {
        marks.append(Mark(name: "what stands \(place)", box: Box(box), shown: shownFrom..<shownTo))
      }
    }
    self.init(
      placement: placement, words: words, marks: marks, stills: timeline.stills, hasSound: hasSound,
      frameCount: timeline.frameCount)
  }
}

extension Timeline {
  var stills: [Range<Int>] { (0..<frameCount).lazy.map(frame).stills }
}

extension Sequence<Frame> {
  /// Stretches of frames that equal the one before.
  var stills: [Range<Int>] {
    var result: [Range<Int>] = []
    var last: Frame?
    for (number, frame) in enumerated() {
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
