/// A storyboard laid out for one placement: what each frame shows, as a pure function of its number. Names
/// bitmaps by their index in the stage that was built with it.
struct Timeline: Sendable, Hashable {
  struct Scene: Sendable, Hashable {
    enum Ground: Sendable, Hashable {
      case still(bitmap: Int)
      case moving(KenBurns)
      /// The first actor covers the picture.
      case bare
    }

    /// Number of the first frame, and of the first one after the scene.
    var start: Int
    var end: Int
    /// Frames over which the scene before gives way.
    var fade: Int
    /// Frames for which the next scene still needs this one.
    var overlap: Int
    var ground: Ground
    var sprites: [Sprite]
    /// Over the sprites, from back to front.
    var actors: [Actor] = []
    /// How the scene before gives way over `fade` frames.
    var passage: Passage = .crossfade
    var easing: Easing = .power(3, .both)
  }

  var width: Int
  var height: Int
  var scenes: [Scene]
  /// Over all scenes, in the whole's time.
  var over: [Actor] = []

  var frameCount: Int { scenes.last?.end ?? 0 }

  func frame(_ number: Int) -> Frame {
    guard let index = scenes.lastIndex(where: { $0.start <= number }) else { return Frame(marks: []) }
    let scene = scenes[index]
    let into = number - scene.start
    let over = marks(of: over, at: number, length: frameCount)
    guard index > 0, into < scene.fade else {
      return Frame(marks: marks(of: scene, at: number), over: over)
    }
    // The first frame of a fade already shows a little of the new scene, the last not yet all of it.
    let mix = scene.easing(Double(into + 1) / Double(scene.fade + 1))
    return Frame(
      marks: marks(of: scenes[index - 1], at: number), incoming: marks(of: scene, at: number), mix: mix,
      passage: scene.passage, over: over)
  }

  private func marks(of scene: Scene, at number: Int) -> [Frame.Mark] {
    let time = Double(number - scene.start) / Double(Engine.framesPerSecond)
    let length = scene.end + scene.overlap - scene.start
    var marks: [Frame.Mark] = []
    switch scene.ground {
    case .bare: break
    case .still(let bitmap): marks.append(Frame.Mark(bitmap: bitmap, x: 0, y: 0))
    case .moving(let photo):
      marks.append(
        photo.mark(
          progress: Double(number - scene.start) / Double(max(1, length - 1)), width: Double(width),
          height: Double(height)))
    }
    marks += scene.sprites.compactMap { $0.mark(at: time) }
    return marks + self.marks(of: scene.actors, at: number - scene.start, length: length)
  }

  private func marks(of cast: [Actor], at number: Int, length: Int) -> [Frame.Mark] {
    guard !cast.isEmpty else { return [] }
    let rate = Double(Engine.framesPerSecond)
    let setting = Actor.Setting(
      length: max(1, Double(length - 1)) / rate, width: Double(width), height: Double(height), cast: cast)
    return cast.compactMap { $0.mark(at: Double(number) / rate, in: setting) }
  }
}
