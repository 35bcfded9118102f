import CMedia
import Cryptography

/// Stereo samples -> AAC packets (the encoder of libavcodec itself; 48 kHz, 192 kbit/s).
final class AudioEncoder {
  private let context: UnsafeMutablePointer<AVCodecContext>
  private var frame: UnsafeMutablePointer<AVFrame>?
  private var packet: UnsafeMutablePointer<AVPacket>?

  init() throws(EngineError) {
    guard let codec = avcodec_find_encoder(AV_CODEC_ID_AAC), let context = avcodec_alloc_context3(codec)
    else { throw .libraryFailed(operation: "encoding sound", reason: "libavcodec lacks its AAC encoder") }
    self.context = context
    context.pointee.sample_fmt = AV_SAMPLE_FMT_FLTP
    context.pointee.sample_rate = Int32(Engine.sampleRate)
    context.pointee.ch_layout = retake_stereo()
    context.pointee.bit_rate = 192_000
    context.pointee.time_base = AVRational(num: 1, den: Int32(Engine.sampleRate))
    context.pointee.thread_count = 1
    context.pointee.flags |= AV_CODEC_FLAG_GLOBAL_HEADER | AV_CODEC_FLAG_BITEXACT
    let code = avcodec_open2(context, codec, nil)
    guard code >= 0 else {
      throw .libraryFailed(operation: "opening the AAC encoder", reason: libavMessage(code))
    }
    frame = av_frame_alloc()
    packet = av_packet_alloc()
  }

  deinit {
    var held: UnsafeMutablePointer<AVCodecContext>? = context
    avcodec_free_context(&held)
    av_frame_free(&frame)
    av_packet_free(&packet)
  }

  /// Encodes all of `sound`; the packets' times are in samples.
  func encode(_ sound: StereoSound) throws(EngineError) -> EncodedStream {
    guard let frame, let packet else {
      throw .libraryFailed(operation: "encoding sound", reason: "out of memory")
    }
    var stream = EncodedStream(
      format: StreamFormat(
        kind: .aac, parameters: context.parameters, profile: Int(context.pointee.profile),
        packetSamples: Int(context.pointee.frame_size), priming: Int(context.pointee.initial_padding),
        bitRate: Int(context.pointee.bit_rate)))
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
      else { throw .libraryFailed(operation: "encoding sound", reason: "out of memory") }
      fill(left, from: sound.left, start, count)
      fill(right, from: sound.right, start, count)
      try VideoEncoder.drain(context, sending: frame, packet, into: &stream)
    }
    try VideoEncoder.drain(context, sending: nil, packet, into: &stream)
    return stream
  }

  /// The hash of everything that shapes what `encode` gives.
  static func name(of sound: StereoSound) -> SHA256Digest {
    var hash = SHA256()
    hash.update(field: "aac/1 192000 \(Engine.version) \(avcodec_version())")
    sound.left.withUnsafeBytes { hash.update($0) }
    sound.right.withUnsafeBytes { hash.update($0) }
    return hash.finalize()
  }

  private func fill(_ target: UnsafeMutablePointer<UInt8>, from samples: [Float], _ start: Int, _ count: Int)
  {
    samples.withUnsafeBytes { source in
      guard let base = source.baseAddress else { return }
      let size = MemoryLayout<Float>.stride
      UnsafeMutableRawPointer(target).copyMemory(from: base + start * size, byteCount: count * size)
    }
  }
}
