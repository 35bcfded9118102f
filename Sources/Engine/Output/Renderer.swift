/// Makes files and stills from storyboards. The same storyboard, placement, assets and engine version give
/// the same bytes. Several renderings may run at the same time; each takes one thread of its own.
public struct Renderer: Sendable {
  public init() {}

  /// Renders `storyboard` for `placement` to an MP4 file (H.264, AAC, faststart) at `path`.
  ///
  /// The file appears under `path` only once it is whole; on an error or when the task is cancelled nothing
  /// is left behind.
  ///
  /// - Parameter progress: called on the rendering thread with frames done and frames in all.
  /// - Throws: `EngineError`; `CancellationError` when the task was cancelled.
  public func render(
    _ storyboard: Storyboard, for placement: Placement, assets: AssetResolver, to path: String,
    progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) async throws -> RenditionInfo {
    try storyboard.check(for: placement)
    throw EngineError.libraryFailed(operation: "render", reason: "not wired yet")
  }

  /// One frame as a PNG file's bytes, exactly as it stands in the file.
  ///
  /// - Throws: `EngineError`; `CancellationError` when the task was cancelled.
  public func still(
    of storyboard: Storyboard, for placement: Placement, assets: AssetResolver, at time: TimeSpan
  ) async throws -> [UInt8] {
    try storyboard.check(for: placement)
    throw EngineError.libraryFailed(operation: "still", reason: "not wired yet")
  }
}
