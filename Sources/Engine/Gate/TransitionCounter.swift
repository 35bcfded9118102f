/// The frames of the last second or so in which something turned, one bit each.
struct TurnHistory: Hashable {
  /// The lowest bit stands for `frame`.
  private var bits: UInt64 = 0
  private var frame = 0

  /// Notes a turn at `now` and gives the number of turns in the `window` frames that end with it.
  mutating func add(_ now: Int, window: Int) -> Int {
    let passed = now - frame
    bits = (passed < 64 ? bits << UInt64(passed) : 0) | 1
    frame = now
    return count(at: now, window: window)
  }

  func count(at now: Int, window: Int) -> Int { seen(at: now, window).nonzeroBitCount }

  /// The frame of the oldest turn in the window.
  func first(at now: Int, window: Int) -> Int { now - (63 - seen(at: now, window).leadingZeroBitCount) }

  /// The newest frame lowest.
  private func seen(at now: Int, _ window: Int) -> UInt64 {
    let passed = now - frame
    guard passed < 64 else { return 0 }
    let moved = bits << UInt64(passed)
    return window >= 64 ? moved : moved & ((1 << UInt64(window)) - 1)
  }
}

/// Finds the turning points of one place's luminance: a turn is counted when the way back from the last
/// extreme has become as long as a flash's.
struct TransitionCounter {
  private var low: Float = -1
  private var high: Float = -1
  /// 1 after a rise, -1 after a fall, 0 before the first.
  private var direction: Int8 = 0

  /// True when `value` completes a transition of at least `change` whose darker end lies below `darker`.
  mutating func take(_ value: Float, change: Float, darker: Float) -> Bool {
    guard low >= 0 else {
      (low, high) = (value, value)
      return false
    }
    if value < low { low = value }
    if value > high { high = value }
    if direction <= 0, value - low >= change, low < darker {
      direction = 1
    } else if direction >= 0, high - value >= change, value < darker {
      direction = -1
    } else {
      return false
    }
    (low, high) = (value, value)
    return true
  }
}

/// Finds turns into a saturated red and out of it.
struct RedCounter {
  private var isRed = false
  private var isSet = false
  private var share: Float = 0
  /// The reddest colour of a red state, the least red of another, in the UCS diagram.
  private var place = SIMD2<Float>(0, 0)

  /// True when `light` (linear) completes a transition. A red has at least `limit` of red in its sum and at
  /// least `least` of it; the two states lie more than `distance` apart.
  mutating func take(_ light: SIMD3<Float>, share limit: Float, least: Float, distance: Float) -> Bool {
    let sum = light.x + light.y + light.z
    let share = sum > 0 ? light.x / sum : 0
    let isNowRed = share >= limit && light.x >= least
    guard isSet else {
      (isSet, isRed, self.share, place) = (true, isNowRed, share, ColourModel.chromaticity(light))
      return false
    }
    if isNowRed == isRed {
      if isRed ? share > self.share : share < self.share {
        (self.share, place) = (share, ColourModel.chromaticity(light))
      }
      return false
    }
    let now = ColourModel.chromaticity(light)
    let difference = now - place
    // A colour no longer red but still near it waits until it is far enough to be another state.
    guard (difference * difference).sum() > distance * distance else { return false }
    (isRed, self.share, place) = (isNowRed, share, now)
    return true
  }
}
