public import Documents

extension Renderer {
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
      let painter = try FramePainter(stage: stage)
      let number = time.milliseconds * Engine.framesPerSecond / 1000
      _ = try painter.paint(min(max(0, number), stage.timeline.frameCount - 1))
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
