import CMedia

/// The frames of a file one after the other, as they come out of the decoder. Belongs to one thread.
final class FootageStream {
  let file: FootageFile
  private let codec: UnsafeMutablePointer<AVCodecContext>
  private let frame: UnsafeMutablePointer<AVFrame>
  /// Frames are known by their number, not by their time.
  private let isCounted: Bool
  private var isDraining = false
  private var drainFailures = 0
  private var count = 0
  /// The packets that did not decode, by time (or by number, counted from the last `rewind`).
  private(set) var failures: [Int64] = []
  private var fed: Int64 = 0
  private var fedCount = 0

  init(_ path: String, isCounted: Bool) throws(PictureFault) {
    file = try FootageFile(path)
    self.isCounted = isCounted
    codec = try file.makeDecoder()
    guard let frame = av_frame_alloc() else {
      throw PictureFault(reason: "cannot be decoded: out of memory")
    }
    self.frame = frame
  }

  deinit {
    var (codec, frame) = (Optional(codec), Optional(frame))
    avcodec_free_context(&codec)
    av_frame_free(&frame)
  }

  /// Leaves out what costs time and changes no decision about damage.
  func decodeRoughly() { codec.pointee.skip_loop_filter = AVDISCARD_ALL }

  /// Goes to the key picture with this decoding time; false where the container cannot.
  func seek(to ticks: Int64) -> Bool {
    guard file.seek(to: ticks) else { return false }
    avcodec_flush_buffers(codec)
    (isDraining, drainFailures) = (false, 0)
    return true
  }

  /// The next frame in the order of showing, `pts` being its time (or number); nil at the end. It stays valid
  /// until the next call.
  func next() -> UnsafeMutablePointer<AVFrame>? {
    while true {
      av_frame_unref(frame)
      let code = avcodec_receive_frame(codec, frame)
      if code >= 0 {
        if isCounted {
          frame.pointee.pts = Int64(count)
          count += 1
        } else if frame.pointee.pts == retake_no_time() {
          frame.pointee.pts = frame.pointee.best_effort_timestamp
        }
        if frame.pointee.decode_error_flags != 0 || frame.pointee.flags & AV_FRAME_FLAG_CORRUPT != 0 {
          failures.append(isCounted ? Int64(fedCount - 1) : frame.pointee.pts)
        }
        return frame
      }
      if code == retake_error_eof() { return nil }
      if code != retake_error_again() {
        failures.append(fed)
        // What is held back at the end gives each error once.
        if isDraining {
          drainFailures += 1
          if drainFailures > 1000 { return nil }
        }
        continue
      }
      if isDraining { return nil }
      feed()
    }
  }

  private func feed() {
    guard file.read() else {
      isDraining = true
      avcodec_send_packet(codec, nil)
      return
    }
    fed = isCounted ? Int64(fedCount) : file.packet.pointee.pts
    fedCount += 1
    if avcodec_send_packet(codec, file.packet) < 0 { failures.append(fed) }
  }
}
