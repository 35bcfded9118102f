import Foundation

/// A bitmap with its place at rest and the way it moves, in one scene.
struct Sprite: Sendable, Hashable {
  enum Motion: Sendable, Hashable {
    case none
    /// Hovers by `height` pixels.
    case float(height: Double)
    case pulse
    /// Circles slowly over `radius` pixels, beginning at `phase`.
    case drift(radius: Double, phase: Double)
  }

  var bitmap: Int
  /// Where it rests; whole pixels, so that it is drawn sharp.
  var rest: Rectangle
  var entrance: Entrance = .none
  var motion: Motion = .none
  /// How far `rise` and `slide` may come from, signed, in pixels.
  var travel: Double = 0

  /// How the sprite stands `time` seconds into its scene, or nil while it is not to be seen.
  func mark(at time: Double) -> Frame.Mark? {
    var mark = Frame.Mark(bitmap: bitmap, x: rest.x, y: rest.y)
    let start = entrance.delay.seconds
    let length = entrance.duration.seconds
    let progress = length > 0 ? min(1, max(0, (time - start) / length)) : (time >= start ? 1 : 0)
    if entrance.kind != .none {
      guard progress > 0 else { return nil }
      enter(&mark, progress)
    }
    move(&mark, since: time - start - length, time: time)
    return mark
  }

  private func enter(_ mark: inout Frame.Mark, _ progress: Double) {
    guard progress < 1 else { return }
    let left = 1 - Easing.out(progress)
    switch entrance.kind {
    case .none: break
    case .fade:
      mark.opacity = Easing.out(progress)
    case .rise:
      mark.opacity = min(1, progress * 1.6)
      mark.y += travel * left
    case .slide:
      mark.opacity = min(1, progress * 1.6)
      mark.x += travel * left
    case .pop:
      mark.opacity = min(1, progress * 2.5)
      resize(&mark, 0.6 + 0.4 * Easing.outBack(progress))
    }
  }

  private func move(_ mark: inout Frame.Mark, since settled: Double, time: Double) {
    switch motion {
    case .none: break
    case .float(let height):
      mark.y -= height * 0.5 * (1 - cos(time * 2 * .pi / 4))
    case .pulse:
      if settled > 0 { resize(&mark, mark.scale * (1 + 0.0125 * (1 - cos(settled * 2 * .pi / 1.1)))) }
    case .drift(let radius, let phase):
      // Soft light: whole pixels are smooth enough, and cheaper to lay.
      let angle = phase + time * 0.45
      mark.x = (mark.x + radius * cos(angle)).rounded()
      mark.y = (mark.y + radius * sin(angle * 0.8)).rounded()
    }
  }

  /// About the sprite's middle.
  private func resize(_ mark: inout Frame.Mark, _ scale: Double) {
    mark.scale = scale
    mark.x = rest.x + rest.width * (1 - scale) / 2
    mark.y = rest.y + rest.height * (1 - scale) / 2
  }
}
