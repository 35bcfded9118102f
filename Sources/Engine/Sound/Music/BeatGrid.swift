/// Where the beats fall: evenly at the tempo asked for, drawn a little closer or wider between two cuts so
/// that a beat (or half a beat) falls on each, as a composer for film does with a tempo map.
struct BeatGrid: Sendable, Hashable {
  private struct Anchor: Sendable, Hashable {
    var beat: Double
    var second: Double
  }

  struct Cut: Sendable, Hashable {
    var second: Double
    var beat: Double
    /// False where no beat could be brought here without bending the tempo audibly.
    var isOnBeat: Bool
  }

  /// How far the tempo may bend for a whole beat and for half a beat. Steps of that size between phrases
  /// pass as a player's freedom; with them every scene of four beats or more ends on a beat or a half.
  private static let tolerances = [(grain: 1.0, bend: 0.06), (grain: 0.5, bend: 0.07)]

  /// Seconds of a beat at the tempo asked for.
  let period: Double
  let duration: Double
  private(set) var cuts: [Cut] = []
  private var anchors = [Anchor(beat: 0, second: 0)]

  /// - Parameter cuts: in seconds, ascending, inside `duration`.
  init(tempo: Double, cuts seconds: [Double], duration: Double) {
    period = 60 / tempo
    self.duration = duration
    for second in seconds where second > 0 && second < duration {
      let from = anchors[anchors.count - 1]
      let length = (second - from.second) / period
      let fit = Self.tolerances.lazy.map { (beats: (length / $0.grain).rounded() * $0.grain, bend: $0.bend) }
        .first { $0.beats >= 1 && abs($0.beats / length - 1) <= $0.bend }
      if let fit {
        let anchor = Anchor(beat: from.beat + fit.beats, second: second)
        anchors.append(anchor)
        cuts.append(Cut(second: second, beat: anchor.beat, isOnBeat: true))
      } else {
        cuts.append(Cut(second: second, beat: from.beat + length, isOnBeat: false))
      }
    }
  }

  /// Beats until the end.
  var beats: Double { beat(at: duration) }

  func second(at beat: Double) -> Double {
    guard let next = anchors.firstIndex(where: { $0.beat > beat }) else {
      let last = anchors[anchors.count - 1]
      return last.second + (beat - last.beat) * period
    }
    let (from, to) = (anchors[max(0, next - 1)], anchors[next])
    return from.second + (beat - from.beat) * (to.second - from.second) / (to.beat - from.beat)
  }

  func beat(at second: Double) -> Double {
    guard let next = anchors.firstIndex(where: { $0.second > second }) else {
      let last = anchors[anchors.count - 1]
      return last.beat + (second - last.second) / period
    }
    let (from, to) = (anchors[max(0, next - 1)], anchors[next])
    return from.beat + (second - from.second) * (to.beat - from.beat) / (to.second - from.second)
  }

  func sample(at beat: Double) -> Int { Int((second(at: beat) * Double(Engine.sampleRate)).rounded()) }
}
