import CMedia

/// AAC packets of a whole sound, encoded once for every file that takes it.
struct EncodedSound: Sendable {
  struct Packet: Sendable, Hashable {
    var bytes: [UInt8]
    /// In samples; the first is negative by the encoder's delay.
    var presentation: Int64
    var duration: Int64
  }

  let packets: [Packet]
  /// AudioSpecificConfig (ISO/IEC 14496-3, 1.6.2.1).
  let configuration: [UInt8]
  /// Samples of silence the decoder gives before the first one.
  let delay: Int
  let count: Int

  /// - Throws: `SoundError.libraryFailed`.
  init(_ sound: StereoSound) throws(SoundError) {
    _ = MediaLog.isQuiet
    let coder = try AACCoder()
    packets = try coder.encode(sound)
    configuration = coder.configuration
    delay = coder.delay
    count = sound.count
  }

  /// What a player makes of the packets, from the first sample on.
  ///
  /// - Throws: `SoundError.libraryFailed`.
  func decoded() throws(SoundError) -> StereoSound {
    let failure = SoundError.libraryFailed(operation: "decoding AAC", reason: "libavcodec lacks its decoder")
    guard let codec = avcodec_find_decoder(AV_CODEC_ID_AAC), let context = avcodec_alloc_context3(codec),
      let packet = av_packet_alloc(), let frame = av_frame_alloc()
    else { throw failure }
    var (heldContext, heldPacket, heldFrame) = (Optional(context), Optional(packet), Optional(frame))
    defer {
      avcodec_free_context(&heldContext)
      av_packet_free(&heldPacket)
      av_frame_free(&heldFrame)
    }
    // libav frees what stands here with its own allocator, and reads past its end.
    let size = configuration.count + Int(AV_INPUT_BUFFER_PADDING_SIZE)
    guard let extra = av_mallocz(size) else { throw failure }
    extra.copyMemory(from: configuration, byteCount: configuration.count)
    context.pointee.extradata = extra.assumingMemoryBound(to: UInt8.self)
    context.pointee.extradata_size = Int32(configuration.count)
    context.pointee.thread_count = 1
    guard avcodec_open2(context, codec, nil) >= 0 else { throw failure }

    var sound = StereoSound(count: 0)
    sound.left.reserveCapacity(packets.count * 1024)
    sound.right.reserveCapacity(packets.count * 1024)
    for item in packets {
      guard av_new_packet(packet, Int32(item.bytes.count)) >= 0 else { throw failure }
      packet.pointee.data.update(from: item.bytes, count: item.bytes.count)
      let code = avcodec_send_packet(context, packet)
      av_packet_unref(packet)
      guard code >= 0 else {
        throw .libraryFailed(operation: "decoding AAC", reason: libavMessage(code))
      }
      while avcodec_receive_frame(context, frame) >= 0 {
        let samples = Int(frame.pointee.nb_samples)
        frame.pointee.extended_data[0]?.withMemoryRebound(to: Float.self, capacity: samples) {
          sound.left.append(contentsOf: UnsafeBufferPointer(start: $0, count: samples))
        }
        frame.pointee.extended_data[1]?.withMemoryRebound(to: Float.self, capacity: samples) {
          sound.right.append(contentsOf: UnsafeBufferPointer(start: $0, count: samples))
        }
      }
    }
    return sound.part(delay..<delay + count)
  }
}
