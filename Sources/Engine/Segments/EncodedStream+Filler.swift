extension EncodedStream {
  /// An H.264 stream with `bytes` bytes more, or a few above that, spread evenly over its pictures: filler data
  /// (ITU-T H.264 7.3.2.7, NAL unit type 12), which decoders pass over and which counts for a bit rate. For places
  /// that demand a rate which a quiet film does not need.
  func padded(by bytes: Int) -> EncodedStream {
    guard format.kind == .h264, bytes > 0, !packets.isEmpty else { return self }
    // Start code, type and the closing bit: six bytes at least.
    let share = max(6, (bytes + packets.count - 1) / packets.count)
    let filler = [0, 0, 0, 1, 12] + [UInt8](repeating: 0xFF, count: share - 6) + [0x80]
    var result = EncodedStream(format: format)
    result.bytes.reserveCapacity(self.bytes.count + share * packets.count)
    for var packet in packets {
      let data = self.bytes[packet.start..<packet.start + packet.count]
      packet.start = result.bytes.count
      packet.count += share
      result.bytes += data
      result.bytes += filler
      result.packets.append(packet)
    }
    return result
  }
}
