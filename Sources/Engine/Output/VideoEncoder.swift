import CDrawing
import CMedia

/// Pictures -> H.264 packets. One thread and fixed settings, so that the same pictures give the same bytes.
final class VideoEncoder {
  let context: UnsafeMutablePointer<AVCodecContext>
  private var frame: UnsafeMutablePointer<AVFrame>?
  private var scaler: OpaquePointer?
  private var packet: UnsafeMutablePointer<AVPacket>?

  /// What shapes the bytes besides the pictures; part of the engine's version.
  private static let options = [
    ("preset", "veryfast"), ("crf", "20"), ("profile", "high"),
    // mbtree=0: with macroblock-tree rate control, x264's bytes vary from run to run at widths that are not a
    // multiple of 128.
    (
      "x264-params",
      "threads=1:lookahead-threads=1:keyint=60:min-keyint=6:open-gop=0:bframes=3:force-cfr=1:mbtree=0"
    ),
  ]

  init(width: Int, height: Int) throws(EngineError) {
    guard let codec = avcodec_find_encoder_by_name("libx264") else {
      throw .libraryFailed(
        operation: "encoding video",
        reason: "libavcodec was built without libx264; install Debian's libavcodec")
    }
    guard let context = avcodec_alloc_context3(codec) else { throw Self.outOfMemory }
    self.context = context
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
    for (key, value) in Self.options { av_opt_set(context.pointee.priv_data, key, value, 0) }
    let code = avcodec_open2(context, codec, nil)
    guard code >= 0 else {
      throw .libraryFailed(operation: "opening libx264", reason: libavMessage(code))
    }
    try allocate(width: Int32(width), height: Int32(height))
  }

  deinit {
    var held: UnsafeMutablePointer<AVCodecContext>? = context
    avcodec_free_context(&held)
    av_frame_free(&frame)
    av_packet_free(&packet)
    sws_freeContext(scaler)
  }

  private static let outOfMemory = EngineError.libraryFailed(
    operation: "encoding video", reason: "out of memory")

  private func allocate(width: Int32, height: Int32) throws(EngineError) {
    frame = av_frame_alloc()
    packet = av_packet_alloc()
    // Same size, so the scaler only changes RGB to Y'CbCr (BT.709, limited range) and halves the chroma.
    scaler = sws_getContext(
      width, height, AV_PIX_FMT_BGR0, width, height, AV_PIX_FMT_YUV420P,
      SWS_BILINEAR | SWS_BITEXACT, nil, nil, nil)
    guard let frame, packet != nil, let scaler else { throw Self.outOfMemory }
    let matrix = sws_getCoefficients(SWS_CS_ITU709)
    sws_setColorspaceDetails(scaler, matrix, 1, matrix, 0, 0, 1 << 16, 1 << 16)
    frame.pointee.format = AV_PIX_FMT_YUV420P.rawValue
    frame.pointee.width = width
    frame.pointee.height = height
    frame.pointee.color_range = AVCOL_RANGE_MPEG
    frame.pointee.colorspace = AVCOL_SPC_BT709
    frame.pointee.color_primaries = AVCOL_PRI_BT709
    frame.pointee.color_trc = AVCOL_TRC_BT709
    guard av_frame_get_buffer(frame, 0) >= 0 else { throw Self.outOfMemory }
  }

  /// Takes over what `picture` shows now; the frames encoded next show it.
  func load(_ picture: Bitmap) throws(EngineError) {
    guard let frame, let scaler, av_frame_make_writable(frame) >= 0 else { throw Self.outOfMemory }
    cairo_surface_flush(picture.surface)
    var planes: [UnsafePointer<UInt8>?] = [
      UnsafePointer(cairo_image_surface_get_data(picture.surface)), nil, nil, nil,
    ]
    var strides: [Int32] = [Int32(picture.stride), 0, 0, 0]
    withUnsafeMutableBytes(of: &frame.pointee.data) { data in
      withUnsafeMutableBytes(of: &frame.pointee.linesize) { lines in
        _ = sws_scale(
          scaler, &planes, &strides, 0, Int32(picture.height),
          data.bindMemory(to: UnsafeMutablePointer<UInt8>?.self).baseAddress,
          lines.bindMemory(to: Int32.self).baseAddress)
      }
    }
  }

  /// The loaded picture as it will be coded.
  var planes: Planes? { frame.flatMap { Planes($0) } }

  /// Encodes the loaded picture as frame `number`, or what is still held back when `number` is nil.
  func encode(_ number: Int?, _ take: (UnsafeMutablePointer<AVPacket>) throws(EngineError) -> Void)
    throws(EngineError)
  {
    if let number { frame?.pointee.pts = Int64(number) }
    try Self.drain(context, sending: number == nil ? nil : frame, packet, take)
  }

  /// Sends one frame to an encoder (nil: the end) and hands over every packet it gives.
  static func drain(
    _ context: UnsafeMutablePointer<AVCodecContext>, sending frame: UnsafeMutablePointer<AVFrame>?,
    _ packet: UnsafeMutablePointer<AVPacket>?,
    _ take: (UnsafeMutablePointer<AVPacket>) throws(EngineError) -> Void
  ) throws(EngineError) {
    guard let packet else { throw outOfMemory }
    var code = avcodec_send_frame(context, frame)
    guard code >= 0 else { throw .libraryFailed(operation: "encoding", reason: libavMessage(code)) }
    while true {
      code = avcodec_receive_packet(context, packet)
      if code == retake_error_again() || code == retake_error_eof() { return }
      guard code >= 0 else { throw .libraryFailed(operation: "encoding", reason: libavMessage(code)) }
      try take(packet)
      av_packet_unref(packet)
    }
  }
}
