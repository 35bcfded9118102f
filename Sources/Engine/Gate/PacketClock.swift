/// When the packets of one stream say they are to be shown or heard.
struct PacketClock {
  private(set) var count = 0
  private(set) var bytes = 0
  /// Seconds, in the order of the file.
  private(set) var times: [Double] = []
  /// End of the packet that is heard last.
  private(set) var end = 0.0
  private(set) var isDecodeOrderKept = true
  private var lastDecode = -Double.infinity

  mutating func take(time: Double?, decode: Double?, duration: Double, bytes size: Int) {
    count += 1
    bytes += size
    if let time {
      times.append(time)
      end = max(end, time + duration)
    }
    if let decode {
      if decode <= lastDecode { isDecodeOrderKept = false }
      lastDecode = decode
    }
  }

  /// In the order of showing.
  var shown: [Double] { times.sorted() }
}
