import CMedia
import Foundation

/// Packets -> an MP4 file whose index stands before its data (faststart). Nothing in it depends on the time,
/// the machine or the path.
final class MovieWriter {
  private let context: UnsafeMutablePointer<AVFormatContext>
  private let path: String
  private var isClosed = false

  /// Opens `path` and writes the head for the given encoders' streams: video first, then sound.
  init(path: String, encoders: [UnsafeMutablePointer<AVCodecContext>]) throws(EngineError) {
    var made: UnsafeMutablePointer<AVFormatContext>?
    guard avformat_alloc_output_context2(&made, nil, "mp4", path) >= 0, let made else {
      throw .libraryFailed(operation: "writing MP4", reason: "out of memory")
    }
    context = made
    self.path = path
    made.pointee.flags |= AVFMT_FLAG_BITEXACT
    // All sound is handed over before the first picture: let the writer wait for both.
    made.pointee.max_interleave_delta = 0
    for encoder in encoders {
      guard let stream = avformat_new_stream(made, nil),
        avcodec_parameters_from_context(stream.pointee.codecpar, encoder) >= 0
      else { throw .libraryFailed(operation: "writing MP4", reason: "out of memory") }
      stream.pointee.time_base = encoder.pointee.time_base
      stream.pointee.avg_frame_rate = encoder.pointee.framerate
    }
    try check(avio_open(&made.pointee.pb, path, AVIO_FLAG_WRITE))
    var options: OpaquePointer?
    defer { av_dict_free(&options) }
    av_dict_set(&options, "movflags", "+faststart", 0)
    av_dict_set(&options, "brand", "mp42", 0)
    try check(avformat_write_header(made, &options))
  }

  deinit {
    if !isClosed { avio_closep(&context.pointee.pb) }
    avformat_free_context(context)
  }

  /// Takes over `packet`'s data. `timeBase` is that of its encoder.
  func write(
    _ packet: UnsafeMutablePointer<AVPacket>, stream index: Int, timeBase: AVRational
  ) throws(EngineError) {
    guard let stream = context.pointee.streams[index] else { return }
    packet.pointee.stream_index = Int32(index)
    if packet.pointee.duration == 0 { packet.pointee.duration = 1 }
    av_packet_rescale_ts(packet, timeBase, stream.pointee.time_base)
    try check(av_interleaved_write_frame(context, packet))
  }

  /// Writes the index and closes the file.
  func finish() throws(EngineError) {
    try check(av_write_trailer(context))
    isClosed = true
    try check(avio_closep(&context.pointee.pb))
  }

  private func check(_ code: Int32) throws(EngineError) {
    guard code < 0 else { return }
    let reason = code == -ENOSPC || code == -EDQUOT ? "the disk is full" : libavMessage(code)
    throw .outputNotWritable(path: path, reason: reason)
  }
}
