import CMedia
import Foundation

/// Packets -> an MP4 file whose index stands before its data (faststart). Nothing in it depends on the time,
/// the machine or the path.
final class MovieWriter {
  private let context: UnsafeMutablePointer<AVFormatContext>
  private let path: String
  private var isClosed = false

  /// Opens `path` and writes the head for streams of these formats.
  init(path: String, formats: [StreamFormat]) throws(EngineError) {
    var made: UnsafeMutablePointer<AVFormatContext>?
    guard avformat_alloc_output_context2(&made, nil, "mp4", path) >= 0, let made else {
      throw .libraryFailed(operation: "writing MP4", reason: "out of memory")
    }
    context = made
    self.path = path
    made.pointee.flags |= AVFMT_FLAG_BITEXACT
    // All sound is handed over before the first picture: let the writer wait for both.
    made.pointee.max_interleave_delta = 0
    for format in formats {
      guard let stream = avformat_new_stream(made, nil), let parameters = stream.pointee.codecpar,
        format.write(to: parameters)
      else { throw .libraryFailed(operation: "writing MP4", reason: "out of memory") }
      stream.pointee.time_base = format.timeBase
      if format.kind == .h264 {
        stream.pointee.avg_frame_rate = AVRational(num: Int32(Engine.framesPerSecond), den: 1)
      }
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

  /// Adds all of `source`'s packets to the stream at `index`, `offset` later (frames or samples).
  func write(_ source: EncodedStream, stream index: Int, offset: Int = 0) throws(EngineError) {
    guard let stream = context.pointee.streams[index], let packet = av_packet_alloc() else {
      throw .libraryFailed(operation: "writing MP4", reason: "out of memory")
    }
    var held: UnsafeMutablePointer<AVPacket>? = packet
    defer { av_packet_free(&held) }
    for item in source.packets {
      guard av_new_packet(packet, Int32(item.count)) >= 0 else {
        throw .libraryFailed(operation: "writing MP4", reason: "out of memory")
      }
      source.bytes.withUnsafeBytes {
        if let from = $0.baseAddress { memcpy(packet.pointee.data, from + item.start, item.count) }
      }
      packet.pointee.pts = item.shown + Int64(offset)
      packet.pointee.dts = item.decoded + Int64(offset)
      packet.pointee.duration = item.duration
      packet.pointee.flags = item.isKey ? AV_PKT_FLAG_KEY : 0
      packet.pointee.stream_index = Int32(index)
      av_packet_rescale_ts(packet, source.format.timeBase, stream.pointee.time_base)
      try check(av_interleaved_write_frame(context, packet))
    }
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

extension StreamFormat {
  /// What a packet's times count.
  var timeBase: AVRational {
    AVRational(num: 1, den: Int32(kind == .h264 ? Engine.framesPerSecond : Engine.sampleRate))
  }

  /// False when there is no memory.
  fileprivate func write(to target: UnsafeMutablePointer<AVCodecParameters>) -> Bool {
    let padding = Int(AV_INPUT_BUFFER_PADDING_SIZE)
    guard let extra = av_mallocz(parameters.count + padding) else { return false }
    parameters.withUnsafeBytes { if let from = $0.baseAddress { memcpy(extra, from, $0.count) } }
    target.pointee.extradata = extra.assumingMemoryBound(to: UInt8.self)
    target.pointee.extradata_size = Int32(parameters.count)
    target.pointee.profile = Int32(profile)
    switch kind {
    case .h264:
      target.pointee.codec_type = AVMEDIA_TYPE_VIDEO
      target.pointee.codec_id = AV_CODEC_ID_H264
      target.pointee.format = AV_PIX_FMT_YUV420P.rawValue
      target.pointee.level = Int32(level)
      target.pointee.width = Int32(width)
      target.pointee.height = Int32(height)
      target.pointee.sample_aspect_ratio = AVRational(num: 1, den: 1)
      target.pointee.field_order = AV_FIELD_PROGRESSIVE
      target.pointee.color_range = AVCOL_RANGE_MPEG
      target.pointee.color_primaries = AVCOL_PRI_BT709
      target.pointee.color_trc = AVCOL_TRC_BT709
      target.pointee.color_space = AVCOL_SPC_BT709
      target.pointee.chroma_location = AVCHROMA_LOC_LEFT
    case .aac:
      target.pointee.codec_type = AVMEDIA_TYPE_AUDIO
      target.pointee.codec_id = AV_CODEC_ID_AAC
      target.pointee.format = AV_SAMPLE_FMT_FLTP.rawValue
      target.pointee.sample_rate = Int32(Engine.sampleRate)
      target.pointee.ch_layout = retake_stereo()
      target.pointee.frame_size = Int32(packetSamples)
      target.pointee.initial_padding = Int32(priming)
      target.pointee.bit_rate = Int64(bitRate)
    }
    return true
  }
}
