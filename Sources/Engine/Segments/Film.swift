import Documents

/// A stage ready to be painted by several threads at once: what every frame shows, and the finished bitmaps.
struct Film: Sendable {
  let width: Int
  let height: Int
  let frames: [Frame]
  let rasters: [Raster]
  /// Those among `rasters` that stand for clips, which fill them frame by frame.
  let clips: [Int: FootageClip]
  /// Frames at which the set of active scenes changes, in order, the first and the one after the last
  /// included.
  let cuts: [Int]
  /// What the gate is to find in the file; nil: nobody said.
  let subject: GateSubject?
  /// What is shown otherwise than the document asks for.
  let remarks: [DocumentError.Problem]

  init(_ stage: Stage, subject: GateSubject? = nil) throws(EngineError) {
    let timeline = stage.timeline
    var edges: Set<Int> = [0, timeline.frameCount]
    for scene in timeline.scenes {
      edges.insert(scene.start)
      edges.insert(min(scene.end, scene.start + scene.fade))
    }
    try self.init(
      width: timeline.width, height: timeline.height,
      frames: (0..<timeline.frameCount).map(timeline.frame), bitmaps: stage.bitmaps, cuts: edges.sorted(),
      clips: stage.clips, subject: subject, remarks: stage.warnings)
  }

  init(
    width: Int, height: Int, frames: [Frame], bitmaps: [Bitmap], cuts: [Int],
    clips: [Int: FootageClip] = [:], subject: GateSubject? = nil, remarks: [DocumentError.Problem] = []
  ) throws(EngineError) {
    self.width = width
    self.height = height
    self.frames = frames
    self.cuts = cuts
    self.clips = clips
    self.subject = subject
    self.remarks = remarks
    var rasters: [Raster] = []
    rasters.reserveCapacity(bitmaps.count)
    for bitmap in bitmaps { rasters.append(try Raster(bitmap)) }
    self.rasters = rasters
  }
}
