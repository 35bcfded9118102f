import CMedia
import Cryptography

/// How sound is coded.
enum AudioCodec: String, Sendable, Hashable {
  case aac, opus

  /// libavcodec's name of the encoder.
  var encoder: String { self == .aac ? "aac" : "libopus" }

  /// Bits in a second; Opus needs fewer for the same.
  var bitRate: Int { self == .aac ? 192_000 : 160_000 }

  fileprivate var sampleFormat: AVSampleFormat { self == .aac ? AV_SAMPLE_FMT_FLTP : AV_SAMPLE_FMT_FLT }
}

/// Stereo samples -> packets (48 kHz).
final class AudioEncoder {
  private let codec: AudioCodec
  private let context: UnsafeMutablePointer<AVCodecContext>
  private var frame: UnsafeMutablePointer<AVFrame>?
  private var packet: UnsafeMutablePointer<AVPacket>?

  init(_ codec: AudioCodec = .aac) throws(EngineError) {
    let encoder = try VideoCodec.find(codec.encoder)
    guard let context = avcodec_alloc_context3(encoder) else {
      throw .libraryFailed(operation: "encoding sound", reason: "out of memory")
    }
    self.codec = codec
    self.context = context
    context.pointee.sample_fmt = codec.sampleFormat
    context.pointee.sample_rate = Int32(Engine.sampleRate)
    context.pointee.ch_layout = retake_stereo()
    context.pointee.bit_rate = Int64(codec.bitRate)
    context.pointee.time_base = AVRational(num: 1, den: Int32(Engine.sampleRate))
    context.pointee.thread_count = 1
    // libavcodec's own advice for rates above 64 kbit/s ("better and much faster"): half the time.
    if codec == .aac { av_opt_set(context.pointee.priv_data, "aac_coder", "fast", 0) }
    context.pointee.flags |= AV_CODEC_FLAG_GLOBAL_HEADER | AV_CODEC_FLAG_BITEXACT
    let code = avcodec_open2(context, encoder, nil)
    guard code >= 0 else {
      throw .libraryFailed(operation: "opening the encoder \(codec.encoder)", reason: libavMessage(code))
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
        kind: codec == .aac ? .aac : .opus, parameters: context.parameters,
        profile: Int(context.pointee.profile), packetSamples: Int(context.pointee.frame_size),
        priming: Int(context.pointee.initial_padding), bitRate: Int(context.pointee.bit_rate)))
    let size = Int(context.pointee.frame_size)
    for start in stride(from: 0, to: sound.count, by: size) {
      let count = min(size, sound.count - start)
      av_frame_unref(frame)
      frame.pointee.format = codec.sampleFormat.rawValue
      frame.pointee.nb_samples = Int32(count)
      frame.pointee.sample_rate = Int32(Engine.sampleRate)
      frame.pointee.ch_layout = retake_stereo()
      frame.pointee.pts = Int64(start)
      guard av_frame_get_buffer(frame, 0) >= 0, let first = frame.pointee.data.0 else {
        throw .libraryFailed(operation: "encoding sound", reason: "out of memory")
      }
      if codec == .opus {
        interleave(sound, start, count, to: first)
      } else if let second = frame.pointee.data.1 {
        fill(first, from: sound.left, start, count)
        fill(second, from: sound.right, start, count)
      }
      try VideoEncoder.drain(context, sending: frame, packet, into: &stream)
    }
    try VideoEncoder.drain(context, sending: nil, packet, into: &stream)
    return stream
  }

  /// The hash of everything that shapes what `encode` gives.
  static func name(of sound: StereoSound, _ codec: AudioCodec = .aac) -> SHA256Digest {
    var hash = SHA256()
    hash.update(field: "\(codec.rawValue)/1 \(codec.bitRate) \(Engine.version) \(avcodec_version())")
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

  private func interleave(
    _ sound: StereoSound, _ start: Int, _ count: Int, to target: UnsafeMutablePointer<UInt8>
  ) {
    let samples = UnsafeMutableRawPointer(target).assumingMemoryBound(to: Float.self)
    for index in 0..<count {
      samples[index * 2] = sound.left[start + index]
      samples[index * 2 + 1] = sound.right[start + index]
    }
  }
}
