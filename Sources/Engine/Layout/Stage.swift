import Documents

/// A storyboard ready to be shown in one placement: its timeline and the bitmaps the timeline names.
/// Belongs to one rendering thread.
struct Stage {
  let timeline: Timeline
  let bitmaps: [Bitmap]
  /// Those among `bitmaps` that stand for clips.
  let clips: [Int: FootageClip]
  /// What is read or pressed, scene by scene, where it rests: for checks against the safe zone.
  let inkBoxes: [[Rectangle]]
  /// What is to be read, scene by scene, as the gate is to find it in the file.
  let words: [[SceneWords]]
  /// Of `inkBoxes`, those the gate holds to the safe zone.
  let guarded: [[Rectangle]]
  /// What will be shown otherwise than it was asked for.
  let warnings: [DocumentError.Problem]

  /// - Parameter only: a frame, when no other will be painted: scenes that do not show then stay empty.
  /// - Throws: `EngineError` when an asset is missing or unreadable or a text does not fit.
  init(
    _ storyboard: Storyboard, placement: Placement, assets: AssetResolver, only: Int? = nil
  ) throws(EngineError) {
    try storyboard.check(for: placement)
    let canvas = Canvas(placement)
    var builder = try StageBuilder(
      storyboard: storyboard, placement: placement, canvas: canvas, assets: assets)
    var scenes: [Timeline.Scene] = []
    var ink: [[Rectangle]] = []
    var words: [[SceneWords]] = []
    var time = TimeSpan.zero
    for (index, scene) in storyboard.scenes.enumerated() {
      let next =
        index + 1 < storyboard.scenes.count ? storyboard.scenes[index + 1].transition.duration : .zero
      let start = time.frames
      time = time + scene.duration
      let isLast = index + 1 == storyboard.scenes.count
      if let only, only < start || !isLast && only >= time.frames + next.frames {
        scenes.append(
          Timeline.Scene(
            start: start, end: time.frames, fade: scene.transition.duration.frames, overlap: next.frames,
            ground: .bare, sprites: []))
        continue
      }
      let built = try builder.build(scene, number: index + 1, overlap: next)
      scenes.append(
        Timeline.Scene(
          start: start, end: time.frames, fade: scene.transition.duration.frames, overlap: next.frames,
          ground: built.ground, sprites: built.sprites))
      ink.append(built.ink)
      words.append(built.words)
    }
    timeline = Timeline(width: placement.width, height: placement.height, scenes: scenes)
    bitmaps = builder.bitmaps
    clips = [:]
    inkBoxes = ink
    self.words = words
    guarded = ink
    warnings = []
  }
}
