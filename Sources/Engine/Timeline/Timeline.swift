/// A storyboard laid out for one placement: what each frame shows, as a pure function of its number. Names
/// bitmaps by their index in the stage that was built with it.
struct Timeline: Sendable, Hashable {
  struct Scene: Sendable, Hashable {
    enum Ground: Sendable, Hashable {
      case still(bitmap: Int)
      case moving(KenBurns)
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
  }

  var width: Int
  var height: Int
  var scenes: [Scene]

  var frameCount: Int { scenes.last?.end ?? 0 }

  func frame(_ number: Int) -> Frame {
    guard let index = scenes.lastIndex(where: { $0.start <= number }) else { return Frame(marks: []) }
    let scene = scenes[index]
    let into = number - scene.start
    guard index > 0, into < scene.fade else { return Frame(marks: marks(of: scene, at: number)) }
    // The first frame of a fade already shows a little of the new scene, the last not yet all of it.
    let mix = Easing.inOut(Double(into + 1) / Double(scene.fade + 1))
    return Frame(
      marks: marks(of: scenes[index - 1], at: number), incoming: marks(of: scene, at: number), mix: mix)
  }

  private func marks(of scene: Scene, at number: Int) -> [Frame.Mark] {
    let time = Double(number - scene.start) / Double(Engine.framesPerSecond)
    let length = Double(max(1, scene.end + scene.overlap - scene.start - 1))
    let ground =
      switch scene.ground {
      case .still(let bitmap): Frame.Mark(bitmap: bitmap, x: 0, y: 0)
      case .moving(let photo):
        photo.mark(
          progress: Double(number - scene.start) / length, width: Double(width), height: Double(height))
      }
    return [ground] + scene.sprites.compactMap { $0.mark(at: time) }
  }
}
