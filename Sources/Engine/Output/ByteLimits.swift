import Glibc

/// How many bytes a file may and must have.
struct ByteLimits: Sendable, Hashable {
  /// More is no use to anyone: the file is not published.
  var most: Int?
  /// Who says so.
  var limitOf = ""
  /// Fewer are refused by the placement.
  var least = 0
  /// What the platform advises: kept where that does not show.
  var aim: Int?

  static let none = ByteLimits()

  init() {}

  /// What `placement` demands of a film of so many frames, and the caller besides. Bit rates are of the whole file
  /// (`kbps`) or of its picture (`target_kbps`).
  init(_ placement: Placement, frames: Int, soundBytes: Int, maximumBytes: Int?) {
    let rules = placement.rules
    func bytes(_ kilobits: Int) -> Int { kilobits * 125 * frames / Engine.framesPerSecond }
    var limits: [(bytes: Int, of: String)] = []
    if let bytes = maximumBytes { limits.append((bytes, "the limit that was asked for")) }
    if let bytes = placement.maximumBytes { limits.append((bytes, placement.id)) }
    if let rate = rules.highestBitRate { limits.append((bytes(rate), "\(placement.id), by its bit rate,")) }
    if let smallest = limits.min(by: { $0.bytes < $1.bytes }) { (most, limitOf) = smallest }
    // Rounded up, for a rate is compared rounded down.
    least = max(rules.minimumBytes ?? 0, rules.lowestBitRate.map { bytes($0) + 125 } ?? 0)
    aim = rules.targetBitRate.map { bytes($0) + soundBytes }
  }
}

/// Looks for the quality at which a film fits its limits, by what its encodings weigh: the first guess follows
/// from the rule that so many steps of quality halve the bytes, later ones from what was measured. Nothing but
/// bytes decides, so the same film always ends at the same quality.
struct QualitySearch {
  enum Step: Hashable {
    case encode(quality: Int)
    /// The one to take, of those encoded.
    case take(quality: Int)
    /// Nothing acceptable fits.
    case fail(bytes: Int)
  }

  /// A film is encoded at most so often.
  static let rounds = 5

  let codec: VideoCodec
  let limits: ByteLimits
  /// Of sound and container, which do not shrink.
  let fixedBytes: Int
  /// By how many bytes what is given as a file's weight may be too high.
  let slack: Int
  /// The best and the worst quality that may be chosen; what a caller asked for lies within.
  let range: ClosedRange<Int>
  /// For what is advised only, quality is given up by no more than this.
  let softWorst: Int
  private(set) var tried: [Int: Int] = [:]

  init(codec: VideoCodec, start: Int, limits: ByteLimits, fixedBytes: Int, slack: Int = 0) {
    self.codec = codec
    self.limits = limits
    self.fixedBytes = fixedBytes
    self.slack = slack
    let acceptable = codec.acceptableQuality
    range = min(start, acceptable.lowerBound)...max(start, acceptable.upperBound)
    softWorst = min(start + Int(codec.halving / 2), range.upperBound)
  }

  /// What to do after `quality` gave a file of `bytes`.
  mutating func step(after quality: Int, bytes: Int) -> Step {
    tried[quality] = bytes
    let fitting = tried.keys.filter { !isOver($0) }.min()
    let over = tried.keys.filter(isOver).max()
    let isLast = tried.count >= Self.rounds
    if let fitting {
      let bytes = tried[fitting] ?? 0
      let best = (over ?? range.lowerBound - 1) + 1
      // Nothing in between is left, or it is well filled already.
      if fitting == best || isLast { return .take(quality: fitting) }
      if bytes - slack < limits.least {
        let wanted = limits.least + limits.least / 50 + slack
        return .encode(quality: guess(wanted, within: best...fitting - 1, rounding: .down))
      }
      guard let over, let ceiling = ceiling(over), bytes < ceiling * 9 / 10 else {
        return .take(quality: fitting)
      }
      return .encode(quality: guess(ceiling * 97 / 100, within: best...fitting - 1))
    }
    // Everything was too large so far.
    guard let over, over < range.upperBound else { return .fail(bytes: tried[range.upperBound] ?? bytes) }
    let isSoft = limits.most.map { (tried[over] ?? 0) <= $0 } ?? true
    let worst = isSoft ? max(over + 1, softWorst) : range.upperBound
    if tried.count == Self.rounds - 1 { return .encode(quality: worst) }
    let ceiling = ceiling(over) ?? 0
    return .encode(quality: guess(ceiling * 97 / 100, within: over + 1...worst))
  }

  /// What a file of `quality` may weigh.
  private func ceiling(_ quality: Int) -> Int? {
    let soft = quality < softWorst ? limits.aim : nil
    return [limits.most, soft].compactMap(\.self).min()
  }

  private func isOver(_ quality: Int) -> Bool {
    guard let ceiling = ceiling(quality), let bytes = tried[quality] else { return false }
    return bytes > ceiling
  }

  /// The quality at which the file should weigh `bytes`.
  private func guess(
    _ bytes: Int, within allowed: ClosedRange<Int>, rounding: FloatingPointRoundingRule = .up
  ) -> Int {
    let wanted = Self.logarithm(bytes - fixedBytes)
    let known = tried.map { (quality: Double($0.key), weight: Self.logarithm($0.value - fixedBytes)) }
      .sorted { (abs($0.weight - wanted), $0.quality) < (abs($1.weight - wanted), $1.quality) }
    guard let near = known.first else { return allowed.lowerBound }
    var halving = codec.halving
    if known.count > 1, known[1].weight != near.weight {
      let measured = (near.quality - known[1].quality) / (known[1].weight - near.weight)
      halving = min(max(measured, codec.halving / 3), codec.halving * 3)
    }
    let quality = (near.quality + (near.weight - wanted) * halving).rounded(rounding)
    return Int(min(max(quality, Double(allowed.lowerBound)), Double(allowed.upperBound)))
  }

  private static func logarithm(_ bytes: Int) -> Double { log2(Double(max(1, bytes))) }
}
