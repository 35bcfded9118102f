/// Finds the word someone most likely meant.
public enum Suggestion {
  /// The nearest of `words` by edit distance, when it is near enough to be a slip of the finger.
  public static func nearest(to word: String, in words: [String]) -> String? {
    let limit = max(1, word.count / 3)
    let ranked = words.map {
      (distance: distance(Array(word.lowercased()), Array($0.lowercased())), word: $0)
    }
    guard let best = ranked.min(by: { $0.distance < $1.distance }), best.distance <= limit else {
      return nil
    }
    return best.word
  }

  /// `; allowed: a, b, c (did you mean "b"?)`, the tail every message about a closed set ends in.
  static func tail(for word: String, allowed: [String]) -> String {
    let shown = allowed.prefix(24).joined(separator: ", ")
    let more = allowed.count > 24 ? ", and \(allowed.count - 24) more" : ""
    let hint = nearest(to: word, in: allowed).map { " (did you mean \"\($0)\"?)" } ?? ""
    return "; allowed: \(shown)\(more)\(hint)"
  }

  /// Optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours.
  static func distance(_ a: [Character], _ b: [Character]) -> Int {
    guard !a.isEmpty, !b.isEmpty, abs(a.count - b.count) < 24, a.count < 100 else {
      return max(a.count, b.count)
    }
    var beforeLast = [Int](repeating: 0, count: b.count + 1)
    var last = Array(0...b.count)
    for i in 1...a.count {
      var current = [Int](repeating: i, count: b.count + 1)
      for j in 1...b.count {
        let substitution = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
        current[j] = min(last[j] + 1, current[j - 1] + 1, substitution)
        if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
          current[j] = min(current[j], beforeLast[j - 2] + 1)
        }
      }
      (beforeLast, last) = (last, current)
    }
    return last[b.count]
  }
}
