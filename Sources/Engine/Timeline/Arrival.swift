/// How something comes (or, run backwards, goes).
struct Arrival: Sendable, Hashable {
  enum Kind: String, Sendable, Hashable, CaseIterable {
    case none, fade, rise, drop, slide, pop, zoom, spin, wipe, focus
  }

  var kind: Kind
  /// Seconds: when it begins, in the scene's time, and how long it takes.
  var start: Double
  var duration: Double
  var easing: Easing
  /// How far `rise`, `drop` and `slide` come, in pixels; `slide`'s is signed.
  var distance = 0.0
  /// The window a `wipe` opens from the left (or, when true, from the right).
  var isFromRight = false

  /// What an arrival does to a mark while it lasts.
  struct Change: Sendable, Hashable {
    var opacity = 1.0
    var x = 0.0
    var y = 0.0
    var scale = 1.0
    /// Radians.
    var turn = 0.0
    var blur = 0.0
    /// The share that is uncovered, 0…1.
    var uncovered = 1.0
  }

  /// nil before it begins to show. `unit` is pixels for sizes thought of at 1080.
  func change(at time: Double, unit: Double) -> Change? {
    let p = duration > 0 ? min(1, max(0, (time - start) / duration)) : (time >= start ? 1 : 0)
    guard p < 1 else { return Change() }
    guard p > 0 else { return nil }
    return change(p, unit)
  }

  /// `p` of 0…1 of the way; nil where nothing shows.
  func change(_ p: Double, _ unit: Double) -> Change? {
    let left = 1 - easing(p)
    var change = Change()
    switch kind {
    case .none: return nil
    case .fade: change.opacity = 1 - left
    case .rise:
      change.opacity = min(1, p * 1.8)
      change.y = distance * left
    case .drop:
      change.opacity = min(1, p * 1.8)
      change.y = -distance * left
    case .slide:
      change.opacity = min(1, p * 1.8)
      change.x = distance * left
    case .pop:
      change.opacity = min(1, p * 3)
      change.scale = max(0.001, 1 - left)
    case .zoom:
      change.opacity = min(1, p * 1.6)
      change.scale = 1 + 0.35 * left
    case .spin:
      change.opacity = min(1, p * 2)
      change.turn = -1.2 * left
      change.scale = max(0.001, 1 - 0.6 * left)
    case .wipe: change.uncovered = min(1, max(0, 1 - left))
    case .focus:
      change.opacity = min(1, p * 1.4)
      change.blur = max(0, 22 * unit * left)
      change.scale = 1 + 0.06 * left
    }
    return change
  }
}
