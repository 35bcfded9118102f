/// Maps a range of values onto a range of places and knows round values in between.
struct Scale {
  let values: ClosedRange<Double>
  let places: ClosedRange<Double>
  let ticks: [Double]
  /// The distance between ticks.
  let step: Double

  /// - Parameters:
  ///   - reversed places (as y in SVG) are the caller's: `place(_:)` grows with the value.
  ///   - count: about how many ticks; the values are widened to whole steps when `isNice`.
  init(_ values: ClosedRange<Double>, to places: ClosedRange<Double>, ticks count: Int, isNice: Bool = true) {
    var low = values.lowerBound
    var high = values.upperBound
    if !(high > low) || !(high - low).isFinite {
      let centre = low.isFinite ? low : 0
      let room = centre == 0 ? 1 : abs(centre) * 0.5
      low = centre - room
      high = centre + room
    }
    let step = Self.roundStep((high - low) / Double(max(1, count)))
    if isNice {
      low = (low / step + 1e-9).rounded(.down) * step
      high = (high / step - 1e-9).rounded(.up) * step
    }
    let first = Int((low / step - 1e-9).rounded(.up))
    let last = Int((high / step + 1e-9).rounded(.down))
    self.step = step
    self.values = low...high
    self.places = places
    // Whole multiples, so that zero is zero and not the rounding of a sum.
    ticks = first <= last ? (first...last).map { Double($0) * step } : []
  }

  func place(_ value: Double) -> Double {
    let share = (value - values.lowerBound) / (values.upperBound - values.lowerBound)
    return places.lowerBound + min(1, max(0, share)) * (places.upperBound - places.lowerBound)
  }

  /// 1, 2 or 5 times a power of ten, at least `rough`.
  static func roundStep(_ rough: Double) -> Double {
    guard rough > 0, rough.isFinite else { return 1 }
    var power = 1.0
    // Negative powers divide: 0.1 * 0.1 * 0.1 is not 0.001.
    var divisor = 1.0
    while rough >= power * 10 { power *= 10 }
    while rough < power / divisor, divisor < 1e300 { divisor *= 10 }
    for factor in [1.0, 2, 5, 10] where factor * power / divisor >= rough * (1 - 1e-9) {
      return factor * power / divisor
    }
    return 10 * power / divisor
  }
}
