import CMedia

/// Frames of a footage by their time, in any order; one after the other is fastest. Belongs to one thread.
final class FootageDecoder {
  private let footage: Footage
  private var stream: FootageStream?
  private var deinterlacer: Deinterlacer?
  /// The frame that came out last; nil after a seek.
  private var last: (ticks: Int64, frame: UnsafeMutablePointer<AVFrame>)?
  /// The frames before the last one that was asked for against the order: who goes backwards wants them next.
  private var ring: [(ticks: Int64, frame: UnsafeMutablePointer<AVFrame>)] = []
  /// How far a key picture must lie ahead to be worth a seek, in frames.
  private static let worthSeeking = 24
  private static let ringBytes = 48 << 20

  init(_ footage: Footage) { self.footage = footage }

  deinit { emptyRing() }

  /// - Parameter ticks: of one of the footage's frames.
  /// - Returns: the frame, valid until the next call.
  /// - Throws: `PictureFault` where the file is not what it was.
  func frame(_ ticks: Int64) throws(PictureFault) -> UnsafeMutablePointer<AVFrame> {
    if let last, last.ticks == ticks { return last.frame }
    if let known = ring.first(where: { $0.ticks == ticks }) { return known.frame }
    let isBackwards = last.map { $0.ticks > ticks } ?? false
    if isBackwards || last == nil || isFarAhead(ticks) { try seek(to: ticks) }
    emptyRing()
    // A key picture from which decoding does not reach the frame is none; there is one before it.
    var key = footage.index.key(before: before(ticks))
    while true {
      if let found = try advance(to: ticks, keeping: isBackwards) { return found }
      guard let tried = key, let start = footage.index.packets.first, tried.pts > start.pts else { break }
      key = footage.index.key(before: tried.pts - 1)
      try rewind(to: key)
    }
    let at = footage.index.seconds(ticks)
    throw PictureFault(reason: "gives no frame at \(seconds(at)) any more; was it changed while it was read?")
  }

  /// Decodes on until the frame; nil when it does not come.
  private func advance(to ticks: Int64, keeping: Bool) throws(PictureFault) -> UnsafeMutablePointer<AVFrame>?
  {
    while let frame = try next() {
      let now = frame.pointee.pts
      last = (now, frame)
      if now == ticks { return frame }
      if now > ticks { return nil }
      if keeping { keep(frame) }
    }
    last = nil
    return nil
  }

  private func next() throws(PictureFault) -> UnsafeMutablePointer<AVFrame>? {
    if let deinterlacer { return try deinterlacer.next() }
    return stream?.next()
  }

  /// Where decoding must begin for a frame: deinterlacing looks one frame back.
  private func before(_ ticks: Int64) -> Int64 {
    guard footage.isInterlaced, let at = footage.frames.firstIndex(of: ticks), at > 0 else { return ticks }
    return footage.frames[at - 1]
  }

  private func isFarAhead(_ ticks: Int64) -> Bool {
    guard let last, let key = footage.index.key(before: before(ticks)), key.pts > last.ticks else {
      return false
    }
    let (low, high) = (last.ticks, key.pts)
    return footage.frames.count { $0 > low && $0 < high } >= Self.worthSeeking
  }

  private func seek(to ticks: Int64) throws(PictureFault) {
    try rewind(to: footage.index.key(before: before(ticks)))
  }

  /// - Parameter key: nil: the file's beginning.
  private func rewind(to key: FootageIndex.Packet?) throws(PictureFault) {
    last = nil
    if let stream, let key, stream.seek(to: key.dts) {
      deinterlacer?.reset()
      return
    }
    let opened = try FootageStream(footage.index.path, isCounted: footage.index.isCounted)
    stream = opened
    deinterlacer = footage.isInterlaced ? Deinterlacer(opened) : nil
    if let key, key.pts != footage.index.start { _ = opened.seek(to: key.dts) }
  }

  private func keep(_ frame: UnsafeMutablePointer<AVFrame>) {
    guard let copy = av_frame_clone(frame) else { return }
    let size = max(
      1,
      Int(
        av_image_get_buffer_size(
          AVPixelFormat(frame.pointee.format), frame.pointee.width, frame.pointee.height, 1)))
    ring.append((frame.pointee.pts, copy))
    while ring.count > max(1, Self.ringBytes / size) {
      var oldest = Optional(ring.removeFirst().frame)
      av_frame_free(&oldest)
    }
  }

  private func emptyRing() {
    for entry in ring {
      var frame = Optional(entry.frame)
      av_frame_free(&frame)
    }
    ring = []
  }
}
