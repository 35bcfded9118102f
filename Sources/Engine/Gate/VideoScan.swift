import CMedia

/// Decodes a picture track at reduced work and looks at its frames. With a tape of what was rendered only key
/// frames are decoded and held against it; without one every frame is looked at.
final class VideoScan {
  private let decoder: StreamDecoder
  private let stream: UnsafeMutablePointer<AVStream>
  private let frameRate: Double
  private let tape: PictureTape?
  private let rules: GateRules
  private let stills: [Range<Int>]
  private var grid: CellGrid?
  private let watch: TextWatch
  private var seen: [TextReading] = []
  private(set) var check: PictureCheck?
  /// Frames that came out of the decoder.
  private(set) var decoded = 0
  private(set) var isUnknownFormat = false
  private(set) var isInterlaced = false
  /// Key frames that do not show what was rendered, with the mean difference in code values.
  private(set) var foreign: [(frame: Int, difference: Double)] = []

  var errors: Int { decoder.errors }
  var readings: [TextReading] { tape?.readings ?? seen }

  init?(
    _ stream: UnsafeMutablePointer<AVStream>, frameRate: Double, subject: GateSubject, rules: GateRules,
    tape: PictureTape?
  ) {
    let isSparse = tape != nil
    guard
      let decoder = StreamDecoder(
        stream, threads: isSparse ? 1 : 2,
        prepare: { context in
          // Blocks' edges do not matter to means over cells, nor to contrast at the size of words.
          context.skip_loop_filter = AVDISCARD_ALL
          context.flags2 |= AV_CODEC_FLAG2_FAST
          if isSparse { context.skip_frame = AVDISCARD_NONKEY }
        })
    else { return nil }
    self.decoder = decoder
    self.stream = stream
    self.frameRate = frameRate
    self.rules = rules
    self.tape = tape
    stills = subject.stills
    watch = TextWatch(subject, rules: rules.text, frames: 0..<Int.max)
    if let tape {
      var check = PictureCheck(
        rules, grid: tape.grid, colours: tape.colours, stills: subject.stills, frameRate: frameRate)
      for cells in tape.frames { check.take(cells) }
      self.check = check
    }
  }

  func take(_ packet: UnsafeMutablePointer<AVPacket>?) {
    // Other frames would only be parsed and thrown away.
    if let packet, tape != nil, packet.pointee.flags & AV_PKT_FLAG_KEY == 0 { return }
    decoder.decode(packet) { frame in
      defer { decoded += 1 }
      if frame.pointee.interlaced_frame != 0 { isInterlaced = true }
      guard let planes = Planes(frame) else {
        isUnknownFormat = true
        return
      }
      if let tape {
        compare(planes, frame.pointee.best_effort_timestamp, with: tape)
      } else {
        look(at: planes)
      }
    }
  }

  private func look(at planes: Planes) {
    let grid = self.grid ?? CellGrid(width: planes.width, height: planes.height)
    // A stream that changes its size on the way cannot be followed.
    guard grid.width == planes.width, grid.height == planes.height else {
      isUnknownFormat = true
      return
    }
    if check == nil {
      self.grid = grid
      check = PictureCheck(rules, grid: grid, colours: planes.colours, stills: stills, frameRate: frameRate)
    }
    check?.take(planes.cells(grid))
    seen += watch.look(at: planes, frame: decoded)
  }

  /// Coding at any sensible quality keeps cells' means within a few code values.
  private func compare(_ planes: Planes, _ time: Int64, with tape: PictureTape) {
    let start = stream.pointee.start_time == Int64.min ? 0 : stream.pointee.start_time
    let frame = Int((stream.seconds(time - start) * frameRate).rounded())
    guard tape.frames.indices.contains(frame), planes.width == tape.grid.width,
      planes.height == tape.grid.height
    else {
      foreign.append((frame, 255))
      return
    }
    let change = tape.frames[frame].change(to: planes.cells(tape.grid))
    if change.mean > 3 || change.largest > 40 { foreign.append((frame, change.mean)) }
  }
}
