import CDrawing
import Foundation

extension CompositionBuilder {
  /// - Parameter only: a frame of the whole; a scene that does not show then stays empty.
  mutating func build(_ index: Int, only: Int? = nil) throws(EngineError) -> Timeline.Scene {
    let scene = composition.scenes[index]
    let next = index + 1 < composition.scenes.count ? composition.scenes[index + 1] : nil
    let rate = Double(Engine.framesPerSecond)
    func frame(_ time: Double) -> Int { Int((time * rate).rounded()) }
    let (start, end) = (frame(scene.from), frame(next?.from ?? scene.until))
    let fade = min(frame(scene.transition.duration), end - start)
    let overlap = next.map { frame($0.transition.duration) } ?? 0
    if let only, only < start || next != nil && only >= end + overlap {
      return Timeline.Scene(start: start, end: end, fade: fade, overlap: overlap, ground: .bare, sprites: [])
    }
    readable = composition.palette.readable(
      on: try mean(of: scene.layers.last { $0.covers } ?? scene.layers[0]))
    let time = SceneTime(
      length: (next?.from ?? scene.until) - scene.from,
      visible: (next.map { $0.from + $0.transition.duration } ?? scene.until) - scene.from)
    let cast = try cast(scene.layers, time)
    ink.append(cast.ink)
    words.append(cast.words)
    guarded.append(cast.guarded)
    return Timeline.Scene(
      start: start, end: end, fade: fade, overlap: overlap, ground: .bare, sprites: [], actors: cast.actors,
      passage: try passage(scene.transition, at: scene.place), easing: scene.transition.easing)
  }

  private mutating func passage(
    _ transition: CompositionScene.Transition, at place: Place
  ) throws(EngineError) -> Passage {
    switch transition.kind {
    case "slide": return .slide(transition.direction)
    case "wipe": return .wipe(transition.direction, softness: transition.softness)
    case "zoom": return .zoom
    case "whip": return .whip(transition.direction)
    case "luma":
      let map = try Bitmap(width: placement.width, height: placement.height, hasAlpha: false)
      if let asset = transition.asset {
        let picture = try picture(asset, at: place)
        let size = Self.fill(full, picture.aspect, isWhole: false)
        let drawn = try rasterised(picture, asset: asset, width: size.width, height: size.height, at: place)
        try map.draw { context in
          cairo_set_source_surface(
            context, drawn.surface, (canvas.width - Double(drawn.width)) / 2,
            (canvas.height - Double(drawn.height)) / 2)
          cairo_paint(context)
        }
      } else {
        draw(transition.pattern, on: map)
      }
      return .luma(bitmap: add(map), softness: transition.softness)
    default: return .crossfade
    }
  }

  /// The order in which a built-in pattern uncovers, as greys.
  private func draw(_ pattern: LumaPattern, on map: Bitmap) {
    let (width, height, stride) = (Double(map.width), Double(map.height), map.stride)
    let seed = UInt64(bitPattern: Int64(composition.seed))
    let clouds = NoiseField(seed: seed, colours: [.black, .white], scale: 2.5, depth: 0.5)
    let corner = hypot(width, height) / 2
    _ = map.withPixels { pixels in
      for y in 0..<map.height {
        for x in 0..<map.width {
          let (px, py) = (Double(x) + 0.5, Double(y) + 0.5)
          let order: Double =
            switch pattern {
            case .clouds: clouds.colour(x: px / width, y: py / height, width / height).x / 255
            case .iris: hypot(px - width / 2, py - height / 2) / corner
            case .clock: (atan2(-(px - width / 2), py - height / 2) + .pi) / (2 * .pi)
            case .blinds: (py / height * 9).truncatingRemainder(dividingBy: 1)
            case .diagonal: (px + py) / (width + height)
            }
          (pixels + y * stride + x * 4).update(
            repeating: UInt8((min(1, max(0, order)) * 255).rounded()), count: 4)
        }
      }
    }
  }
}

extension CompositionLayer {
  /// True for layers that hide everything beneath them.
  var covers: Bool {
    guard mask == nil, blend == .normal, from == 0, until == nil, motion.tracks.opacity == Track(1) else {
      return false
    }
    switch kind {
    case .footage(let footage): return footage.coversPicture
    case .photo, .backdrop(.colour), .backdrop(.gradient), .backdrop(.mesh), .backdrop(.noise): return true
    default: return false
    }
  }
}

extension Stage {
  /// - Parameter only: a frame, when no other will be painted.
  /// - Throws: `EngineError.refused`, naming document, line and layer; `EngineError.placementUnfit`.
  init(
    _ composition: Composition, placement: Placement, assets: AssetResolver, only: Int? = nil
  ) throws(EngineError) {
    try composition.check(for: placement)
    var builder = try CompositionBuilder(composition, placement: placement, assets: assets)
    var scenes: [Timeline.Scene] = []
    for index in composition.scenes.indices { scenes.append(try builder.build(index, only: only)) }
    let length = composition.duration.seconds
    let over = try builder.cast(composition.layers, .init(length: length, visible: length))
    builder.ink.append(over.ink)
    builder.words.append(over.words)
    builder.guarded.append(over.guarded)
    timeline = Timeline(
      width: placement.width, height: placement.height, scenes: scenes, over: over.actors)
    bitmaps = builder.bitmaps
    clips = builder.clips
    inkBoxes = builder.ink
    words = builder.words
    guarded = builder.guarded
    warnings = builder.warnings
  }
}
