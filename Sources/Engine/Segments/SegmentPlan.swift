/// Cuts a film into stretches that are encoded on their own.
///
/// Cuts stand where the set of active scenes changes and, within long stretches, at even distances from
/// there, so that two films that share a scene share its segments too, wherever it stands in them. Where a
/// film is cut follows from the film alone, never from the number of workers: its bytes must not.
enum SegmentPlan {
  /// Shorter ones join a neighbour: each segment costs a key picture.
  static let shortest = 8
  /// Longer ones are divided: two seconds are about as far as players like key pictures apart.
  static let longest = 60

  static func segments(cuts: [Int], frameCount: Int) -> [Range<Int>] {
    guard frameCount > 0 else { return [] }
    let edges = joined(cuts, frameCount: frameCount)
    return zip(edges, edges.dropFirst()).flatMap { start, end in
      let parts = (end - start + longest - 1) / longest
      return (0..<parts).map { part in
        start + (end - start) * part / parts..<start + (end - start) * (part + 1) / parts
      }
    }
  }

  /// `cuts` without those that leave a stretch too short, the beginning and the end included.
  static func joined(_ cuts: [Int], frameCount: Int) -> [Int] {
    var edges = [0]
    for cut in cuts.sorted() where cut < frameCount && cut - (edges.last ?? 0) >= shortest {
      edges.append(cut)
    }
    if edges.count > 1, frameCount - (edges.last ?? 0) < shortest { edges.removeLast() }
    return edges + [frameCount]
  }
}
