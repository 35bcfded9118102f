import CDrawing

extension CompositionBuilder {
  /// What the file holds, not yet decoded.
  func index(of box: FootageBox, at place: Place) throws(EngineError) -> FootageIndex {
    do {
      let path = try assets.path(of: box.asset)
      do throws(PictureFault) {
        return try FootageShelf.index(path)
      } catch {
        throw EngineError.assetUnreadable(asset: box.asset, path: path, reason: error.reason)
      }
    } catch {
      throw refused(place, "\(error)")
    }
  }

  /// The stretch of the file that plays during `shown` seconds of a layer, decoded once to see that it can be.
  private mutating func footage(
    _ box: FootageBox, shown: Double, at place: Place, isQuiet: Bool = false
  ) throws(EngineError) -> (footage: Footage, timing: ClipTiming) {
    let index = try index(of: box, at: place)
    let end = min(box.until ?? .infinity, index.duration)
    guard box.from < end - ClipTiming.tolerance else {
      throw refused(
        place,
        "asset \"\(box.asset)\" lasts \(seconds(index.duration)), so nothing of it plays from \(seconds(box.from)) on"
      )
    }
    let (span, wanted) = (end - box.from, shown * box.speed)
    let range = FootageRange(index: index, from: box.from, until: min(end, box.from + wanted + 0.1))
    let footage: Footage
    do throws(PictureFault) {
      footage = try FootageShelf.footage(range)
    } catch {
      throw refused(
        place,
        EngineError.assetUnreadable(asset: box.asset, path: index.path, reason: error.reason).description)
    }
    if !isQuiet { warn(about: box, footage, span: span, wanted: wanted, at: place) }
    let timing = ClipTiming(
      times: footage.frames.map(index.seconds), moments: footage.frames.map { Int($0) }, from: box.from,
      until: end, speed: box.speed, repeats: box.repeats)
    return (footage, timing)
  }

  private mutating func warn(
    about box: FootageBox, _ footage: Footage, span: Double, wanted: Double, at place: Place
  ) {
    let index = footage.index
    let file = "asset \"\(box.asset)\" (\(index.path))"
    if let damage = footage.damage {
      warn(
        place,
        "\(file) is damaged from \(seconds(damage.from)) to \(seconds(damage.until)): the frame before stays")
    }
    if let cut = index.cutOff, box.from + wanted > cut {
      warn(place, "\(file) is cut off: it can be read up to \(seconds(cut)), though it tells of more")
    }
    if box.repeats == .no, span + 1.5 / Double(Engine.framesPerSecond) < wanted {
      warn(
        place,
        "\(file) plays for \(seconds(span / box.speed)), but its layer for \(seconds(wanted / box.speed)): "
          + "its last frame stays; loop, a lower speed or an earlier until would change that")
    }
    if footage.colours.isHighDynamicRange || footage.colours.primaries != 1, !FootageColours.hasZimg {
      warn(
        place,
        "\(file) has colours that libavfilter here cannot convert, for it was built without libzimg: "
          + "they will look wrong")
    }
  }

  private func shown(_ layer: CompositionLayer, _ time: SceneTime) -> Double {
    max(0.04, min(layer.until ?? .infinity, time.visible) - layer.from)
  }

  /// The bitmap's number under which a clip is shown; one pixel stands in until it is painted.
  private mutating func add(_ clip: FootageClip) throws(EngineError) -> Int {
    let index = add(try Bitmap(width: 1, height: 1, hasAlpha: clip.hasAlpha))
    clips[index] = clip
    return index
  }

  private mutating func checkSize(
    _ box: FootageBox, _ footage: Footage, _ view: FootageView, at place: Place
  ) throws(EngineError) {
    guard view.columns <= 16_384, view.rows <= 16_384, view.columns * view.rows <= 40_000_000 else {
      throw refused(
        place, "would need frames of \(view.columns)x\(view.rows) pixels; make it or its scale smaller")
    }
    let height = Double(footage.index.height) * view.height
    if height * 2.2 < Double(view.rows) {
      warn(
        place,
        "asset \"\(box.asset)\" shows \(Int(height.rounded())) of its lines on \(view.rows): it will look blurred"
      )
    }
  }

  /// A clip that moves slowly inside `area`, decoded at the size its closest framing needs.
  private mutating func zoomed(
    _ box: FootageBox, _ zoom: Zoom, _ footage: Footage, area: Rectangle, at place: Place
  ) throws(EngineError) -> KenBurns {
    let aspect = footage.index.aspect
    let cover = max(area.width, area.height * aspect)
    let width = (cover * max(zoom.from.zoom, zoom.to.zoom)).rounded(.up)
    let height = (width / aspect).rounded(.up)
    let view = FootageView(columns: Int(width), rows: Int(height))
    try checkSize(box, footage, view, at: place)
    return KenBurns(
      bitmap: try add(FootageClip(asset: box.asset, footage: footage, view: view)), bitmapWidth: width,
      bitmapHeight: height, coverScale: max(area.width / width, area.height / height), from: zoom.from,
      to: zoom.to, easing: zoom.easing)
  }

  /// A clip that covers the picture, over the palette's dark where it does not.
  mutating func add(
    _ box: FootageBox, _ layer: CompositionLayer, _ time: SceneTime, to cast: inout Cast
  ) throws(EngineError) {
    var actor = self.actor(layer, full, time)
    let (footage, timing) = try footage(box, shown: shown(layer, time), at: layer.place)
    actor.clip = timing
    if footage.hasAlpha { cast.actors.append(try backdrop(.colour(.dark), layer, time)) }
    if let zoom = box.zoom {
      actor.look = .photo(try zoomed(box, zoom, footage, area: full, at: layer.place), frame: nil)
      cast.actors.append(actor)
      return
    }
    let view = FootageView(
      filling: placement.width, placement.height, aspect: footage.index.aspect, framing: box.framing)
    try checkSize(box, footage, view, at: layer.place)
    actor.look = .bitmap(
      Actor.Placed(
        bitmap: try add(FootageClip(asset: box.asset, footage: footage, view: view)), width: canvas.width,
        height: canvas.height, x: 0, y: 0))
    cast.actors.append(actor)
  }

  /// A clip in its box: its shadow beneath, its border above.
  mutating func add(
    _ footageBox: FootageBox, at box: Rectangle, _ layer: CompositionLayer, _ time: SceneTime,
    _ art: LayerArt, to cast: inout Cast
  ) throws(EngineError) {
    let (footage, timing) = try footage(footageBox, shown: shown(layer, time), at: layer.place)
    var actor = self.actor(layer, box, time)
    actor.clip = timing
    if let zoom = footageBox.zoom {
      let move = try zoomed(footageBox, zoom, footage, area: box, at: layer.place)
      let frame = try art.figure(
        Figure(shape: .rectangle, fill: .colour(.light), radius: footageBox.radius, points: 4),
        width: box.width, height: box.height)
      actor.look = .photo(move, frame: placed(frame, in: box, art.density))
    } else {
      var view = FootageView(
        filling: Int((box.width * art.density).rounded()), Int((box.height * art.density).rounded()),
        aspect: footage.index.aspect, framing: footageBox.framing)
      view.cornerRadius = footageBox.radius * unit * art.density
      try checkSize(footageBox, footage, view, at: layer.place)
      let clip = FootageClip(asset: footageBox.asset, footage: footage, view: view)
      actor.look = .bitmap(
        Actor.Placed(
          bitmap: try add(clip), width: Double(view.columns), height: Double(view.rows),
          x: box.x.rounded(), y: box.y.rounded(), scale: 1 / art.density))
    }
    if let shadow = footageBox.shadow {
      let figure = Figure(
        shape: .rectangle, fill: .colour(.dark), radius: footageBox.radius, points: 4, shadow: shadow)
      var under = self.actor(layer, box, time)
      // A little smaller than the clip, so that nothing of it shows at the edge.
      let painted = try art.figure(figure, width: box.width - 2, height: box.height - 2)
      let inner = Rectangle(x: box.x + 1, y: box.y + 1, width: box.width, height: box.height)
      under.look = .bitmap(placed(painted, in: inner, art.density))
      cast.actors.append(under)
    }
    cast.actors.append(actor)
    if let border = footageBox.border {
      let line = try art.figure(
        Figure(shape: .rectangle, border: border, radius: footageBox.radius, points: 4), width: box.width,
        height: box.height)
      var over = self.actor(layer, box, time)
      over.look = .bitmap(placed(line, in: box, art.density))
      cast.actors.append(over)
    }
  }

  /// The colour most of a clip has a little after its beginning, for words that lie over it.
  mutating func mean(of box: FootageBox, at place: Place) throws(EngineError) -> Colour {
    let (footage, timing) = try footage(box, shown: 0.5, at: place, isQuiet: true)
    let clip = FootageClip(asset: box.asset, footage: footage, view: FootageView(columns: 12, rows: 12))
    let bitmap = try clip.blank()
    try FootageReel(clip).draw(timing.moment(at: 0.25), on: bitmap)
    return Ground([bitmap], scale: 1).mean
  }
}
