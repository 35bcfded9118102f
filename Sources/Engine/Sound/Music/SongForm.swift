/// The song's parts: a section for every scene long enough to be one, in phrases of four bars, growing from
/// the first towards the one before the last; and the beat of the last chord.
struct SongForm: Sendable, Hashable {
  struct Phrase: Sendable, Hashable {
    /// Beats.
    var start: Double
    var length: Double
    /// 0…1: how many play, and how hard.
    var energy: Double
    /// True for the first phrase of a section.
    var opensSection: Bool
    var end: Double { start + length }
  }

  /// In beats: shorter scenes belong to the section before and get their hit only.
  private static let shortestSection = 3.0
  private static let phraseLength = 16.0

  private(set) var phrases: [Phrase] = []
  /// The beat of the last chord, which rings until the end.
  let ending: Double

  init(_ grid: BeatGrid) {
    let total = grid.beats
    var starts = [0.0]
    for cut in grid.cuts where cut.isOnBeat {
      let isLong = cut.beat - (starts.last ?? 0) >= Self.shortestSection
      if isLong, total - cut.beat >= Self.shortestSection { starts.append(cut.beat) }
    }
    ending = Self.ending(after: starts.last ?? 0, grid)
    for (index, start) in starts.enumerated() {
      let end = index + 1 < starts.count ? starts[index + 1] : max(ending, start)
      let energy = Self.energy(section: index, of: starts.count)
      var at = start
      var number = 0
      while end - at > 0.01 {
        // A rest shorter than two bars joins the phrase before it.
        let length = end - at >= Self.phraseLength + 8 ? Self.phraseLength : end - at
        // What repeats must grow, or turn.
        let lift = number == 0 ? 0 : number % 2 == 1 ? 0.18 : 0.1
        phrases.append(
          Phrase(start: at, length: length, energy: min(1, energy + lift), opensSection: number == 0))
        at += length
        number += 1
      }
    }
  }

  /// The last bar, half bar or beat that leaves the last chord time to ring, and not so long that the end
  /// feels empty.
  private static func ending(after start: Double, _ grid: BeatGrid) -> Double {
    let ring = min(1.1, grid.duration * 0.25)
    let latest = grid.beat(at: grid.duration - ring)
    for step in [4.0, 2, 1] {
      let beat = start + ((latest - start) / step).rounded(.down) * step
      if beat > start, grid.duration - grid.second(at: beat) <= 2.2 { return beat }
    }
    return latest > start ? start + max(0, (latest - start).rounded(.down)) : start
  }

  private static func energy(section index: Int, of count: Int) -> Double {
    if count == 1 { return 0.72 }
    if index == 0 { return 0.6 }
    if index == count - 1 { return 0.88 }
    return 0.78 + 0.22 * Double(index) / Double(max(1, count - 2))
  }
}
