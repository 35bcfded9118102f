public import Documents

extension Renderer {
  /// Renders a storyboard or composition for `placement` to a file at `path`, as `render` of a storyboard does.
  ///
  /// - Parameters:
  ///   - form: nil: what the file's ending says (`.mp4`: what the placement wants, H.264 if nothing else).
  ///   - settings: quality, limits and size, where they are to be otherwise than form and placement have them.
  /// - Throws: `EngineError`; `CancellationError` when the task was cancelled.
  public func render(
    _ screenplay: Screenplay, for placement: Placement, assets: AssetResolver, to path: String,
    as form: OutputForm? = nil, settings: OutputSettings = OutputSettings(),
    progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) async throws -> RenditionInfo {
    try await explainedRender(
      screenplay, for: placement, assets: assets, to: path, as: form, settings: settings, progress: progress
    ).info
  }

  /// `render`, telling also which segments were in the cache and why the others were not. Moving pictures without
  /// sound and stills have no segments.
  ///
  /// - Parameter subject: under which the cache remembers what was rendered, to say next time what has
  ///   changed since; nil: the placement and the path.
  public func explainedRender(
    _ screenplay: Screenplay, for placement: Placement, assets: AssetResolver, to path: String,
    as form: OutputForm? = nil, settings: OutputSettings = OutputSettings(), subject: String? = nil,
    progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) async throws -> (info: RenditionInfo, report: RenderReport) {
    let form = try form ?? PartialFile.form(of: path, for: quality.placement(placement))
    let order = try order(screenplay, for: placement, assets: assets)
    if form.isStill {
      return (try await renderStill(order, to: path, as: form, settings: settings), RenderReport())
    }
    guard let codec = form.videoCodec else {
      return try await AnimationRendering(
        order: order, path: path, form: form, settings: settings, gate: gate, effort: quality,
        progress: progress
      ).run()
    }
    return try await FilmRendering(
      order: order, path: path, form: form, codec: codec, settings: settings,
      subject: "\(quality) " + (subject ?? "\(placement.id) \(path)"), desks: desks, cache: cache, gate: gate,
      effort: quality, progress: progress
    ).run()
  }

  func order(
    _ screenplay: Screenplay, for placement: Placement, assets: AssetResolver
  ) throws -> RenderOrder {
    let sounds = sounds
    let placement = quality.placement(placement)
    let soundtrack = screenplay.soundtrack
    let hasSound = soundtrack.hasSound
    let heard = try screenplay.locating { try sounds.identity(soundtrack) }
    return RenderOrder(
      placement: placement, identity: [try screenplay.identity(), hasSound ? "with sound" : "silent"],
      soundIdentity: heard, assetNames: screenplay.assets, assets: assets, soundAssets: soundtrack.assets,
      film: { () throws(EngineError) in
        let stage = try screenplay.stage(for: placement, assets: assets)
        return try Film(stage, subject: GateSubject(stage, placement: placement, hasSound: hasSound))
      },
      sound: { flag in
        try screenplay.locating {
          try sounds.sound(for: soundtrack, placement: placement, assets: assets, flag)
        }
      })
  }

  /// One frame of a storyboard or composition as a PNG file's bytes, as it is before it is encoded. Scenes that do
  /// not show then are not looked at.
  ///
  /// - Parameter time: from the start; times after the end show the last frame.
  /// - Throws: `EngineError`; `CancellationError` when the task was cancelled.
  public func still(
    of screenplay: Screenplay, for placement: Placement, assets: AssetResolver, at time: TimeSpan
  ) async throws -> [UInt8] {
    let (placement, isQuick) = (quality.placement(placement), quality == .preview)
    return try await RenderThread.run("still \(placement.id)") { flag in
      let wanted = time.milliseconds * Engine.framesPerSecond / 1000
      let stage = try screenplay.stage(for: placement, assets: assets, only: max(0, wanted))
      try flag.check()
      let timeline = stage.timeline
      let number = min(max(0, wanted), timeline.frameCount - 1)
      let film = try Film(
        width: timeline.width, height: timeline.height, frames: [timeline.frame(number)],
        bitmaps: stage.bitmaps,
        cuts: [0, 1])
      let painter = try FramePainter(film, frames: 0..<1)
      _ = try painter.paint(0)
      return try isQuick ? QuickPicture.png(painter.canvas.rows()) : painter.canvas.png()
    }
  }

  /// Lays everything out without drawing frames.
  ///
  /// - Returns: what will be shown otherwise than it was asked for, with document, line and layer.
  /// - Throws: `EngineError` where rendering would refuse; `CancellationError`.
  public func check(
    _ screenplay: Screenplay, for placement: Placement, assets: AssetResolver
  ) async throws -> [DocumentError.Problem] {
    let sounds = sounds
    return try await RenderThread.run("check \(placement.id)") { _ in
      let warnings = try screenplay.stage(for: placement, assets: assets).warnings
      try screenplay.locating { try sounds.check(screenplay.soundtrack, assets: assets) }
      return warnings
    }
  }
}
