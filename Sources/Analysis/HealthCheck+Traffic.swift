import Campaigns

extension HealthCheck {
  /// Of gross impressions, from which on the share that was filtered is mentioned.
  static let filteredShareLimit = 0.05
  /// How far, as a difference of shares, one version's filtered share must lie from the others' to be mentioned. A
  /// test alone would speak too soon: bots come in crowds, so their impressions are far from independent.
  static let filteredDifferenceLimit = 0.01
  /// Of gross impressions, and as a difference between versions, from which on nothing is claimed: what the rules did
  /// not catch is then too much to call an audience.
  static let filteredBlockingLimits = (share: 0.5, difference: 0.1)
  /// Standard errors beyond which such a difference is not chance.
  static let filteredDifferenceZ = 4.0

  /// Much filtered traffic, or one version with much more or less of it than the others.
  static func invalidTraffic(
    _ accounts: [Identifier<Variant>: TrafficAccount], names: [Identifier<Variant>: String]
  ) -> HealthCheck? {
    let lines = accounts.mapValues { $0[.impression] }.filter { $0.value.gross > 0 }
    let gross = lines.values.reduce(0) { $0 + $1.gross }
    let filtered = lines.values.reduce(0) { $0 + $1.filteredEvents }
    guard gross > 0, filtered > 0 else { return nil }
    let share = Double(filtered) / Double(gross)
    let outliers = lines.compactMap { variant, line -> (name: String, own: Double, others: Double)? in
      let (size, rest) = (Double(line.gross), Double(gross - line.gross))
      guard rest > 0, let name = names[variant] else { return nil }
      let own = Double(line.filteredEvents) / size
      let others = Double(filtered - line.filteredEvents) / rest
      let error = (share * (1 - share) * (1 / size + 1 / rest)).squareRoot()
      guard abs(own - others) >= filteredDifferenceLimit, abs(own - others) > filteredDifferenceZ * error
      else { return nil }
      return (name, own, others)
    }.sorted { abs($0.own - $0.others) > abs($1.own - $1.others) }
    guard share >= filteredShareLimit || !outliers.isEmpty else { return nil }
    let percent = TrafficAccount.Line.percent
    var sentence = "\(percent(share)) of impressions were filtered as invalid traffic and do not count."
    if let first = outliers.first {
      sentence +=
        " Of version \(first.name) it is \(percent(first.own)), of the others \(percent(first.others)): "
        + "what makes the difference may also be in what was not filtered."
    }
    let widest = outliers.first.map { abs($0.own - $0.others) } ?? 0
    let blocking = share >= filteredBlockingLimits.share || widest >= filteredBlockingLimits.difference
    if blocking { sentence += " With so much of it nothing is claimed." }
    return HealthCheck(
      kind: .invalidTraffic, blocking: blocking, sentence: sentence,
      numbers: [
        "share": share, "filtered": Double(filtered), "gross": Double(gross),
        "versions_that_differ": Double(outliers.count), "widest_difference": widest,
      ])
  }
}
