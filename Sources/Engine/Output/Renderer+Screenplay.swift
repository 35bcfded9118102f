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
    let form = try form ?? PartialFile.form(of: path, for: placement)
    let order = try order(screenplay, for: placement, assets: assets)
    if form.isStill {
      return (try await renderStill(order, to: path, as: form, settings: settings), RenderReport())
    }
    guard let codec = form.videoCodec else {
      return try await AnimationRendering(
        order: order, path: path, form: form, settings: settings, gate: gate, progress: progress
      ).run()
    }
    return try await FilmRendering(
      order: order, path: path, form: form, codec: codec, settings: settings,
      subject: subject ?? "\(placement.id) \(path)", workers: workers, cache: cache, gate: gate,
      progress: progress
    ).run()
  }

  func order(
    _ screenplay: Screenplay, for placement: Placement, assets: AssetResolver
  ) throws -> RenderOrder {
    let sounds = sounds
    let soundtrack = screenplay.soundtrack
    let hasSound = soundtrack.music != nil || !soundtrack.voice.isEmpty
    return RenderOrder(
      placement: placement, identity: [try screenplay.identity(), hasSound ? "with sound" : "silent"],
      soundIdentity: try sounds.identity(soundtrack), assetNames: screenplay.assets, assets: assets,
      film: { () throws(EngineError) in
        let stage = try screenplay.stage(for: placement, assets: assets)
        return try Film(stage, subject: GateSubject(stage, placement: placement, hasSound: hasSound))
      },
      sound: { flag in try sounds.sound(for: soundtrack, placement: placement, assets: assets, flag) })
  }

  /// One frame of a storyboard or composition as a PNG file's bytes, as it is before it is encoded.
  ///
  /// - Parameter time: from the start; times after the end show the last frame.
  /// - Throws: `EngineError`; `CancellationError` when the task was cancelled.
  public func still(
    of screenplay: Screenplay, for placement: Placement, assets: AssetResolver, at time: TimeSpan
  ) async throws -> [UInt8] {
    try await RenderThread.run("still \(placement.id)") { flag in
      let stage = try screenplay.stage(for: placement, assets: assets)
      try flag.check()
      let film = try Film(stage)
      let wanted = time.milliseconds * Engine.framesPerSecond / 1000
      let number = min(max(0, wanted), film.frames.count - 1)
      let painter = try FramePainter(film, frames: number..<number + 1)
      _ = try painter.paint(number)
      return try painter.canvas.png()
    }
  }

  /// Lays everything out without drawing frames.
  ///
  /// - Returns: what will be shown otherwise than it was asked for, with document, line and layer.
  /// - Throws: `EngineError` where rendering would refuse; `CancellationError`.
  public func check(
    _ screenplay: Screenplay, for placement: Placement, assets: AssetResolver
  ) async throws -> [DocumentError.Problem] {
    try await RenderThread.run("check \(placement.id)") { _ in
      try screenplay.stage(for: placement, assets: assets).warnings
    }
  }
}
