import CMedia
import Glibc

/// Pictures -> packets. One thread and fixed settings, so that the same pictures give the same bytes.
final class VideoEncoder {
  private let context: UnsafeMutablePointer<AVCodecContext>
  private let packet: UnsafeMutablePointer<AVPacket>
  /// For encoders that need more columns than the picture has.
  private let margin: PictureMargin?
  private var stream: EncodedStream

  init(width: Int, height: Int, settings: EncoderSettings) throws(EngineError) {
    if settings.codec == .av1 { _ = MediaLog.isSVTQuiet }
    let codec = try VideoCodec.find(settings.codec.encoder)
    let codedWidth = settings.codec == .h264 ? PictureMargin.width(for: width) : width
    margin = codedWidth > width ? try PictureMargin(width: width, height: height, coded: codedWidth) : nil
    guard let context = avcodec_alloc_context3(codec) else { throw Self.outOfMemory }
    self.context = context
    guard let packet = av_packet_alloc() else {
      var held: UnsafeMutablePointer<AVCodecContext>? = context
      avcodec_free_context(&held)
      throw Self.outOfMemory
    }
    self.packet = packet
    stream = EncodedStream(format: StreamFormat(kind: settings.codec.kind, parameters: []))
    context.pointee.width = Int32(codedWidth)
    context.pointee.height = Int32(height)
    context.pointee.pix_fmt = AV_PIX_FMT_YUV420P
    context.pointee.time_base = AVRational(num: 1, den: Int32(Engine.framesPerSecond))
    context.pointee.framerate = AVRational(num: Int32(Engine.framesPerSecond), den: 1)
    context.pointee.sample_aspect_ratio = AVRational(num: 1, den: 1)
    context.pointee.color_primaries = AVCOL_PRI_BT709
    context.pointee.color_trc = AVCOL_TRC_BT709
    context.pointee.colorspace = AVCOL_SPC_BT709
    context.pointee.color_range = AVCOL_RANGE_MPEG
    context.pointee.chroma_sample_location = AVCHROMA_LOC_LEFT
    context.pointee.thread_count = 1
    context.pointee.flags |= AV_CODEC_FLAG_GLOBAL_HEADER | AV_CODEC_FLAG_BITEXACT
    context.pointee.flags |= Int32(bitPattern: UInt32(AV_CODEC_FLAG_CLOSED_GOP))
    if settings.codec != .h264 {
      // Constant quality without a rate to keep; x264 is told by its own parameters.
      context.pointee.bit_rate = 0
      context.pointee.gop_size = Int32(settings.keyInterval)
    }
    for (key, value) in settings.options {
      let cropped = key == "x264-params" && codedWidth > width
      let value = cropped ? "\(value):crop-rect=0,0,\(codedWidth - width),0" : value
      let code = av_opt_set(context.pointee.priv_data, key, value, 0)
      guard code >= 0 else {
        throw .libraryFailed(
          operation: "opening \(settings.codec.encoder)",
          reason: "it knows no option \(key)=\(value): \(libavMessage(code))")
      }
    }
    let code = avcodec_open2(context, codec, nil)
    guard code >= 0 else {
      throw .libraryFailed(operation: "opening \(settings.codec.encoder)", reason: libavMessage(code))
    }
    stream.format = StreamFormat(
      kind: settings.codec.kind, parameters: context.parameters, width: width, height: height,
      profile: Int(context.pointee.profile), level: Int(context.pointee.level))
  }

  deinit {
    var (held, heldPacket): (UnsafeMutablePointer<AVCodecContext>?, UnsafeMutablePointer<AVPacket>?) = (
      context, packet
    )
    avcodec_free_context(&held)
    av_packet_free(&heldPacket)
  }

  var format: StreamFormat { stream.format }

  private static let outOfMemory = EngineError.libraryFailed(
    operation: "encoding video", reason: "out of memory")

  /// Encodes `picture` as frame `number`, counted from zero.
  func encode(_ picture: PlanarPicture, _ number: Int) throws(EngineError) {
    let picture = try margin?.widened(picture) ?? picture
    picture.frame.pointee.pts = Int64(number)
    try Self.drain(context, sending: picture.frame, packet, into: &stream)
  }

  /// Everything encoded, with what was still held back.
  func finish() throws(EngineError) -> EncodedStream {
    try Self.drain(context, sending: nil, packet, into: &stream)
    return stream
  }

  /// Sends one frame to an encoder (nil: the end) and adds every packet it gives.
  static func drain(
    _ context: UnsafeMutablePointer<AVCodecContext>, sending frame: UnsafeMutablePointer<AVFrame>?,
    _ packet: UnsafeMutablePointer<AVPacket>, into stream: inout EncodedStream
  ) throws(EngineError) {
    var code = avcodec_send_frame(context, frame)
    guard code >= 0 else { throw .libraryFailed(operation: "encoding", reason: libavMessage(code)) }
    while true {
      code = avcodec_receive_packet(context, packet)
      if code == retake_error_again() || code == retake_error_eof() { return }
      guard code >= 0 else { throw .libraryFailed(operation: "encoding", reason: libavMessage(code)) }
      stream.packets.append(
        EncodedStream.Packet(
          shown: packet.pointee.pts, decoded: packet.pointee.dts, duration: max(1, packet.pointee.duration),
          isKey: packet.pointee.flags & AV_PKT_FLAG_KEY != 0, start: stream.bytes.count,
          count: Int(packet.pointee.size)))
      stream.bytes.append(
        contentsOf: UnsafeBufferPointer(start: packet.pointee.data, count: Int(packet.pointee.size)))
      av_packet_unref(packet)
    }
  }
}

/// Widens pictures for x264, whose macroblock-tree (rate control by how much later pictures take from a place)
/// reads beyond the row's end where a row is not a whole number of eight macroblocks: what it finds there
/// differs from run to run, and the bytes with it. At widths that are multiples of 128 it reads nothing but the
/// picture. The added columns repeat the last one, cost next to nothing, and are cropped by the decoder
/// (ITU-T H.264 7.4.2.1.1, frame_cropping).
final class PictureMargin {
  private let picture: PlanarPicture

  static func width(for width: Int) -> Int { (width + 127) / 128 * 128 }

  init(width: Int, height: Int, coded: Int) throws(EngineError) {
    picture = try PlanarPicture(width: coded, height: height)
  }

  /// A copy of `source` with its last column repeated; to be used before the next call.
  func widened(_ source: PlanarPicture) throws(EngineError) -> PlanarPicture {
    let (from, to) = (try source.rows, try picture.writable())
    Self.copy(from.luma, from.lumaStride, from.width, to.luma, to.lumaStride, to.width, rows: to.height)
    for (a, b) in [(from.blueness, to.blueness), (from.redness, to.redness)] {
      Self.copy(a, from.chromaStride, from.width / 2, b, to.chromaStride, to.width / 2, rows: to.height / 2)
    }
    return picture
  }

  private static func copy(
    _ source: UnsafeMutablePointer<UInt8>, _ sourceStride: Int, _ width: Int,
    _ target: UnsafeMutablePointer<UInt8>, _ targetStride: Int, _ wide: Int, rows: Int
  ) {
    for row in 0..<rows {
      let (from, to) = (source + row * sourceStride, target + row * targetStride)
      memcpy(to, from, width)
      memset(to + width, Int32(from[width - 1]), wide - width)
    }
  }
}

extension UnsafeMutablePointer<AVCodecContext> {
  /// An open encoder's parameter sets.
  var parameters: [UInt8] {
    Array(UnsafeBufferPointer(start: pointee.extradata, count: Int(pointee.extradata_size)))
  }
}
