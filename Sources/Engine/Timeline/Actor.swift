import Foundation

/// A layer on stage: what it looks like and how it moves, a pure function of time.
struct Actor: Sendable, Hashable {
  enum Look: Sendable, Hashable {
    case bitmap(Placed)
    /// A picture moving within the box `rest`; `frame` is the bitmap that gives the box its corners.
    case photo(KenBurns, frame: Placed?)
    case sprite(Sprite)
    case backdrop(Backdrop)
  }

  /// A bitmap at rest.
  struct Placed: Sendable, Hashable {
    var bitmap: Int
    /// In the bitmap's own pixels.
    var width: Double
    var height: Double
    var x: Double
    var y: Double
    /// Below 1 where it was drawn larger than it rests, for layers that grow.
    var scale: Double = 1
  }

  struct Veil: Sendable, Hashable {
    enum Source: Sendable, Hashable {
      /// Stays where it is, whatever the layer does.
      case fixed(Placed)
      /// Moves with the layer.
      case own(Placed)
      /// Another actor of the scene, by index: its bitmap as it stands.
      case actor(Int)
    }

    var source: Source
    var isInverted = false
  }

  var look: Look
  var rest: Rectangle
  /// What scale and rotation leave in place, in pixels.
  var pivotX = 0.0
  var pivotY = 0.0
  /// Shown from and up to these seconds of the scene.
  var from = 0.0
  var until = Double.infinity
  var tracks = Tracks()
  var arrival: Arrival?
  /// Runs backwards: its start is when it begins to go.
  var departure: Arrival?
  var blend: BlendMode = .normal
  var veil: Veil?
  /// Pixels for sizes thought of at a shorter side of 1080.
  var unit = 1.0
  /// Which frame shows when, where the look's bitmap stands for a clip.
  var clip: ClipTiming?
  /// True for layers that are there for masks alone.
  var isHidden = false

  struct Tracks: Sendable, Hashable {
    var opacity = Track(1)
    var scale = Track(1)
    /// Degrees, clockwise.
    var rotation = Track(0)
    /// Pixels.
    var x = Track(0)
    var y = Track(0)
    var blur = Track(0)
  }

  /// The scene's length, for photos that take all of it, and the whole cast, for masks.
  struct Setting {
    var length: Double
    var width: Double
    var height: Double
    var cast: [Actor]
  }

  /// nil while it is not to be seen.
  func mark(at time: Double, in setting: Setting) -> Frame.Mark? {
    guard !isHidden, time >= from, time < until, let change = change(at: time) else { return nil }
    let local = time - from
    let opacity = min(1, max(0, tracks.opacity(local))) * change.opacity
    guard opacity > 0.001 else { return nil }
    let shift = similarity(local, change)
    guard shift.scale > 0.0005 else { return nil }
    var mark: Frame.Mark
    switch look {
    case .sprite(let sprite):
      return sprite.mark(at: time)
    case .backdrop(let backdrop):
      mark = Frame.Mark(bitmap: -1, x: 0, y: 0)
      mark.procedure = backdrop.procedure(at: time, local: local)
    case .bitmap(let placed):
      mark = shift.apply(placed)
      if change.uncovered < 1 { mark.window = window(placed, change.uncovered) }
    case .photo(let photo, let frame):
      mark = photo.mark(progress: time / setting.length, width: rest.width, height: rest.height)
      mark.x += rest.x
      mark.y += rest.y
      mark = shift.apply(
        Placed(
          bitmap: photo.bitmap, width: photo.bitmapWidth, height: photo.bitmapHeight, x: mark.x, y: mark.y,
          scale: mark.scale))
      if let frame { mark.mask = Frame.Mask(shift.apply(frame)) }
      if change.uncovered < 1 { mark.window = window(photo, mark, change.uncovered) }
    }
    if let clip { mark.moment = clip.moment(at: local) }
    mark.opacity = opacity
    mark.blend = blend
    mark.blur = max(0, tracks.blur(local)) + change.blur
    if let veil { mark.mask = mask(veil, shift, at: time, in: setting) ?? mark.mask }
    return mark
  }

  private func change(at time: Double) -> Arrival.Change? {
    var change = Arrival.Change()
    if let arrival {
      guard let found = arrival.change(at: time, unit: unit) else { return nil }
      change = found
    }
    if let departure, time >= departure.start {
      let p = departure.duration > 0 ? (time - departure.start) / departure.duration : 1
      guard p < 1, let going = departure.change(1 - p, unit) else { return nil }
      change.opacity *= going.opacity
      change.x += going.x
      change.y += going.y
      change.scale *= going.scale
      change.turn += going.turn
      change.blur += going.blur
      change.uncovered = min(change.uncovered, going.uncovered)
    }
    return change
  }

  private func similarity(_ local: Double, _ change: Arrival.Change) -> Similarity {
    Similarity(
      scale: max(0, tracks.scale(local)) * change.scale,
      turn: tracks.rotation(local) * .pi / 180 + change.turn, pivotX: pivotX, pivotY: pivotY,
      x: tracks.x(local) + change.x, y: tracks.y(local) + change.y)
  }

  private func window(_ placed: Placed, _ share: Double) -> Rectangle {
    let isFromRight = arrival?.isFromRight ?? false
    let width = placed.width * share
    return Rectangle(x: isFromRight ? placed.width - width : 0, y: 0, width: width, height: placed.height)
  }

  /// The part of the photo's bitmap that lies under the uncovered part of the box.
  private func window(_ photo: KenBurns, _ mark: Frame.Mark, _ share: Double) -> Rectangle {
    let left = arrival?.isFromRight == true ? rest.x + rest.width * (1 - share) : rest.x
    return Rectangle(
      x: (left - mark.x) / mark.scale, y: 0, width: rest.width * share / mark.scale,
      height: photo.bitmapHeight)
  }

  private func mask(
    _ veil: Veil, _ shift: Similarity, at time: Double, in setting: Setting
  ) -> Frame.Mask? {
    var mask: Frame.Mask?
    switch veil.source {
    case .fixed(let placed): mask = Frame.Mask(Similarity.identity.apply(placed))
    case .own(let placed): mask = Frame.Mask(shift.apply(placed))
    case .actor(let index):
      guard setting.cast.indices.contains(index) else { return nil }
      let other = setting.cast[index]
      guard case .bitmap(let placed) = other.look else { return nil }
      let change = other.change(at: time) ?? Arrival.Change()
      mask = Frame.Mask(other.similarity(time - other.from, change).apply(placed))
    }
    mask?.isInverted = veil.isInverted
    return mask
  }
}

/// Scale and turn about a pivot, then a shift.
struct Similarity {
  var scale: Double
  var turn: Double
  var pivotX: Double
  var pivotY: Double
  var x: Double
  var y: Double

  static let identity = Similarity(scale: 1, turn: 0, pivotX: 0, pivotY: 0, x: 0, y: 0)

  func apply(_ placed: Actor.Placed) -> Frame.Mark {
    let scale = placed.scale * scale
    let (middleX, middleY) = (
      placed.x + placed.width * placed.scale / 2 - pivotX,
      placed.y + placed.height * placed.scale / 2 - pivotY
    )
    let (c, s) = turn == 0 ? (1, 0) : (cos(turn), sin(turn))
    let newX = pivotX + self.scale * (middleX * c - middleY * s) + x
    let newY = pivotY + self.scale * (middleX * s + middleY * c) + y
    var mark = Frame.Mark(bitmap: placed.bitmap, x: placed.x, y: placed.y)
    if self.scale != 1 || turn != 0 || x != 0 || y != 0 {
      mark.x = newX - placed.width * scale / 2
      mark.y = newY - placed.height * scale / 2
    }
    mark.scale = scale
    mark.turn = turn
    return mark
  }
}

extension Frame.Mask {
  init(_ mark: Frame.Mark) {
    self.init(bitmap: mark.bitmap, x: mark.x, y: mark.y, scale: mark.scale, turn: mark.turn)
  }
}
