import CMedia

/// What was seen of a film's or a segment's own frames before they were coded: enough for every check of the
/// picture, so that the finished file need not be decoded whole. A segment's tape can be kept beside it, for it
/// depends on nothing but what the segment shows; tapes are joined as segments are.
struct PictureTape: Sendable, Hashable {
  let grid: CellGrid
  let colours: ColourModel
  private(set) var frames: [FrameCells] = []
  private(set) var readings: [TextReading] = []

  /// - Parameter width: of the picture, in pixels.
  init(width: Int, height: Int) {
    grid = CellGrid(width: width, height: height)
    // What the engine itself encodes.
    colours = ColourModel(isFullRange: false, isBT601: false)
  }

  mutating func append(_ cells: FrameCells) { frames.append(cells) }
  mutating func append(_ reading: TextReading) { readings.append(reading) }

  /// Adds `next`, of the same size, behind this one.
  mutating func append(_ next: PictureTape) {
    readings += next.readings.map { reading in
      var moved = reading
      moved.frame += frames.count
      return moved
    }
    frames += next.frames
  }
}

/// Makes a tape while frames are rendered. Belongs to one rendering thread.
struct PictureRecorder {
  private(set) var tape: PictureTape
  private let watch: TextWatch

  /// - Parameter frames: of the film, the stretch that will be handed over; nil: all of it.
  init(_ subject: GateSubject, rules: GateRules, frames: Range<Int>? = nil) {
    let placement = subject.placement
    tape = PictureTape(width: placement.width, height: placement.height)
    watch = TextWatch(subject, rules: rules.text, frames: frames ?? 0..<Int.max)
  }

  /// Notes the next frame. Frames come in their order; one that equals the last needs no second look at its
  /// cells.
  mutating func take(_ planes: Planes, isRepeat: Bool) {
    let number = tape.frames.count
    if isRepeat, let last = tape.frames.last {
      tape.append(last)
    } else {
      tape.append(planes.cells(tape.grid))
    }
    for reading in watch.look(at: planes, frame: number) { tape.append(reading) }
  }
}
