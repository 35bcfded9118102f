/// What a decoder must know of a stream before its first packet.
struct StreamFormat: Sendable, Hashable {
  /// The numbers stand in the cache's files.
  enum Kind: Int64, Sendable {
    case h264, aac, vp9, opus, av1

    var isPicture: Bool { self != .aac && self != .opus }
  }

  var kind: Kind
  /// Parameter sets (H.264, Annex B), the sequence header (AV1), the AudioSpecificConfig (AAC) or the
  /// identification header (Opus, RFC 7845 5.1); VP9 has none.
  var parameters: [UInt8]
  /// Pixels as they are shown; zero for sound.
  var width = 0
  var height = 0
  var profile = 0
  var level = 0
  /// Samples in a packet, and samples before the first that is heard; zero for pictures.
  var packetSamples = 0
  var priming = 0
  var bitRate = 0
}

/// Packets as they left an encoder, counted from zero: pictures in frames, sound in samples.
struct EncodedStream: Sendable, Hashable {
  struct Packet: Sendable, Hashable {
    var shown: Int64
    var decoded: Int64
    var duration: Int64
    var isKey: Bool
    /// Where its data stands in `bytes`.
    var start: Int
    var count: Int
  }

  var format: StreamFormat
  var packets: [Packet] = []
  var bytes: [UInt8] = []

  init(format: StreamFormat) {
    self.format = format
  }
}

extension EncodedStream {
  /// Eight-byte little-endian numbers, then the bytes they speak of.
  func serialised() -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count + packets.count * 48 + 256)
    func put(_ value: Int64) { withUnsafeBytes(of: value.littleEndian) { output.append(contentsOf: $0) } }
    put(format.kind.rawValue)
    for value in [
      format.width, format.height, format.profile, format.level, format.packetSamples, format.priming,
      format.bitRate, format.parameters.count, packets.count, bytes.count,
    ] { put(Int64(value)) }
    for packet in packets {
      put(packet.shown)
      put(packet.decoded)
      put(packet.duration)
      put(packet.isKey ? 1 : 0)
      put(Int64(packet.count))
    }
    return output + format.parameters + bytes
  }

  /// nil for anything `serialised` did not write.
  init?(serialised input: [UInt8]) {
    var place = 0
    func next() -> Int64? {
      guard place + 8 <= input.count else { return nil }
      defer { place += 8 }
      return input.withUnsafeBytes {
        Int64(littleEndian: $0.loadUnaligned(fromByteOffset: place, as: Int64.self))
      }
    }
    func count() -> Int? { next().flatMap { $0 >= 0 && $0 <= Int64(input.count) ? Int($0) : nil } }
    guard let kind = next().flatMap(StreamFormat.Kind.init(rawValue:)), let width = next(),
      let height = next(), let profile = next(), let level = next(), let packetSamples = next(),
      let priming = next(), let bitRate = next(), let parameterCount = count(), let packetCount = count(),
      let byteCount = count()
    else { return nil }
    format = StreamFormat(
      kind: kind, parameters: [], width: Int(width), height: Int(height), profile: Int(profile),
      level: Int(level), packetSamples: Int(packetSamples), priming: Int(priming), bitRate: Int(bitRate))
    var start = 0
    for _ in 0..<packetCount {
      guard let shown = next(), let decoded = next(), let duration = next(), let key = next(),
        let size = count()
      else { return nil }
      packets.append(
        Packet(
          shown: shown, decoded: decoded, duration: duration, isKey: key == 1, start: start, count: size))
      start += size
    }
    guard start == byteCount, place + parameterCount + byteCount == input.count else { return nil }
    format.parameters = Array(input[place..<place + parameterCount])
    bytes = Array(input[(place + parameterCount)...])
  }
}
