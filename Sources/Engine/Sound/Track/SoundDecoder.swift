import CMedia
import Foundation

/// Sound files -> samples, through libavformat, libavcodec and libswresample: any rate, any channels.
struct SoundDecoder {
  /// Why a file cannot be used; completes "<path> …".
  struct Fault: Error, Hashable {
    var reason: String
  }

  /// Containers that hold their own sound. Others (playlists, lists of files) could make the engine open
  /// files nobody named.
  private static let containers = "wav,w64,aiff,mp3,mov,mp4,m4a,3gp,3g2,mj2,flac,ogg,aac,matroska,webm"

  /// The first `seconds` of the best sound stream of the file at `path`.
  ///
  /// - Throws: `Fault` when there is no sound, or the file is damaged or cut off.
  static func decode(_ path: String, seconds: Double) throws(Fault) -> StereoSound {
    _ = MediaLog.isQuiet
    try checkRIFF(path)
    var decoder = try SoundDecoder(path)
    defer { decoder.free() }
    return try decoder.read(limit: Int(seconds * Double(Engine.sampleRate)))
  }

  /// libav takes a WAV file that was cut off for a shorter one. Programs that write to a pipe cannot know the
  /// length and write a very large one, or none.
  private static func checkRIFF(_ path: String) throws(Fault) {
    guard let file = FileHandle(forReadingAtPath: path) else { return }
    do {
      let head = [UInt8](try file.read(upToCount: 8) ?? Data())
      let held = try file.seekToEnd()
      try file.close()
      guard head.count == 8, head.starts(with: Array("RIFF".utf8)) else { return }
      let told = head[4...].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) } + 8
      if told < 0x7000_0000, told > held {
        throw Fault(reason: "is cut off: it tells \(told) bytes, but holds \(held)")
      }
    } catch let fault as Fault {
      throw fault
    } catch {
      throw Fault(reason: "cannot be read")
    }
  }

  private var format: UnsafeMutablePointer<AVFormatContext>?
  private var codec: UnsafeMutablePointer<AVCodecContext>?
  private var packet: UnsafeMutablePointer<AVPacket>?
  private var frame: UnsafeMutablePointer<AVFrame>?
  private var resampler: OpaquePointer?
  private var stream: Int32 = -1
  /// What the resampler was made for: some files change in the middle.
  private var input: (rate: Int32, format: Int32, channels: Int32) = (0, 0, 0)
  private var sound = StereoSound(count: 0)

  private init(_ path: String) throws(Fault) {
    var options: OpaquePointer?
    av_dict_set(&options, "protocol_whitelist", "file", 0)
    av_dict_set(&options, "format_whitelist", Self.containers, 0)
    let code = avformat_open_input(&format, "file:" + path, nil, &options)
    av_dict_free(&options)
    guard code >= 0 else {
      throw Fault(
        reason:
          "cannot be opened: \(libavMessage(code)); WAV, AIFF, FLAC, MP3, AAC, M4A, Ogg and WebM are taken")
    }
    do {
      try open()
    } catch {
      free()
      throw error
    }
  }

  private mutating func open() throws(Fault) {
    var code = avformat_find_stream_info(format, nil)
    guard code >= 0 else { throw Fault(reason: "is damaged: \(libavMessage(code))") }
    var found: UnsafePointer<AVCodec>?
    stream = av_find_best_stream(format, AVMEDIA_TYPE_AUDIO, -1, -1, &found, 0)
    guard stream >= 0, let found, let parameters = format?.pointee.streams[Int(stream)]?.pointee.codecpar
    else {
      throw Fault(reason: "holds no sound that can be decoded")
    }
    codec = avcodec_alloc_context3(found)
    packet = av_packet_alloc()
    frame = av_frame_alloc()
    guard let codec, packet != nil, frame != nil else {
      throw Fault(reason: "cannot be decoded: out of memory")
    }
    avcodec_parameters_to_context(codec, parameters)
    codec.pointee.pkt_timebase = format?.pointee.streams[Int(stream)]?.pointee.time_base ?? AVRational()
    codec.pointee.thread_count = 1
    code = avcodec_open2(codec, found, nil)
    guard code >= 0 else { throw Fault(reason: "cannot be decoded: \(libavMessage(code))") }
  }

  private mutating func free() {
    swr_free(&resampler)
    av_frame_free(&frame)
    av_packet_free(&packet)
    avcodec_free_context(&codec)
    avformat_close_input(&format)
  }

  private mutating func read(limit: Int) throws(Fault) -> StereoSound {
    var (bad, good) = (0, 0)
    var code: Int32 = 0
    while sound.count < limit {
      code = av_read_frame(format, packet)
      if code < 0 { break }
      defer { av_packet_unref(packet) }
      guard packet?.pointee.stream_index == stream else { continue }
      if avcodec_send_packet(codec, packet) < 0 { bad += 1 } else { good += 1 }
      try receive(&bad)
    }
    if code < 0 {
      guard code == retake_error_eof() else {
        throw Fault(reason: "is damaged: \(libavMessage(code))")
      }
      avcodec_send_packet(codec, nil)
      try receive(&bad)
      try resample(nil)
      try checkWhole()
    }
    // The first packets of an MP3 cut out of a longer one refer to what is not there.
    guard good > 0, bad <= 2 + good / 50, sound.count > 0 else {
      throw Fault(reason: "is damaged: \(bad) of \(good + bad) of its packets cannot be decoded")
    }
    return sound.count > limit ? sound.part(0..<limit) : sound
  }

  /// A file cut off in the middle tells a longer duration than it holds.
  private func checkWhole() throws(Fault) {
    guard let format, format.pointee.duration > 0 else { return }
    let told = Double(format.pointee.duration) / Double(AV_TIME_BASE)
    // Where libav only guesses from the bit rate, the file told nothing.
    guard format.pointee.duration_estimation_method != AVFMT_DURATION_FROM_BITRATE else { return }
    if sound.seconds < told - max(0.5, told * 0.02) {
      throw Fault(
        reason: "is cut off: it tells \(told.rounded(.down)) s, but holds \(sound.seconds.rounded(.down)) s")
    }
  }

  private mutating func receive(_ bad: inout Int) throws(Fault) {
    while true {
      let code = avcodec_receive_frame(codec, frame)
      if code == retake_error_again() || code == retake_error_eof() { return }
      guard code >= 0 else {
        bad += 1
        return
      }
      try resample(frame)
      av_frame_unref(frame)
    }
  }

  /// - Parameter frame: nil takes out what the resampler still holds.
  private mutating func resample(_ frame: UnsafeMutablePointer<AVFrame>?) throws(Fault) {
    if let frame {
      let now = (frame.pointee.sample_rate, frame.pointee.format, frame.pointee.ch_layout.nb_channels)
      if now != input { try prepare(for: frame, now) }
    }
    guard let resampler else { return }
    let size = swr_get_out_samples(resampler, frame?.pointee.nb_samples ?? 0)
    guard size > 0 else { return }
    var (left, right) = ([Float](repeating: 0, count: Int(size)), [Float](repeating: 0, count: Int(size)))
    let made = left.withUnsafeMutableBytes { left in
      right.withUnsafeMutableBytes { right in
        var planes = [
          left.baseAddress?.assumingMemoryBound(to: UInt8.self),
          right.baseAddress?.assumingMemoryBound(to: UInt8.self),
        ]
        guard let frame else { return swr_convert(resampler, &planes, size, nil, 0) }
        return UnsafeMutableRawPointer(frame.pointee.extended_data)
          .withMemoryRebound(to: UnsafePointer<UInt8>?.self, capacity: Int(input.channels)) {
            swr_convert(resampler, &planes, size, $0, frame.pointee.nb_samples)
          }
      }
    }
    guard made >= 0 else { throw Fault(reason: "cannot be resampled: \(libavMessage(made))") }
    sound.left.append(contentsOf: left.prefix(Int(made)))
    sound.right.append(contentsOf: right.prefix(Int(made)))
  }

  private mutating func prepare(
    for frame: UnsafeMutablePointer<AVFrame>, _ now: (rate: Int32, format: Int32, channels: Int32)
  ) throws(Fault) {
    swr_free(&resampler)
    guard (1000...768_000).contains(now.rate) else {
      throw Fault(reason: "has \(now.rate) samples a second; 1,000 to 768,000 are taken")
    }
    var layout = retake_stereo()
    let code = swr_alloc_set_opts2(
      &resampler, &layout, AV_SAMPLE_FMT_FLTP, Int32(Engine.sampleRate), &frame.pointee.ch_layout,
      AVSampleFormat(now.format), now.rate, 0, nil)
    guard code >= 0, swr_init(resampler) >= 0 else {
      throw Fault(reason: "has channels or samples of a kind that cannot be converted")
    }
    input = now
  }
}
