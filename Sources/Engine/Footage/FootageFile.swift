import CMedia

/// A media file open for its pictures. Belongs to one thread.
///
/// Containers are known by their content, not by the file's name, and may not lead to other files or hosts:
/// playlists and lists of files cannot make the engine open what nobody named.
final class FootageFile {
  let context: UnsafeMutablePointer<AVFormatContext>
  let stream: UnsafeMutablePointer<AVStream>
  /// What was read last; nothing before the first `read`.
  let packet: UnsafeMutablePointer<AVPacket>
  private var input: UnsafeMutablePointer<AVIOContext>?

  /// - Throws: `PictureFault`, saying what is wrong with the file.
  init(_ path: String) throws(PictureFault) {
    _ = MediaLog.isQuiet
    var input: UnsafeMutablePointer<AVIOContext>?
    var code = avio_open2(&input, "file:" + path, AVIO_FLAG_READ, nil, nil)
    guard code >= 0 else { throw PictureFault(reason: "cannot be opened: \(libavMessage(code))") }
    var opened = avformat_alloc_context()
    guard opened != nil, let packet = av_packet_alloc() else {
      avio_closep(&input)
      throw PictureFault(reason: "cannot be opened: out of memory")
    }
    opened?.pointee.pb = input
    opened?.pointee.io_open = { _, _, _, _, _ in retake_error_forbidden() }
    var options: OpaquePointer?
    av_dict_set(&options, "protocol_whitelist", "none", 0)
    code = avformat_open_input(&opened, "", nil, &options)
    av_dict_free(&options)
    var held: UnsafeMutablePointer<AVPacket>? = packet
    func close(_ reason: String) -> PictureFault {
      avformat_close_input(&opened)
      avio_closep(&input)
      av_packet_free(&held)
      return PictureFault(reason: reason)
    }
    guard code >= 0, let context = opened else {
      throw close("is no video that can be read, or was cut off before its index: \(libavMessage(code))")
    }
    code = avformat_find_stream_info(context, nil)
    guard code >= 0 else { throw close("is damaged: \(libavMessage(code))") }
    let index = av_find_best_stream(context, AVMEDIA_TYPE_VIDEO, -1, -1, nil, 0)
    guard index >= 0, let stream = context.pointee.streams[Int(index)],
      stream.pointee.disposition & AV_DISPOSITION_ATTACHED_PIC == 0
    else {
      let hasSound = av_find_best_stream(context, AVMEDIA_TYPE_AUDIO, -1, -1, nil, 0) >= 0
      throw close(hasSound ? "holds sound only, no moving picture" : "holds no moving picture")
    }
    for other in 0..<Int(context.pointee.nb_streams) where other != Int(index) {
      context.pointee.streams[other]?.pointee.discard = AVDISCARD_ALL
    }
    self.context = context
    self.stream = stream
    self.packet = packet
    self.input = input
  }

  deinit {
    var context: UnsafeMutablePointer<AVFormatContext>? = context
    var packet: UnsafeMutablePointer<AVPacket>? = packet
    av_packet_free(&packet)
    avformat_close_input(&context)
    avio_closep(&input)
  }

  /// Reads the stream's next packet into `packet`; false at the end, and where reading fails.
  func read() -> Bool {
    while true {
      av_packet_unref(packet)
      guard av_read_frame(context, packet) >= 0 else { return false }
      if packet.pointee.stream_index == stream.pointee.index { return true }
    }
  }

  /// Goes to the packet with this decoding time, or to one before it; false where the container cannot.
  func seek(to ticks: Int64) -> Bool {
    av_seek_frame(context, stream.pointee.index, ticks, AVSEEK_FLAG_BACKWARD) >= 0
  }

  /// A decoder for the stream, opened.
  func makeDecoder() throws(PictureFault) -> UnsafeMutablePointer<AVCodecContext> {
    guard let parameters = stream.pointee.codecpar else {
      throw PictureFault(reason: "holds no moving picture")
    }
    let id = parameters.pointee.codec_id
    guard let codec = alphaDecoder(id) ?? avcodec_find_decoder(id) else {
      let name = String(cString: avcodec_get_name(id))
      throw PictureFault(reason: "is coded as \(name), which the libavcodec here cannot decode")
    }
    var context = avcodec_alloc_context3(codec)
    guard let opened = context, avcodec_parameters_to_context(opened, parameters) >= 0 else {
      avcodec_free_context(&context)
      throw PictureFault(reason: "cannot be decoded: out of memory")
    }
    opened.pointee.pkt_timebase = stream.pointee.time_base
    // One thread and an error for damage: the same packets give the same pixels or none.
    opened.pointee.thread_count = 1
    opened.pointee.err_recognition = AV_EF_EXPLODE
    opened.pointee.max_pixels = Int64(PhotoDecoder.pixelLimit)
    let code = avcodec_open2(opened, codec, nil)
    guard code >= 0 else {
      avcodec_free_context(&context)
      throw PictureFault(reason: "cannot be decoded: \(libavMessage(code))")
    }
    return opened
  }

  /// libavcodec's own VP8 and VP9 decoders pass over transparency; those of libvpx do not.
  private func alphaDecoder(_ id: AVCodecID) -> UnsafePointer<AVCodec>? {
    guard let mode = av_dict_get(stream.pointee.metadata, "alpha_mode", nil, 0)?.pointee.value,
      String(cString: mode) == "1"
    else { return nil }
    switch id {
    case AV_CODEC_ID_VP8: return avcodec_find_decoder_by_name("libvpx")
    case AV_CODEC_ID_VP9: return avcodec_find_decoder_by_name("libvpx-vp9")
    default: return nil
    }
  }
}
