import Foundation

/// How fast something goes, from what was done in the last seconds: what came at once at the beginning (found, not
/// made) does not count, and neither does how slow it was long ago.
struct Pace: Sendable {
  private struct Mark {
    var done: Int
    var at: Duration
  }

  /// Marks are kept for so long, and are so far apart.
  private static let memory = Duration.seconds(4)
  private static let distance = Duration.milliseconds(100)
  private var marks: [Mark] = []
  private var last: Mark?

  mutating func note(_ done: Int, at moment: Duration) {
    let mark = Mark(done: done, at: moment)
    // Begun anew.
    if let last, done < last.done { marks = [] }
    last = mark
    guard let newest = marks.last else {
      marks = [mark]
      return
    }
    guard moment - newest.at >= Self.distance else { return }
    marks.append(mark)
    while marks.count > 2, let oldest = marks.first, moment - oldest.at > Self.memory { marks.removeFirst() }
  }

  /// Units a second; nil until enough is known to say so.
  var perSecond: Double? {
    guard let first = marks.first, let last, last.at - first.at >= .milliseconds(200), last.done > first.done
    else { return nil }
    return Double(last.done - first.done) / ((last.at - first.at) / .seconds(1))
  }

  /// `88 frames/s, 3.2 s left`.
  func words(total: Int, unit: String) -> String? {
    guard let perSecond, let last else { return nil }
    let speed = perSecond < 10 ? String(format: "%.1f", perSecond) : "\(Int(perSecond.rounded()))"
    let left = Double(max(0, total - last.done)) / perSecond
    return "\(speed) \(unit)/s, \(Self.span(left)) left"
  }

  /// `3.2 s`, `48 s`, `2 min 05 s`.
  private static func span(_ seconds: Double) -> String {
    if seconds < 10 { return String(format: "%.1f s", seconds) }
    let whole = Int(seconds.rounded())
    return whole < 60 ? "\(whole) s" : "\(whole / 60) min " + String(format: "%02d s", whole % 60)
  }
}
