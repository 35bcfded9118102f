import CMedia
import Cryptography

/// What the gate found in packets it has looked at before: the same packets need not be decoded again. Held
/// against the file's own packets, so that a memory of others changes nothing.
struct GateMemory: Sendable, Hashable {
  /// Of one film's pictures under one set of rules. There is none of pictures that could not be decoded or did
  /// not show what was rendered.
  struct Pictures: Sendable, Hashable, Codable {
    /// Hash of all packets' data.
    var packets: String
    var findings: [Finding]
  }

  struct Sound: Sendable, Hashable, Codable {
    var packets: String
    var measures: SoundMeasures
  }

  var pictures: Pictures?
  var sound: Sound?
}

/// What a decoded sound track came to.
struct SoundMeasures: Sendable, Hashable, Codable {
  var errors: Int
  var isUnknownFormat: Bool
  /// Of each channel.
  var samples: Int
  var sampleRate: Int
  /// LUFS and dBTP; nil for silence.
  var loudness: Double?
  var peak: Double?
  /// Seconds.
  var silences: [Range<Double>]

  /// Seconds that came out of the decoder.
  var seconds: Double { Double(samples) / Double(max(1, sampleRate)) }
}

/// The hash of packets' data, each packet's over that of those before it.
struct PacketHash: Sendable, Hashable {
  private var digest = SHA256.hash(fields: ["packets/1"])

  mutating func take(_ data: UnsafeRawBufferPointer) {
    var hash = SHA256()
    hash.update(field: digest.hex)
    hash.update(data)
    digest = hash.finalize()
  }

  func finish() -> String { digest.hex }
}

extension GateMemory.Sound {
  /// Decodes and measures a sound as it leaves the encoder, as the gate does in a file; nil when there is no
  /// memory or no decoder for it.
  init?(_ stream: EncodedStream, rules: GateRules.Sound) {
    guard let context = avformat_alloc_context() else { return nil }
    defer { avformat_free_context(context) }
    guard let track = avformat_new_stream(context, nil), let parameters = track.pointee.codecpar,
      stream.format.write(to: parameters), let scan = AudioScan(track, rules: rules),
      let packet = av_packet_alloc()
    else { return nil }
    track.pointee.time_base = stream.format.timeBase
    var held: UnsafeMutablePointer<AVPacket>? = packet
    defer { av_packet_free(&held) }
    var hash = PacketHash()
    for (number, item) in stream.packets.enumerated() {
      guard av_new_packet(packet, Int32(item.count)) >= 0, let data = packet.pointee.data else { return nil }
      stream.bytes.withUnsafeBytes { bytes in
        let part = UnsafeRawBufferPointer(rebasing: bytes[item.start..<item.start + item.count])
        hash.take(part)
        UnsafeMutableRawBufferPointer(start: data, count: item.count).copyMemory(from: part)
      }
      (packet.pointee.pts, packet.pointee.dts, packet.pointee.duration) = (
        item.shown, item.decoded, item.duration
      )
      if number == 0, stream.format.priming > 0,
        let side = av_packet_new_side_data(packet, AV_PKT_DATA_SKIP_SAMPLES, 10)
      {
        // As a file's edit list has it: what the encoder put before the first sample is not heard.
        UnsafeMutableRawPointer(side).initializeMemory(as: UInt8.self, repeating: 0, count: 10)
        UnsafeMutableRawPointer(side).storeBytes(
          of: UInt32(stream.format.priming).littleEndian, as: UInt32.self)
      }
      scan.take(packet)
      av_packet_unref(packet)
    }
    scan.take(nil)
    self.init(packets: hash.finish(), measures: scan.measures)
  }
}
