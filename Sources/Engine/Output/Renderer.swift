import CMedia
import Cryptography
import Foundation

/// Makes files and stills from storyboards. The same storyboard, placement, assets and engine version give
/// the same bytes. Several renderings may run at the same time; each takes one thread of its own.
public struct Renderer: Sendable {
  private let sounds = SoundCache()
  private let gate: Gate

  /// Keep one renderer for many files: placements of one storyboard then share its music.
  ///
  /// - Parameter gate: looks at every file before it is published.
  public init(gate: Gate = Gate()) {
    self.gate = gate
  }

  /// Renders `storyboard` for `placement` to an MP4 file (H.264, AAC, faststart) at `path`.
  ///
  /// The file appears under `path` only once it is whole; on an error or when the task is cancelled nothing
  /// is left behind.
  ///
  /// The gate looks at it first: a file with a failure does not appear.
  ///
  /// - Parameter progress: called on the rendering thread with frames done and frames in all.
  /// - Throws: `EngineError`; `CancellationError` when the task was cancelled.
  public func render(
    _ storyboard: Storyboard, for placement: Placement, assets: AssetResolver, to path: String,
    progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) async throws -> RenditionInfo {
    try await RenderThread.run("render \(placement.id)") { flag in
      try flag.check()
      let stage = try Stage(storyboard, placement: placement, assets: assets)
      try flag.check()
      let file = try PartialFile(for: path)
      let subject = GateSubject(stage, placement: placement, hasSound: storyboard.music != nil)
      var recorder = PictureRecorder(subject, rules: gate.rules)
      let sound = sounds.sound(for: storyboard).turned(
        by: (placement.rules.loudness ?? Composer.loudness) - Composer.loudness)
      try write(stage, sound: sound, to: file.path, &recorder, flag, progress)
      let report = try gate.inspect(file.path, as: subject, tape: recorder.tape, flag)
      guard report.passes else {
        throw EngineError.gateClosed(placement: placement.id, findings: report.failures)
      }
      let info = try describe(file, path, placement, stage.timeline, report)
      try flag.check()
      try file.publish()
      return info
    }
  }

  /// One frame as a PNG file's bytes, as it is before it is encoded.
  ///
  /// - Parameter time: from the start; times after the end show the last frame.
  /// - Throws: `EngineError`; `CancellationError` when the task was cancelled.
  public func still(
    of storyboard: Storyboard, for placement: Placement, assets: AssetResolver, at time: TimeSpan
  ) async throws -> [UInt8] {
    try await RenderThread.run("still \(placement.id)") { flag in
      let stage = try Stage(storyboard, placement: placement, assets: assets)
      try flag.check()
      let painter = try FramePainter(stage: stage)
      let number = time.milliseconds * Engine.framesPerSecond / 1000
      _ = try painter.paint(min(max(0, number), stage.timeline.frameCount - 1))
      return try painter.canvas.png()
    }
  }

  /// Lays everything out without drawing frames: tells whether `render` would refuse.
  ///
  /// - Throws: `EngineError`; `CancellationError` when the task was cancelled.
  public func check(_ storyboard: Storyboard, for placement: Placement, assets: AssetResolver) async throws {
    try await RenderThread.run("check \(placement.id)") { _ in
      _ = try Stage(storyboard, placement: placement, assets: assets)
    }
  }

  private func write(
    _ stage: Stage, sound: StereoSound, to path: String, _ recorder: inout PictureRecorder,
    _ flag: CancellationFlag, _ progress: (Int, Int) -> Void
  ) throws {
    let total = stage.timeline.frameCount
    let painter = try FramePainter(stage: stage)
    let video = try VideoEncoder(width: stage.timeline.width, height: stage.timeline.height)
    let audio = try AudioEncoder()
    let movie = try MovieWriter(path: path, encoders: [video.context, audio.context])
    try audio.encode(sound) { packet throws(EngineError) in
      try movie.write(packet, stream: 1, timeBase: audio.context.pointee.time_base)
    }
    func take(_ packet: UnsafeMutablePointer<AVPacket>) throws(EngineError) {
      try movie.write(packet, stream: 0, timeBase: video.context.pointee.time_base)
    }
    for number in 0..<total {
      try flag.check()
      let isNew = try painter.paint(number)
      if isNew { try video.load(painter.canvas) }
      if let planes = video.planes { recorder.take(planes, isRepeat: !isNew) }
      try video.encode(number, take)
      progress(number + 1, total)
    }
    try video.encode(nil, take)
    try movie.finish()
  }

  private func describe(
    _ file: PartialFile, _ path: String, _ placement: Placement, _ timeline: Timeline,
    _ report: GateReport
  ) throws -> RenditionInfo {
    let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
    let bytes = (attributes[.size] as? Int) ?? 0
    let sum: SHA256Digest
    do {
      sum = try SHA256.hash(fileAt: file.path)
    } catch {
      throw EngineError.outputNotWritable(path: path, reason: "what was written cannot be read back")
    }
    return RenditionInfo(
      path: path, placement: placement.id, width: placement.width, height: placement.height,
      durationMilliseconds: timeline.frameCount * 1000 / Engine.framesPerSecond, frames: timeline.frameCount,
      bytes: bytes, sha256: sum.hex, engineVersion: Engine.version,
      warnings: report.warnings)
  }
}
