public import Documents

extension Renderer {
  /// Renders a storyboard or composition for `placement` to an MP4 file at `path`, as `render` of a storyboard
  /// does.
  ///
  /// - Throws: `EngineError`; `CancellationError` when the task was cancelled.
  public func render(
    _ screenplay: Screenplay, for placement: Placement, assets: AssetResolver, to path: String,
    progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) async throws -> RenditionInfo {
    try await explainedRender(screenplay, for: placement, assets: assets, to: path, progress: progress).info
  }

  /// `render`, telling also which segments were in the cache and why the others were not.
  ///
  /// - Parameter subject: under which the cache remembers what was rendered, to say next time what has
  ///   changed since; nil: the placement and the path.
  public func explainedRender(
    _ screenplay: Screenplay, for placement: Placement, assets: AssetResolver, to path: String,
    subject: String? = nil, progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) async throws -> (info: RenditionInfo, report: RenderReport) {
    let sounds = sounds
    let soundtrack = screenplay.soundtrack
    let hasSound = soundtrack.music != nil || !soundtrack.voice.isEmpty
    let order = RenderOrder(
      placement: placement, identity: [try screenplay.identity()] + (try sounds.identity(soundtrack)),
      assetNames: screenplay.assets, assets: assets,
      film: { () throws(EngineError) in
        let stage = try screenplay.stage(for: placement, assets: assets)
        return try Film(stage, subject: GateSubject(stage, placement: placement, hasSound: hasSound))
      },
      sound: { flag in try sounds.sound(for: soundtrack, placement: placement, assets: assets, flag) })
    return try await FilmRendering(
      order: order, path: path, subject: subject ?? "\(placement.id) \(path)", workers: workers,
      cache: cache, gate: gate, progress: progress
    ).run()
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
