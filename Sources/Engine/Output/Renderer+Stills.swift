import Foundation

extension Renderer {
  /// One frame that stands for the film, as a file's bytes.
  ///
  /// - Parameters:
  ///   - form: `.png` or `.stillWebP`.
  ///   - quality: of WebP, 0 (worst) to 100; nil: 90.
  /// - Throws: `EngineError`; `CancellationError` when the task was cancelled.
  public func poster(
    of screenplay: Screenplay, for placement: Placement, assets: AssetResolver, as form: OutputForm = .png,
    at moment: PosterMoment = .telling, quality: Int? = nil
  ) async throws -> [UInt8] {
    let order = try order(screenplay, for: placement, assets: assets)
    return try await RenderThread.run("poster \(placement.id)") { flag in
      try Self.still(order.film(), as: form, at: moment, quality: quality, flag)
    }
  }

  /// Evenly spaced frames, the first and the last among them, with their times on one picture: a PNG file's bytes.
  ///
  /// - Parameters:
  ///   - count: how many frames, 1 to 60; never more than the film has.
  ///   - title: stands above them; nil: the placement's name.
  /// - Throws: `EngineError`; `CancellationError` when the task was cancelled.
  public func sheet(
    of screenplay: Screenplay, for placement: Placement, assets: AssetResolver, frames count: Int = 12,
    title: String? = nil
  ) async throws -> [UInt8] {
    let order = try order(screenplay, for: placement, assets: assets)
    return try await RenderThread.run("sheet \(placement.id)") { flag in
      let film = try order.film()
      let sheet = ContactSheet(
        film: film, count: count, title: title ?? placement.name, subtitle: placement.id)
      return try StillPicture.png(try sheet.draw(flag))
    }
  }

  /// A still at `path`.
  func renderStill(
    _ order: RenderOrder, to path: String, as form: OutputForm, settings: OutputSettings
  ) async throws -> RenditionInfo {
    try await RenderThread.run("still \(order.placement.id)") { flag in
      let file = try PartialFile(for: path)
      let film = try order.film()
      let bytes = try Self.still(film, as: form, at: settings.moment, quality: settings.quality, flag)
      if let limit = settings.maximumBytes, bytes.count > limit {
        throw EngineError.fileTooLarge(
          file: path, bytes: bytes.count, limit: limit, limitOf: "the limit that was asked for")
      }
      try file.fill(bytes)
      var info = try RenditionInfo(file, form: form, placement: order.placement, frames: 1)
      info.durationMilliseconds = 0
      info.remarks = film.remarks.map(\.description)
      info.quality = form == .stillWebP ? settings.quality ?? StillPicture.usualQuality : nil
      try file.publish()
      return info
    }
  }

  private static func still(
    _ film: Film, as form: OutputForm, at moment: PosterMoment, quality: Int?, _ flag: CancellationFlag
  ) throws -> [UInt8] {
    guard form.isStill else {
      throw EngineError.invalidOutput(reason: "a poster is a png or a still-webp, not \(form.rawValue)")
    }
    let quality = quality ?? StillPicture.usualQuality
    guard (0...100).contains(quality) else {
      throw EngineError.invalidOutput(reason: "quality \(quality) is none of WebP's; give 0 (worst) to 100")
    }
    try flag.check()
    let number = moment.frame(in: film)
    let painter = try FramePainter(film, frames: number..<number + 1)
    _ = try painter.paint(number)
    try flag.check()
    return form == .png
      ? try StillPicture.png(painter.canvas) : try StillPicture.webp(painter.canvas, quality: quality)
  }
}
