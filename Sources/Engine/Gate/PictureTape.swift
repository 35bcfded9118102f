import CMedia

/// What a renderer saw of its own frames before they were coded: enough for every check of the picture, so
/// that the finished file need not be decoded whole.
struct PictureTape: Sendable {
  let grid: CellGrid
  let colours: ColourModel
  fileprivate(set) var frames: [FrameCells] = []
  fileprivate(set) var samples: [TextWatch.Sample] = []
}

/// Makes a tape while frames are rendered. Belongs to one rendering thread.
struct PictureRecorder {
  private(set) var tape: PictureTape
  private var watch: TextWatch

  init(_ subject: GateSubject, rules: GateRules) {
    let placement = subject.placement
    tape = PictureTape(
      grid: CellGrid(width: placement.width, height: placement.height),
      colours: ColourModel(isFullRange: false, isBT601: false))
    watch = TextWatch(subject, rules: rules.text)
  }

  /// Notes the next frame. Frames come in their order; one that equals the last needs no second look at its
  /// cells.
  mutating func take(_ planes: Planes, isRepeat: Bool) {
    let number = tape.frames.count
    if isRepeat, let last = tape.frames.last {
      tape.frames.append(last)
    } else {
      tape.frames.append(planes.cells(tape.grid))
    }
    if watch.wants(number) { watch.look(at: planes, frame: number) }
    tape.samples = watch.samples
  }
}
