import CMedia

/// Frames with both fields of one moment each, from a stream that has interlaced ones. Frames that are not
/// interlaced pass as they are.
///
/// A frame follows from the one before, itself and the one after (BBC's weave of bwdif): who wants the frame at
/// some time must begin one frame earlier, and every frame comes out one later.
final class Deinterlacer {
  private let stream: FootageStream
  private var graph: (form: FilterGraph.Form, filters: FilterGraph)?
  private var isAtEnd = false

  init(_ stream: FootageStream) { self.stream = stream }

  /// Forgets the frames before, as after a seek.
  func reset() {
    graph = nil
    isAtEnd = false
  }

  func next() throws(PictureFault) -> UnsafeMutablePointer<AVFrame>? {
    while true {
      if let filters = graph?.filters, let frame = try filters.pull() {
        // send_frame counts in halves of the stream's ticks.
        frame.pointee.pts /= 2
        return frame
      }
      guard !isAtEnd else { return nil }
      guard let frame = stream.next() else {
        isAtEnd = true
        try graph?.filters.push(nil)
        continue
      }
      let form = FilterGraph.Form(frame)
      if graph?.form != form {
        // A stream that changes its size: what is held back of the old size is one frame.
        graph = (form, try FilterGraph("bwdif=mode=send_frame:parity=auto:deint=interlaced", for: form))
      }
      try graph?.filters.push(frame)
    }
  }
}
