import CMedia

/// libavcodec's own AAC encoder, as files get it: 48 kHz stereo, 192 kbit/s.
final class AACCoder {
  private let context: UnsafeMutablePointer<AVCodecContext>
  private let frame: UnsafeMutablePointer<AVFrame>
  private let packet: UnsafeMutablePointer<AVPacket>

  private static let outOfMemory = SoundError.libraryFailed(
    operation: "encoding sound", reason: "out of memory")

  init() throws(SoundError) {
    guard let codec = avcodec_find_encoder(AV_CODEC_ID_AAC), let context = avcodec_alloc_context3(codec),
      let frame = av_frame_alloc(), let packet = av_packet_alloc()
    else { throw .libraryFailed(operation: "encoding sound", reason: "libavcodec lacks its AAC encoder") }
    self.context = context
    self.frame = frame
    self.packet = packet
    context.pointee.sample_fmt = AV_SAMPLE_FMT_FLTP
    context.pointee.sample_rate = Int32(Engine.sampleRate)
    context.pointee.ch_layout = retake_stereo()
    context.pointee.bit_rate = 192_000
    context.pointee.time_base = AVRational(num: 1, den: Int32(Engine.sampleRate))
    context.pointee.thread_count = 1
    // libavcodec's own advice for rates above 64 kbit/s ("better and much faster"): half the time.
    av_opt_set(context.pointee.priv_data, "aac_coder", "fast", 0)
    context.pointee.flags |= AV_CODEC_FLAG_GLOBAL_HEADER | AV_CODEC_FLAG_BITEXACT
    let code = avcodec_open2(context, codec, nil)
    guard code >= 0 else {
      throw .libraryFailed(operation: "opening the AAC encoder", reason: libavMessage(code))
    }
  }

  deinit {
    var (heldContext, heldFrame, heldPacket) = (Optional(context), Optional(frame), Optional(packet))
    avcodec_free_context(&heldContext)
    av_frame_free(&heldFrame)
    av_packet_free(&heldPacket)
  }

  /// AudioSpecificConfig.
  var configuration: [UInt8] {
    Array(UnsafeBufferPointer(start: context.pointee.extradata, count: Int(context.pointee.extradata_size)))
  }

  /// Samples a decoder gives before the first one.
  var delay: Int { Int(context.pointee.initial_padding) }

  /// Encodes all of `sound`; a coder encodes one.
  func encode(_ sound: StereoSound) throws(SoundError) -> [EncodedSound.Packet] {
    var packets: [EncodedSound.Packet] = []
    let size = Int(context.pointee.frame_size)
    for start in stride(from: 0, to: sound.count, by: size) {
      let count = min(size, sound.count - start)
      av_frame_unref(frame)
      frame.pointee.format = AV_SAMPLE_FMT_FLTP.rawValue
      frame.pointee.nb_samples = Int32(count)
      frame.pointee.sample_rate = Int32(Engine.sampleRate)
      frame.pointee.ch_layout = retake_stereo()
      frame.pointee.pts = Int64(start)
      guard av_frame_get_buffer(frame, 0) >= 0, let left = frame.pointee.data.0,
        let right = frame.pointee.data.1
      else { throw Self.outOfMemory }
      for (target, samples) in [(left, sound.left), (right, sound.right)] {
        samples.withUnsafeBytes { source in
          let stride = MemoryLayout<Float>.stride
          guard let base = source.baseAddress else { return }
          UnsafeMutableRawPointer(target).copyMemory(from: base + start * stride, byteCount: count * stride)
        }
      }
      try send(frame, &packets)
    }
    try send(nil, &packets)
    return packets
  }

  private func send(
    _ frame: UnsafeMutablePointer<AVFrame>?, _ packets: inout [EncodedSound.Packet]
  ) throws(SoundError) {
    var code = avcodec_send_frame(context, frame)
    while code >= 0 {
      code = avcodec_receive_packet(context, packet)
      if code == retake_error_again() || code == retake_error_eof() { return }
      guard code >= 0 else { break }
      packets.append(
        EncodedSound.Packet(
          bytes: Array(UnsafeBufferPointer(start: packet.pointee.data, count: Int(packet.pointee.size))),
          presentation: packet.pointee.pts, duration: packet.pointee.duration))
      av_packet_unref(packet)
    }
    throw .libraryFailed(operation: "encoding sound", reason: libavMessage(code))
  }
}
