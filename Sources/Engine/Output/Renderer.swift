import Foundation

/// Makes files and stills from storyboards. The same storyboard, placement, assets and engine version give
/// the same bytes, with any number of workers and with or without a cache. Several renderings may run at the
/// same time.
public struct Renderer: Sendable {
  let sounds: SoundCache
  let desks: Desks
  let cache: SegmentCache?
  let gate: Gate
  let quality: RenderQuality

  /// Keep one renderer for many files: placements of one storyboard then share its music, and files rendered at
  /// the same time share the workers.
  ///
  /// - Parameters:
  ///   - workers: how many segments, of all files being rendered, are painted and encoded at the same time; about
  ///     120 MB of memory each at 1080x1920. nil: one for every core.
  ///   - cache: where segments are looked for and kept.
  ///   - gate: looks at every file before it is published.
  ///   - sound: the soundfont and the program that speaks.
  ///   - quality: how large files and stills are, and with how much care they are made.
  public init(
    workers: Int? = nil, cache: SegmentCache? = nil, gate: Gate = Gate(),
    sound: SoundSettings = SoundSettings(), quality: RenderQuality = .full
  ) {
    desks = Desks(max(1, workers ?? ProcessInfo.processInfo.activeProcessorCount))
    self.cache = cache
    self.gate = gate
    self.quality = quality
    var sound = sound
    sound.isDraft = quality == .preview
    sounds = SoundCache(settings: sound)
  }

  /// Renders `storyboard` for `placement` to a file at `path`: H.264 and AAC in MP4, index first, or what else the
  /// file's ending says (docs/outputs.md).
  ///
  /// The film is encoded again, at most four times, where the first file would break a limit or stay below a rate
  /// the placement demands. The file appears under `path` only once it is whole; on an error or when the task is cancelled nothing
  /// is left behind. The gate looks at it first: a file with a failure does not appear.
  ///
  /// - Parameter progress: called with frames done and frames in all, one call after the other, on the
  ///   rendering threads. What is found in the cache is done at once. Where a film is encoded again to fit a limit,
  ///   counting begins anew.
  /// - Throws: `EngineError`; `CancellationError` when the task was cancelled.
  public func render(
    _ storyboard: Storyboard, for placement: Placement, assets: AssetResolver, to path: String,
    as form: OutputForm? = nil, settings: OutputSettings = OutputSettings(),
    progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) async throws -> RenditionInfo {
    try await explainedRender(
      storyboard, for: placement, assets: assets, to: path, as: form, settings: settings, progress: progress
    ).info
  }

  /// `render`, telling also which segments were in the cache and why the others were not.
  ///
  /// - Parameter subject: under which the cache remembers what was rendered, to say next time what has
  ///   changed since; nil: the placement and the path.
  public func explainedRender(
    _ storyboard: Storyboard, for placement: Placement, assets: AssetResolver, to path: String,
    as form: OutputForm? = nil, settings: OutputSettings = OutputSettings(), subject: String? = nil,
    progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) async throws -> (info: RenditionInfo, report: RenderReport) {
    try await explainedRender(
      .storyboard(storyboard), for: placement, assets: assets, to: path, as: form, settings: settings,
      subject: subject, progress: progress)
  }

  /// One frame as a PNG file's bytes, as it is before it is encoded.
  ///
  /// - Parameter time: from the start; times after the end show the last frame.
  /// - Throws: `EngineError`; `CancellationError` when the task was cancelled.
  public func still(
    of storyboard: Storyboard, for placement: Placement, assets: AssetResolver, at time: TimeSpan
  ) async throws -> [UInt8] {
    try await still(of: .storyboard(storyboard), for: placement, assets: assets, at: time)
  }

  /// Lays everything out without drawing frames: tells whether `render` would refuse.
  ///
  /// - Throws: `EngineError`; `CancellationError` when the task was cancelled.
  public func check(_ storyboard: Storyboard, for placement: Placement, assets: AssetResolver) async throws {
    _ = try await check(.storyboard(storyboard), for: placement, assets: assets)
  }
}
