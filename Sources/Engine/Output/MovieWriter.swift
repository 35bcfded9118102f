import CMedia
import Foundation

/// Packets -> an MP4 or WebM file whose index stands before its data (faststart). Nothing in it depends on the
/// time, the machine or the path.
final class MovieWriter {
  private let context: UnsafeMutablePointer<AVFormatContext>
  private let path: String
  private let operation: String
  private var isClosed = false

  /// Opens `path` and writes the head for streams of these formats.
  ///
  /// - Parameter container: `mp4` or `webm`.
  init(path: String, container: String = "mp4", formats: [StreamFormat]) throws(EngineError) {
    var made: UnsafeMutablePointer<AVFormatContext>?
    operation = "writing \(container)"
    guard avformat_alloc_output_context2(&made, nil, container, path) >= 0, let made else {
      throw .libraryFailed(operation: operation, reason: "libavformat cannot write it, or memory is short")
    }
    context = made
    self.path = path
    made.pointee.flags |= AVFMT_FLAG_BITEXACT
    // All sound is handed over before the first picture: let the writer wait for both.
    made.pointee.max_interleave_delta = 0
    for format in formats {
      guard let stream = avformat_new_stream(made, nil), let parameters = stream.pointee.codecpar,
        format.write(to: parameters)
      else { throw .libraryFailed(operation: operation, reason: "out of memory") }
      stream.pointee.time_base = format.timeBase
      if format.kind.isPicture {
        stream.pointee.avg_frame_rate = AVRational(num: Int32(Engine.framesPerSecond), den: 1)
      }
    }
    try check(avio_open(&made.pointee.pb, path, AVIO_FLAG_WRITE))
    var options: OpaquePointer?
    defer { av_dict_free(&options) }
    if container == "webm" {
      av_dict_set(&options, "cues_to_front", "1", 0)
    } else {
      av_dict_set(&options, "movflags", "+faststart", 0)
      av_dict_set(&options, "brand", "mp42", 0)
    }
    try check(avformat_write_header(made, &options))
  }

  deinit {
    if !isClosed { avio_closep(&context.pointee.pb) }
    avformat_free_context(context)
  }

  /// Adds all of `source`'s packets to the stream at `index`, `offset` later (frames or samples).
  func write(_ source: EncodedStream, stream index: Int, offset: Int = 0) throws(EngineError) {
    guard let stream = context.pointee.streams[index], let packet = av_packet_alloc() else {
      throw .libraryFailed(operation: operation, reason: "out of memory")
    }
    var held: UnsafeMutablePointer<AVPacket>? = packet
    defer { av_packet_free(&held) }
    for item in source.packets {
      guard av_new_packet(packet, Int32(item.count)) >= 0 else {
        throw .libraryFailed(operation: operation, reason: "out of memory")
      }
      source.bytes.withUnsafeBytes {
        if let from = $0.baseAddress { memcpy(packet.pointee.data, from + item.start, item.count) }
      }
      packet.pointee.pts = item.shown + Int64(offset)
      packet.pointee.dts = item.decoded + Int64(offset)
      packet.pointee.duration = item.duration
      packet.pointee.flags = item.isKey ? AV_PKT_FLAG_KEY : 0
      packet.pointee.stream_index = Int32(index)
      try tellEnd(of: item, in: source.format, packet)
      av_packet_rescale_ts(packet, source.format.timeBase, stream.pointee.time_base)
      try check(av_interleaved_write_frame(context, packet))
    }
  }

  /// Opus packets are all as long; how much of the last one is not to be heard stands beside it: four bytes for
  /// the start, four for the end, little endian, two reasons (libavcodec's AV_PKT_DATA_SKIP_SAMPLES).
  private func tellEnd(
    of item: EncodedStream.Packet, in format: StreamFormat, _ packet: UnsafeMutablePointer<AVPacket>
  ) throws(EngineError) {
    let surplus = Int64(format.packetSamples) - item.duration
    guard format.kind == .opus, surplus > 0 else { return }
    guard let data = av_packet_new_side_data(packet, AV_PKT_DATA_SKIP_SAMPLES, 10) else {
      throw .libraryFailed(operation: operation, reason: "out of memory")
    }
    memset(data, 0, 10)
    for byte in 0..<4 { data[4 + byte] = UInt8(truncatingIfNeeded: surplus >> (8 * Int64(byte))) }
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
    AVRational(num: 1, den: Int32(kind.isPicture ? Engine.framesPerSecond : Engine.sampleRate))
  }

  /// False when there is no memory.
  func write(to target: UnsafeMutablePointer<AVCodecParameters>) -> Bool {
    // Streams such as VP9's need nothing to be known before them.
    if !parameters.isEmpty {
      let padding = Int(AV_INPUT_BUFFER_PADDING_SIZE)
      guard let extra = av_mallocz(parameters.count + padding) else { return false }
      parameters.withUnsafeBytes { if let from = $0.baseAddress { memcpy(extra, from, $0.count) } }
      target.pointee.extradata = extra.assumingMemoryBound(to: UInt8.self)
      target.pointee.extradata_size = Int32(parameters.count)
    }
    target.pointee.profile = Int32(profile)
    target.pointee.codec_id = kind.codec
    guard kind.isPicture else {
      target.pointee.codec_type = AVMEDIA_TYPE_AUDIO
      target.pointee.format = kind == .aac ? AV_SAMPLE_FMT_FLTP.rawValue : AV_SAMPLE_FMT_FLT.rawValue
      target.pointee.sample_rate = Int32(Engine.sampleRate)
      target.pointee.ch_layout = retake_stereo()
      target.pointee.frame_size = Int32(packetSamples)
      target.pointee.initial_padding = Int32(priming)
      target.pointee.bit_rate = Int64(bitRate)
      return true
    }
    target.pointee.codec_type = AVMEDIA_TYPE_VIDEO
    target.pointee.level = Int32(level)
    target.pointee.width = Int32(width)
    target.pointee.height = Int32(height)
    target.pointee.sample_aspect_ratio = AVRational(num: 1, den: 1)
    target.pointee.format = AV_PIX_FMT_YUV420P.rawValue
    target.pointee.field_order = AV_FIELD_PROGRESSIVE
    target.pointee.color_range = AVCOL_RANGE_MPEG
    target.pointee.color_primaries = AVCOL_PRI_BT709
    target.pointee.color_trc = AVCOL_TRC_BT709
    target.pointee.color_space = AVCOL_SPC_BT709
    target.pointee.chroma_location = AVCHROMA_LOC_LEFT
    return true
  }
}

extension StreamFormat.Kind {
  fileprivate var codec: AVCodecID {
    switch self {
    case .h264: AV_CODEC_ID_H264
    case .vp9: AV_CODEC_ID_VP9
    case .av1: AV_CODEC_ID_AV1
    case .aac: AV_CODEC_ID_AAC
    case .opus: AV_CODEC_ID_OPUS
    }
  }
}
