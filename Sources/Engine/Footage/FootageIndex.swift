import CMedia
import Cryptography
import Foundation
import Synchronization

/// What a footage file holds, from its packets alone: nothing is decoded for it.
struct FootageIndex: Sendable, Hashable {
  struct Packet: Sendable, Hashable {
    /// In ticks; in the order of the file.
    var pts: Int64
    var dts: Int64
    var isKey: Bool
  }

  let path: String
  /// Of the whole file, lower-case hexadecimal.
  let sha256: String
  /// Seconds of a tick.
  let tick: Double
  /// In the order of decoding.
  let packets: [Packet]
  /// Those that decoding may begin at, in the order of showing; none where frames are counted.
  let keys: [Packet]
  /// True where packets do not tell their time: frames are then known by their number, and reached from the
  /// file's beginning only.
  let isCounted: Bool
  /// The time of the first frame, which is the clip's zero.
  let start: Int64
  /// Seconds that can be read.
  let duration: Double
  /// Where the file ends although it tells of more, in seconds.
  let cutOff: Double?
  /// As shown: pixels made square, turned as the file wants.
  let aspect: Double
  /// Lines of the file as shown.
  let height: Int
  let turn: FootageTurn

  /// - Throws: `PictureFault`.
  init(_ path: String, sha256: String) throws(PictureFault) {
    let file = try FootageFile(path)
    let stream = file.stream
    self.path = path
    self.sha256 = sha256
    turn = FootageTurn(stream)
    var packets: [Packet] = []
    var (isTimed, longest) = (true, Int64.min)
    let noTime = retake_no_time()
    while file.read() {
      let packet = file.packet.pointee
      // Half a packet at the end of a file that was cut off, and what an edit list leaves out.
      if packet.flags & (AV_PKT_FLAG_CORRUPT | AV_PKT_FLAG_DISCARD) != 0 || packet.size == 0 { continue }
      if packet.pts == noTime { isTimed = false }
      let dts = packet.dts == noTime ? packet.pts : packet.dts
      packets.append(
        Packet(pts: packet.pts, dts: min(dts, packet.pts), isKey: packet.flags & AV_PKT_FLAG_KEY != 0))
      longest = max(longest, packet.pts &+ max(0, packet.duration))
    }
    guard !packets.isEmpty else { throw PictureFault(reason: "holds no picture at all") }
    let rate = stream.pointee.avg_frame_rate.value
    let perSecond = rate > 0 ? rate : stream.pointee.r_frame_rate.value
    isCounted = !isTimed
    if isTimed {
      tick = stream.pointee.time_base.value
      let times = packets.map(\.pts)
      let first = times.min() ?? 0
      start = first
      // The last frame shows as long as it says, or else as long as frames do.
      let last = times.max() ?? first
      let usual =
        perSecond > 0
        ? 1 / perSecond : (Double(last) - Double(first)) * tick / Double(max(1, packets.count - 1))
      let shown = (Double(longest) - Double(first)) * tick
      duration = max(shown, (Double(last) - Double(first)) * tick + (longest > last ? 0 : usual))
    } else {
      tick = 1 / (perSecond > 0 ? perSecond : 25)
      start = 0
      duration = Double(packets.count) * tick
    }
    self.packets = packets
    keys = isTimed ? packets.filter(\.isKey).sorted { $0.pts < $1.pts } : []
    cutOff = Self.cutOff(file, packets.count, duration)
    guard let parameters = stream.pointee.codecpar, parameters.pointee.width > 0,
      parameters.pointee.height > 0
    else { throw PictureFault(reason: "holds no picture whose size is known") }
    let size = (Double(parameters.pointee.width), Double(parameters.pointee.height))
    guard size.0 * size.1 <= Double(PhotoDecoder.pixelLimit) else {
      throw PictureFault(
        reason: "has frames of \(Int(size.0))x\(Int(size.1)); at most 100 million pixels are taken")
    }
    let pixel = av_guess_sample_aspect_ratio(file.context, stream, nil).value
    let wide = size.0 * (pixel > 0.05 && pixel < 20 ? pixel : 1) / size.1
    aspect = turn.isSideways ? 1 / wide : wide
    height = Int(turn.isSideways ? size.0 : size.1)
  }

  private static func cutOff(_ file: FootageFile, _ count: Int, _ readable: Double) -> Double? {
    let stream = file.stream.pointee
    if stream.nb_frames > 0 { return Int64(count) < stream.nb_frames - 1 ? readable : nil }
    // Where libav only guesses from the bit rate, the file told nothing.
    let isGuess = file.context.pointee.duration_estimation_method == AVFMT_DURATION_FROM_BITRATE
    let told = isGuess ? 0 : Double(file.context.pointee.duration) / Double(AV_TIME_BASE)
    let hasSound = (0..<Int(file.context.pointee.nb_streams)).contains {
      file.context.pointee.streams[$0]?.pointee.codecpar?.pointee.codec_type == AVMEDIA_TYPE_AUDIO
    }
    // Sound may go on longer than pictures do.
    return told > readable + (hasSound ? max(1, readable * 0.1) : 0.25) ? readable : nil
  }

  /// The last key picture at or before a time; nil: the file's beginning.
  func key(before ticks: Int64) -> Packet? { keys.last { $0.pts <= ticks } }

  /// Seconds since the clip's beginning.
  func seconds(_ ticks: Int64) -> Double { (Double(ticks) - Double(start)) * tick }
}

/// What was found out about footage in this process: placements of one composition ask for the same files.
enum FootageShelf {
  /// A file as it was when it was looked at.
  private struct Key: Hashable {
    var path: String
    var size: Int
    var changed: Double
    var node: Int
  }

  private static let indices = Mutex<[(key: Key, index: FootageIndex)]>([])
  private static let proofs = Mutex<[(range: FootageRange, footage: Footage)]>([])
  private static let most = 32

  /// - Throws: `PictureFault`.
  static func index(_ path: String) throws(PictureFault) -> FootageIndex {
    let key: Key
    do {
      let facts = try FileManager.default.attributesOfItem(atPath: path)
      key = Key(
        path: path, size: facts[.size] as? Int ?? 0,
        changed: (facts[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0,
        node: facts[.systemFileNumber] as? Int ?? 0)
    } catch {
      throw PictureFault(reason: "does not exist")
    }
    if let known = indices.withLock({ $0.first { $0.key == key }?.index }) { return known }
    let hash: SHA256Digest
    do {
      hash = try SHA256.hash(fileAt: path)
    } catch {
      throw PictureFault(reason: "cannot be opened; check its permissions")
    }
    let made = try FootageIndex(path, sha256: hash.hex)
    indices.withLock {
      $0.insert((key, made), at: 0)
      if $0.count > most { $0.removeLast() }
    }
    return made
  }

  /// - Throws: `PictureFault`.
  static func footage(_ range: FootageRange) throws(PictureFault) -> Footage {
    if let known = proofs.withLock({ $0.first { $0.range == range }?.footage }) { return known }
    let made = try Footage(range)
    proofs.withLock {
      $0.insert((range, made), at: 0)
      if $0.count > most { $0.removeLast() }
    }
    return made
  }
}
