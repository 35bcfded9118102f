import Testing

@testable import Engine

@Suite struct QualitySearchTests {
  /// An encoder whose bytes halve every `halving` steps, from `bytes` at 20, over what does not shrink.
  private func search(
    bytes: Int, halving: Double = 6, fixed: Int = 10_000, limits: ByteLimits, codec: VideoCodec = .h264
  ) -> (outcome: QualitySearch.Step, tried: [Int: Int]) {
    var search = QualitySearch(codec: codec, start: 20, limits: limits, fixedBytes: fixed)
    var quality = 20
    while true {
      var factor = 1.0
      for _ in 0..<abs(quality - 20) { factor *= Self.root(halving) }
      let video = quality > 20 ? Double(bytes - fixed) / factor : Double(bytes - fixed) * factor
      let step = search.step(after: quality, bytes: fixed + Int(video))
      guard case .encode(let next) = step else { return (step, search.tried) }
      quality = next
    }
  }

  /// 2 ^ (1 / n) by bisection.
  private static func root(_ n: Double) -> Double {
    var (low, high) = (1.0, 2.0)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      var power = 1.0
      for _ in 0..<Int(n) { power *= middle }
      if power < 2 { low = middle } else { high = middle }
    }
    return low
  }

  private func limits(most: Int? = nil, least: Int = 0, aim: Int? = nil) -> ByteLimits {
    var limits = ByteLimits()
    limits.most = most
    limits.least = least
    limits.aim = aim
    return limits
  }

  @Test func aFilmThatFitsIsEncodedOnce() {
    let (outcome, tried) = search(bytes: 100_000, limits: limits(most: 100_000, least: 100_000))
    #expect(outcome == .take(quality: 20) && tried.count == 1)
  }

  @Test(arguments: [3, 6, 12, 17], [15_000, 40_000, 90_000, 99_000])
  func whatIsTakenFitsAndLeavesLittleRoom(halving: Int, most: Int) throws {
    let (outcome, tried) = search(bytes: 100_000, halving: Double(halving), limits: limits(most: most))
    #expect(tried.count <= QualitySearch.rounds)
    switch outcome {
    case .take(let quality):
      let bytes = try #require(tried[quality])
      #expect(bytes <= most)
      // The next better one was too large, or was not tried because rounds were used up.
      if tried.count < QualitySearch.rounds, tried[quality - 1] == nil { #expect(bytes >= most * 9 / 10) }
    case .fail(let bytes):
      #expect(tried[36] == bytes && bytes > most)
    case .encode: Issue.record("the search did not end")
    }
  }

  @Test func nothingAcceptableFitsWhereSoundAloneIsTooLarge() {
    let (outcome, tried) = search(bytes: 100_000, limits: limits(most: 9000))
    guard case .fail(let bytes) = outcome else {
      Issue.record("it took \(outcome)")
      return
    }
    #expect(bytes > 9000 && tried.count == 2)
  }

  @Test func aFloorIsReachedByMoreQualityAsFarAsThatGoes() throws {
    let (reached, first) = search(bytes: 100_000, limits: limits(least: 180_000))
    guard case .take(let quality) = reached else { throw Unexpected() }
    #expect(quality < 20 && (first[quality] ?? 0) >= 180_000)
    let (beyond, _) = search(bytes: 100_000, limits: limits(least: 9_000_000))
    #expect(beyond == .take(quality: 10))
  }

  @Test func betweenAFloorAndACeilingTheCeilingIsKept() throws {
    let (outcome, tried) = search(bytes: 100_000, halving: 3, limits: limits(most: 105_000, least: 103_000))
    guard case .take(let quality) = outcome else { throw Unexpected() }
    #expect((tried[quality] ?? .max) <= 105_000)
  }

  @Test func whatIsAdvisedCostsNoMoreThanHalfTheBytes() throws {
    let (kept, _) = search(bytes: 100_000, limits: limits(aim: 80_000))
    guard case .take(let quality) = kept else { throw Unexpected() }
    #expect(quality > 20 && quality <= 23)
    let (beyond, tried) = search(bytes: 100_000, limits: limits(most: 1_000_000, aim: 20_000))
    #expect(beyond == .take(quality: 23) && tried.count <= 3)
  }

  private struct Unexpected: Error {}

  @Test func limitsFollowFromThePlacementsRatesAndTheFilmsLength() {
    var placement = Placement(id: "a.b", width: 100, height: 100, maximumBytes: 900_000)
    placement.rules.lowestBitRate = 400
    placement.rules.highestBitRate = 1000
    placement.rules.minimumBytes = 75_000
    placement.rules.targetBitRate = 800
    let short = ByteLimits(placement, frames: 60, soundBytes: 1000, maximumBytes: nil)
    #expect(short.most == 250_000 && short.least == 100_125 && short.aim == 201_000)
    let long = ByteLimits(placement, frames: 600, soundBytes: 1000, maximumBytes: nil)
    #expect(long.most == 900_000 && long.limitOf == "a.b")
    let asked = ByteLimits(placement, frames: 600, soundBytes: 1000, maximumBytes: 5000)
    #expect(asked.most == 5000 && asked.limitOf == "the limit that was asked for")
  }
}
