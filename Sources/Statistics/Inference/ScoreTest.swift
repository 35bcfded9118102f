/// The score statistic of a hypothetical difference between two rates.
struct ScoreTest {
  let a: BinomialCounts
  let b: BinomialCounts

  /// (observed - difference) / its standard error under that difference; falls as the difference rises.
  func statistic(_ difference: Double) -> Double {
    let rateA = likeliestRate(difference)
    let rateB = min(1, max(0, rateA + difference))
    let (n, m) = (Double(a.trials), Double(b.trials))
    let variance = (rateA * (1 - rateA) / n + rateB * (1 - rateB) / m) * ((n + m) / (n + m - 1))
    let distance = b.rate - a.rate - difference
    if variance > 0 { return distance / variance.squareRoot() }
    return distance == 0 ? 0 : (distance > 0 ? .infinity : -.infinity)
  }

  /// Where the statistic passes `level`, by halving: it is monotone.
  func boundary(_ level: Double, from low: Double, to high: Double) -> Double {
    var (low, high) = (low, high)
    for _ in 0..<64 {
      let middle = 0.5 * (low + high)
      if statistic(middle) > level { low = middle } else { high = middle }
    }
    return 0.5 * (low + high)
  }

  /// A's most likely rate when B's is higher by `difference`: the zero of the likelihood's slope, which only falls.
  /// Halving needs no case for counts of zero, unlike the closed form of the cubic.
  private func likeliestRate(_ difference: Double) -> Double {
    var low = max(0, -difference)
    var high = min(1, 1 - difference)
    func slope(_ rate: Double) -> Double {
      func part(_ counts: BinomialCounts, _ rate: Double) -> Double {
        let (hits, misses) = (Double(counts.successes), Double(counts.trials - counts.successes))
        return (hits > 0 ? hits / max(rate, 1e-300) : 0) - (misses > 0 ? misses / max(1 - rate, 1e-300) : 0)
      }
      return part(a, rate) + part(b, rate + difference)
    }
    for _ in 0..<60 {
      let middle = 0.5 * (low + high)
      if slope(middle) > 0 { low = middle } else { high = middle }
    }
    return 0.5 * (low + high)
  }
}
