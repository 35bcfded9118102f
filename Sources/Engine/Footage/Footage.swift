import CMedia

/// A stretch of a file's time.
struct FootageRange: Sendable, Hashable {
  var index: FootageIndex
  /// Seconds since the clip's beginning; `until` is not part of it.
  var from: Double
  var until: Double

  static func == (a: FootageRange, b: FootageRange) -> Bool {
    a.index.sha256 == b.index.sha256 && a.index.path == b.index.path && a.from == b.from && a.until == b.until
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(index.sha256)
    hasher.combine(from)
    hasher.combine(until)
  }
}

/// A stretch of footage that has been decoded once: every frame in it comes out whole, so that what is painted
/// later depends on nothing but the file.
struct Footage: Sendable, Hashable {
  let range: FootageRange
  /// The frames that are whole, by ticks, in the order of showing. At least one.
  let frames: [Int64]
  let hasAlpha: Bool
  let isInterlaced: Bool
  let colours: FootageColours
  /// Seconds since the clip's beginning from which (and up to which) frames are missing; nil: none are.
  let damage: (from: Double, until: Double)?

  var index: FootageIndex { range.index }

  /// - Throws: `PictureFault` where nothing in the stretch can be decoded.
  init(_ range: FootageRange) throws(PictureFault) {
    let index = range.index
    let key = index.key(before: index.start &+ Int64(range.from / index.tick))
    var pass = try Pass(range, from: key)
    // A container that jumps too far is read from its beginning.
    if let key, pass.first.map({ $0 > key.pts }) ?? true { pass = try Pass(range, from: nil) }
    let survey = pass.survey
    guard let colours = pass.colours, !survey.whole.isEmpty else {
      throw PictureFault(
        reason: survey.damage == nil
          ? "holds no frame between \(seconds(range.from)) and \(seconds(range.until))"
          : "is damaged: nothing between \(seconds(range.from)) and \(seconds(range.until)) can be decoded")
    }
    self.range = range
    frames = survey.whole
    hasAlpha = pass.hasAlpha
    isInterlaced = pass.isInterlaced
    self.colours = colours
    damage = survey.damage
  }

  static func == (a: Footage, b: Footage) -> Bool { a.range == b.range }
  func hash(into hasher: inout Hasher) { hasher.combine(range) }

  /// Every frame of a stretch, looked at once.
  private struct Pass {
    var survey: FootageSurvey
    var first: Int64?
    var hasAlpha = false
    var isInterlaced = false
    var colours: FootageColours?

    init(_ range: FootageRange, from key: FootageIndex.Packet?) throws(PictureFault) {
      let index = range.index
      survey = FootageSurvey(range)
      let stream = try FootageStream(index.path, isCounted: index.isCounted)
      stream.decodeRoughly()
      if let key { _ = stream.seek(to: key.dts) }
      while let frame = stream.next() {
        let ticks = frame.pointee.pts
        first = min(first ?? ticks, ticks)
        // Frames before the key picture lean on what was not decoded.
        if let key, ticks < key.pts { continue }
        guard index.seconds(ticks) < range.until else { break }
        survey.came(ticks)
        let format = AVPixelFormat(frame.pointee.format)
        let flags = av_pix_fmt_desc_get(format)?.pointee.flags ?? 0
        hasAlpha = hasAlpha || flags & UInt64(AV_PIX_FMT_FLAG_ALPHA) != 0 || format == AV_PIX_FMT_PAL8
        isInterlaced = isInterlaced || frame.pointee.interlaced_frame != 0
        colours = colours ?? FootageColours(frame)
      }
      survey.settle(stream.failures.filter { $0 >= key?.pts ?? Int64.min })
    }
  }
}

/// Tells whole frames from damaged ones while a stretch is decoded.
struct FootageSurvey {
  private let range: FootageRange
  /// Frames that came out within the stretch.
  private var came: [Int64] = []
  private(set) var whole: [Int64] = []
  private(set) var damage: (from: Double, until: Double)?

  init(_ range: FootageRange) { self.range = range }

  /// Frames that come out of order, as broken files have them, are passed over here and when painting.
  mutating func came(_ ticks: Int64) {
    guard ticks > came.last ?? Int64.min else { return }
    came.append(ticks)
  }

  /// A packet that did not decode spoils all that were decoded after it, up to the next key picture.
  mutating func settle(_ failures: [Int64]) {
    let index = range.index
    var spoilt: Set<Int64> = []
    let failed = Set(failures)
    if !failed.isEmpty {
      if index.isCounted {
        // Numbers of packets and of frames agree as long as nothing is lost: from the first loss on, none do.
        let first = failed.min() ?? 0
        spoilt = Set(came.filter { $0 >= first })
      } else {
        var isSpoilt = false
        for packet in index.packets {
          if packet.isKey { isSpoilt = false }
          if failed.contains(packet.pts) { isSpoilt = true }
          if isSpoilt { spoilt.insert(packet.pts) }
        }
      }
    }
    // What a frame of the stretch's beginning shows may begin before it.
    let slack = ClipTiming.tolerance
    let inside = came.filter { index.seconds($0) < range.until && !spoilt.contains($0) }
    let before = inside.filter { index.seconds($0) <= range.from + slack }.max()
    whole = Set(inside.filter { index.seconds($0) > range.from + slack } + [before].compactMap(\.self))
      .sorted()
    let lost = (index.isCounted ? came.filter(spoilt.contains) : Array(spoilt)).filter {
      (range.from..<range.until).contains(index.seconds($0))
    }
    if let from = lost.min(), let until = lost.max() {
      damage = (index.seconds(from), index.seconds(until))
    }
  }
}
