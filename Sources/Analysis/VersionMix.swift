import Campaigns
import Statistics

/// How well versions do against each other, whatever the days were like: rate = day x version, fitted to the days'
/// counts by iterative scaling (the likelihood equations of Poisson regression with two factors).
///
/// Impressions times these factors are what a segment's responses are measured against hour by hour, so that traffic
/// moving to a better version is not taken for a better market.
struct VersionMix: Hashable, Sendable {
  /// Mean 1 over impressions. Versions shown to wear out are left out: their loss is theirs, not the market's.
  let factors: [Identifier<Variant>: Double]

  init(_ inputs: ExperimentInputs, days: DailyCounts, without worn: Set<Identifier<Variant>>) {
    let fresh = days.variants.indices.filter { !worn.contains(days.variants[$0]) }
    let versions = fresh.map { days.variants[$0] }
    let rows = days.all.map { day in fresh.map { days[day][$0] } }
      .filter { row in row.total().successes > 0 && row.allSatisfy(\.isPossible) }
    var factors = [Double](repeating: 1, count: versions.count)
    let totals = versions.indices.map { version in rows.reduce(0) { $0 + Double($1[version].successes) } }
    for _ in 0..<30 {
      var expected = [Double](repeating: 0, count: versions.count)
      for row in rows {
        let mean = zip(row, factors).reduce(0) { $0 + Double($1.0.trials) * $1.1 }
        guard mean > 0 else { continue }
        let level = Double(row.total().successes) / mean
        for version in versions.indices { expected[version] += level * Double(row[version].trials) }
      }
      var largest = 0.0
      for version in versions.indices where expected[version] > 0 {
        // A version of few responses leans on the average, with twenty of them.
        let factor = (totals[version] + 20) / (expected[version] + 20)
        largest = max(largest, abs(factor - factors[version]))
        factors[version] = factor
      }
      if largest < 1e-6 { break }
    }
    let weights = versions.indices.map { version in rows.reduce(0) { $0 + Double($1[version].trials) } }
    let all = weights.reduce(0, +)
    let mean = zip(weights, factors).reduce(0) { $0 + $1.0 * $1.1 } / max(1, all)
    self.factors = Dictionary(
      zip(versions, factors.map { mean > 0 ? $0 / mean : 1 }).map { ($0, $1) }
    ) { first, _ in first }
  }
}

/// A segment's responses in one hour, and the impressions they are measured against, weighed by ``VersionMix``.
public struct SegmentHour: Hashable, Sendable {
  /// Hours since the start of 1970 in UTC.
  public var hour: Int
  public var impressions: Int64
  public var successes: Int64

  public init(hour: Int, impressions: Int64, successes: Int64) {
    self.hour = hour
    self.impressions = impressions
    self.successes = successes
  }
}
