import CMedia

/// Pictures in BGRA -> a WebP file, moving or still, through libwebp. Moving ones repeat for ever.
final class WebPEncoder {
  static let usualQuality = 80

  private let context: UnsafeMutablePointer<AVCodecContext>
  private let packet: UnsafeMutablePointer<AVPacket>
  private var stream: EncodedStream

  /// - Parameter quality: 0 (worst) to 100.
  init(width: Int, height: Int, quality: Int, moves: Bool) throws(EngineError) {
    let codec = try VideoCodec.find(moves ? "libwebp_anim" : "libwebp")
    guard let context = avcodec_alloc_context3(codec) else { throw Self.outOfMemory }
    guard let packet = av_packet_alloc() else {
      var held: UnsafeMutablePointer<AVCodecContext>? = context
      avcodec_free_context(&held)
      throw Self.outOfMemory
    }
    self.context = context
    self.packet = packet
    // Only packets are wanted of it: what they are of does not matter.
    stream = EncodedStream(format: StreamFormat(kind: .vp9, parameters: []))
    context.pointee.width = Int32(width)
    context.pointee.height = Int32(height)
    context.pointee.pix_fmt = AV_PIX_FMT_BGRA
    context.pointee.time_base = AVRational(num: 1, den: Int32(Engine.framesPerSecond))
    context.pointee.framerate = AVRational(num: Int32(Engine.framesPerSecond), den: 1)
    context.pointee.thread_count = 1
    // libwebp's effort, 0 to 6. Of a moving picture every frame is tried in several ways.
    context.pointee.compression_level = moves ? 2 : 6
    context.pointee.flags |= AV_CODEC_FLAG_BITEXACT
    av_opt_set(context.pointee.priv_data, "quality", "\(quality)", 0)
    let code = avcodec_open2(context, codec, nil)
    guard code >= 0 else {
      throw .libraryFailed(operation: "opening libwebp", reason: libavMessage(code))
    }
  }

  deinit {
    var (held, heldPacket): (UnsafeMutablePointer<AVCodecContext>?, UnsafeMutablePointer<AVPacket>?) = (
      context, packet
    )
    avcodec_free_context(&held)
    av_packet_free(&heldPacket)
  }

  private static let outOfMemory = EngineError.libraryFailed(
    operation: "encoding WebP", reason: "out of memory")

  /// Adds a picture shown from frame `number` of the film on.
  func encode(_ picture: UnsafeMutablePointer<AVFrame>, _ number: Int) throws(EngineError) {
    picture.pointee.pts = Int64(number)
    try VideoEncoder.drain(context, sending: picture, packet, into: &stream)
  }

  /// The whole file.
  func finish() throws(EngineError) -> [UInt8] {
    try VideoEncoder.drain(context, sending: nil, packet, into: &stream)
    return stream.bytes
  }
}
