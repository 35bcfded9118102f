/// Which frame of a clip shows when: a pure function of the layer's time.
struct ClipTiming: Sendable, Hashable {
  /// The clip's frames: seconds since the clip's beginning, ascending, and by what its source knows them.
  var times: [Double]
  var moments: [Int]
  /// The stretch that plays, in the clip's seconds.
  var from: Double
  var until: Double
  /// Clip seconds in a second.
  var speed: Double
  /// What happens at the stretch's end: the last frame stays, it begins again, or it runs back and forth.
  var repeats: Track.Repeat

  /// Containers round times, Matroska to milliseconds: a frame may come this much before its time.
  static let tolerance = 0.0015

  /// - Parameter time: seconds since the layer began.
  func moment(at time: Double) -> Int {
    let span = until - from
    var place = max(0, time) * speed
    if place >= span, span > 0 {
      let turns = (place / span).rounded(.down)
      switch repeats {
      case .no: place = span
      case .again: place -= turns * span
      case .mirror:
        place -= turns * span
        if Int(turns) % 2 == 1 { place = span - place }
      }
    }
    let wanted = from + place + Self.tolerance
    // The last frame that begins at or before `wanted`.
    var (low, high) = (0, times.count)
    while low < high {
      let middle = (low + high) / 2
      if times[middle] <= wanted { low = middle + 1 } else { high = middle }
    }
    return moments.isEmpty ? 0 : moments[max(0, low - 1)]
  }
}
