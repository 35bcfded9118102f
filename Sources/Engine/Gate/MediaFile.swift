import CMedia
import Foundation

/// A media file open for reading. Belongs to one thread.
final class MediaFile {
  let context: UnsafeMutablePointer<AVFormatContext>
  let path: String
  /// The first picture and the first sound; covers and subtitles do not count.
  let video: UnsafeMutablePointer<AVStream>?
  let audio: UnsafeMutablePointer<AVStream>?

  /// nil when libavformat cannot make sense of the file; `reason` then says why.
  init?(path: String, reason: inout String) {
    _ = MediaLog.isQuiet
    self.path = path
    var opened: UnsafeMutablePointer<AVFormatContext>?
    var code = avformat_open_input(&opened, path, nil, nil)
    guard code >= 0, let opened else {
      reason = libavMessage(code)
      return nil
    }
    code = avformat_find_stream_info(opened, nil)
    guard code >= 0 else {
      reason = libavMessage(code)
      var held: UnsafeMutablePointer<AVFormatContext>? = opened
      avformat_close_input(&held)
      return nil
    }
    context = opened
    func stream(_ type: AVMediaType) -> UnsafeMutablePointer<AVStream>? {
      let index = av_find_best_stream(opened, type, -1, -1, nil, 0)
      return index >= 0 ? opened.pointee.streams[Int(index)] : nil
    }
    video = stream(AVMEDIA_TYPE_VIDEO)
    audio = stream(AVMEDIA_TYPE_AUDIO)
  }

  deinit {
    var held: UnsafeMutablePointer<AVFormatContext>? = context
    avformat_close_input(&held)
  }

  var bytes: Int { max(0, Int(avio_size(context.pointee.pb))) }
  var containers: String { context.pointee.iformat.map { String(cString: $0.pointee.name) } ?? "" }

  /// nil at the end of the file; errors on the way are counted in `errors`.
  func read(_ packet: UnsafeMutablePointer<AVPacket>, errors: inout [String]) -> Bool {
    let code = av_read_frame(context, packet)
    if code >= 0 { return true }
    if code != retake_error_eof() { errors.append(libavMessage(code)) }
    return false
  }
}

extension AVRational {
  var value: Double { den == 0 ? 0 : Double(num) / Double(den) }
}

extension UnsafeMutablePointer<AVStream> {
  /// Seconds of `ticks`; 0 where there is no time.
  func seconds(_ ticks: Int64) -> Double {
    ticks == Int64.min ? 0 : Double(ticks) * pointee.time_base.value
  }
}

/// A decoder for one stream, closed with this value. Belongs to one thread.
final class StreamDecoder {
  let context: UnsafeMutablePointer<AVCodecContext>
  private var frame: UnsafeMutablePointer<AVFrame>?
  private(set) var errors = 0

  /// nil when libavcodec knows no decoder for the stream.
  init?(_ stream: UnsafeMutablePointer<AVStream>, threads: Int32, prepare: (inout AVCodecContext) -> Void) {
    guard let codec = avcodec_find_decoder(stream.pointee.codecpar.pointee.codec_id),
      let context = avcodec_alloc_context3(codec)
    else { return nil }
    self.context = context
    frame = av_frame_alloc()
    guard avcodec_parameters_to_context(context, stream.pointee.codecpar) >= 0 else { return nil }
    context.pointee.pkt_timebase = stream.pointee.time_base
    context.pointee.thread_count = threads
    // A broken packet is to be an error, not a picture patched up from its neighbours.
    context.pointee.err_recognition = AV_EF_EXPLODE | AV_EF_CRCCHECK | AV_EF_BITSTREAM | AV_EF_BUFFER
    prepare(&context.pointee)
    guard avcodec_open2(context, codec, nil) >= 0 else { return nil }
  }

  deinit {
    var held: UnsafeMutablePointer<AVCodecContext>? = context
    avcodec_free_context(&held)
    av_frame_free(&frame)
  }

  /// Decodes `packet` (nil: what is still held back) and hands over each frame that comes out.
  func decode(
    _ packet: UnsafeMutablePointer<AVPacket>?, _ take: (UnsafeMutablePointer<AVFrame>) throws -> Void
  ) rethrows {
    guard let frame else { return }
    var code = avcodec_send_packet(context, packet)
    if code < 0, code != retake_error_eof() { errors += 1 }
    while true {
      code = avcodec_receive_frame(context, frame)
      if code == retake_error_again() || code == retake_error_eof() { return }
      guard code >= 0 else {
        errors += 1
        // The end of the stream gives each error once; going on is safe as long as packets remain.
        if packet == nil, errors > 10_000 { return }
        continue
      }
      if frame.pointee.decode_error_flags != 0 || frame.pointee.flags & AV_FRAME_FLAG_CORRUPT != 0 {
        errors += 1
      }
      try take(frame)
      av_frame_unref(frame)
    }
  }
}
