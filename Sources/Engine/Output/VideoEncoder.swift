import CMedia
import Cryptography
import Synchronization

/// What shapes an encoding besides the pictures.
struct EncoderSettings: Sendable, Hashable {
  var preset: String
  /// Constant rate factor: 0 is lossless, 51 the worst.
  var quality: Int
  /// Beyond these frames a key picture is forced.
  var keyInterval: Int

  /// For segments: one key picture at the start, for no segment is long. A cut within footage gets a picture
  /// that refers to no other but does not start anew: two of those in a row would have to differ in a number
  /// (`idr_pic_id`, ITU-T H.264 7.4.3) that segments made apart cannot agree on.
  static let segment = EncoderSettings(preset: "veryfast", quality: 20, keyInterval: 4096)
  /// For a film in one go.
  static let whole = EncoderSettings(preset: "veryfast", quality: 20, keyInterval: SegmentPlan.longest)

  var options: [(String, String)] {
    [
      ("preset", preset), ("crf", "\(quality)"), ("profile", "high"),
      // threads=1: with more, bytes vary from run to run. mbtree=0: with macroblock-tree rate control they do
      // so at widths that are not a multiple of 128.
      (
        "x264-params",
        "threads=1:lookahead-threads=1:keyint=\(keyInterval):min-keyint=\(keyInterval / 2)"
          + ":open-gop=0:bframes=3:force-cfr=1:mbtree=0"
      ),
    ]
  }

  /// The hash of these settings and of what they make of a known moving picture here and now: another build
  /// of libx264, or one that takes another way on another processor, has another.
  func fingerprint() throws(EngineError) -> SHA256Digest {
    if let known = Self.fingerprints.withLock({ $0[self] }) { return known }
    let (width, height, count) = (176, 144, 12)
    let encoder = try VideoEncoder(width: width, height: height, settings: self)
    let picture = try PlanarPicture(width: width, height: height)
    for number in 0..<count {
      let rows = try picture.writable()
      for row in 0..<height {
        for column in 0..<width {
          rows.luma[row * rows.lumaStride + column] = UInt8(
            truncatingIfNeeded: (column + number * 3) * (row + 7) / 16 &+ (column ^ row))
        }
      }
      for row in 0..<height / 2 {
        for column in 0..<width / 2 {
          rows.blueness[row * rows.chromaStride + column] = UInt8(truncatingIfNeeded: column + number)
          rows.redness[row * rows.chromaStride + column] = UInt8(truncatingIfNeeded: row * 2)
        }
      }
      try encoder.encode(picture, number)
    }
    let stream = try encoder.finish()
    var hash = SHA256()
    hash.update(field: Engine.version)
    hash.update(field: options.map { "\($0)=\($1)" }.joined(separator: " "))
    hash.update(stream.format.parameters)
    hash.update(stream.bytes)
    let digest = hash.finalize()
    Self.fingerprints.withLock { $0[self] = digest }
    return digest
  }

  /// Neither the processor nor the library changes while a process lives.
  private static let fingerprints = Mutex<[EncoderSettings: SHA256Digest]>([:])
}

/// Pictures -> H.264 packets. One thread and fixed settings, so that the same pictures give the same bytes.
final class VideoEncoder {
  private let context: UnsafeMutablePointer<AVCodecContext>
  private let packet: UnsafeMutablePointer<AVPacket>
  private var stream: EncodedStream

  init(width: Int, height: Int, settings: EncoderSettings) throws(EngineError) {
    guard let codec = avcodec_find_encoder_by_name("libx264") else {
      throw .libraryFailed(
        operation: "encoding video",
        reason: "libavcodec was built without libx264; install Debian's libavcodec")
    }
    guard let context = avcodec_alloc_context3(codec) else { throw Self.outOfMemory }
    self.context = context
    guard let packet = av_packet_alloc() else {
      var held: UnsafeMutablePointer<AVCodecContext>? = context
      avcodec_free_context(&held)
      throw Self.outOfMemory
    }
    self.packet = packet
    stream = EncodedStream(format: StreamFormat(kind: .h264, parameters: []))
    context.pointee.width = Int32(width)
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
    for (key, value) in settings.options { av_opt_set(context.pointee.priv_data, key, value, 0) }
    let code = avcodec_open2(context, codec, nil)
    guard code >= 0 else {
      throw .libraryFailed(operation: "opening libx264", reason: libavMessage(code))
    }
    stream.format = StreamFormat(
      kind: .h264, parameters: context.parameters, width: width, height: height,
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

extension UnsafeMutablePointer<AVCodecContext> {
  /// An open encoder's parameter sets.
  var parameters: [UInt8] {
    Array(UnsafeBufferPointer(start: pointee.extradata, count: Int(pointee.extradata_size)))
  }
}
