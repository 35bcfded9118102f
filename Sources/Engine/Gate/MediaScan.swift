import CMedia
import Foundation

/// Reads a file once from its beginning to its end.
struct MediaScan {
  private(set) var facts: MediaFacts
  private(set) var videoClock = PacketClock()
  private(set) var audioClock = PacketClock()
  private(set) var readErrors: [String] = []
  private(set) var corruptPackets = 0
  /// nil where the pictures are known already, and where they cannot be decoded.
  let video: VideoScan?
  private(set) var audio: SoundMeasures?
  /// True where a memory of the packets stands for looking at the pictures.
  let isPictureKnown: Bool
  /// Hashes of all packets' data.
  private(set) var pictureHash = PacketHash()
  private(set) var soundHash = PacketHash()
  /// Frames the file's index promises; 0 where it says nothing.
  let promisedFrames: Int

  init(
    _ file: MediaFile, subject: GateSubject, rules: GateRules, tape: PictureTape?,
    memory: GateMemory = GateMemory(), _ flag: CancellationFlag
  ) throws {
    let rate = file.video.map { Self.frameRate($0) } ?? 0
    isPictureKnown = memory.pictures != nil
    video =
      isPictureKnown
      ? nil
      : file.video.flatMap {
        VideoScan(
          $0, frameRate: rate > 0 ? rate : Double(Engine.framesPerSecond), subject: subject, rules: rules,
          tape: tape)
      }
    let sound = memory.sound == nil ? file.audio.flatMap { AudioScan($0, rules: rules.sound) } : nil
    promisedFrames = file.video.map { Int($0.pointee.nb_frames) } ?? 0
    facts = MediaFacts(
      container: file.containers, bytes: file.bytes, seconds: 0,
      isFaststart: file.containers.contains("mp4") ? try FileLayout.isFaststart(path: file.path) : nil)
    try read(file, sound, flag)
    audio = memory.sound?.measures ?? sound?.measures
    describe(file, rate)
  }

  private mutating func read(_ file: MediaFile, _ sound: AudioScan?, _ flag: CancellationFlag) throws {
    var held = av_packet_alloc()
    defer { av_packet_free(&held) }
    guard let packet = held else {
      throw EngineError.libraryFailed(operation: "reading \(file.path)", reason: "out of memory")
    }
    while file.read(packet, errors: &readErrors) {
      try flag.check()
      if packet.pointee.flags & AV_PKT_FLAG_CORRUPT != 0 { corruptPackets += 1 }
      if let stream = file.video, packet.pointee.stream_index == stream.pointee.index {
        note(packet.pointee, stream, in: &videoClock)
        pictureHash.take(UnsafeRawBufferPointer(start: packet.pointee.data, count: Int(packet.pointee.size)))
        video?.take(packet)
      } else if let stream = file.audio, packet.pointee.stream_index == stream.pointee.index {
        note(packet.pointee, stream, in: &audioClock)
        soundHash.take(UnsafeRawBufferPointer(start: packet.pointee.data, count: Int(packet.pointee.size)))
        sound?.take(packet)
      }
      av_packet_unref(packet)
    }
    video?.take(nil)
    sound?.take(nil)
  }

  private func note(
    _ packet: AVPacket, _ stream: UnsafeMutablePointer<AVStream>, in clock: inout PacketClock
  ) {
    func time(_ ticks: Int64) -> Double? { ticks == Int64.min ? nil : stream.seconds(ticks) }
    clock.take(
      time: time(packet.pts), decode: time(packet.dts), duration: stream.seconds(packet.duration),
      bytes: Int(packet.size))
  }

  private static func frameRate(_ stream: UnsafeMutablePointer<AVStream>) -> Double {
    let average = stream.pointee.avg_frame_rate.value
    return average > 0 ? average : stream.pointee.r_frame_rate.value
  }

  private mutating func describe(_ file: MediaFile, _ rate: Double) {
    func name(_ text: UnsafePointer<CChar>?) -> String? { text.map { String(cString: $0) } }
    if let stream = file.video {
      let part = stream.pointee.codecpar.pointee
      let start = stream.seconds(stream.pointee.start_time)
      let seconds = max(0, videoClock.end - start)
      let shape = part.sample_aspect_ratio.value
      facts.video = MediaFacts.Video(
        codec: name(avcodec_get_name(part.codec_id)) ?? "unknown",
        profile: name(avcodec_profile_name(part.codec_id, part.profile)),
        pixelFormat: name(av_get_pix_fmt_name(AVPixelFormat(part.format))) ?? "unknown",
        width: Int(part.width), height: Int(part.height), pixelShape: shape > 0 ? shape : 1,
        isProgressive: video?.isInterlaced != true
          && (part.field_order == AV_FIELD_PROGRESSIVE || part.field_order == AV_FIELD_UNKNOWN),
        frameRate: rate, frames: videoClock.count,
        bitsPerSecond: seconds > 0 ? Int(Double(videoClock.bytes) * 8 / seconds) : 0, startSeconds: start,
        seconds: seconds)
      facts.seconds = seconds
    }
    if let stream = file.audio {
      let part = stream.pointee.codecpar.pointee
      let start = stream.seconds(stream.pointee.start_time)
      let seconds = max(0, audioClock.end - start)
      facts.audio = MediaFacts.Audio(
        codec: name(avcodec_get_name(part.codec_id)) ?? "unknown", channels: Int(part.ch_layout.nb_channels),
        sampleRate: Int(part.sample_rate),
        bitsPerSecond: seconds > 0 ? Int(Double(audioClock.bytes) * 8 / seconds) : 0, startSeconds: start,
        seconds: seconds, loudness: audio?.loudness, peak: audio?.peak)
      facts.seconds = max(facts.seconds, seconds)
    }
  }
}
