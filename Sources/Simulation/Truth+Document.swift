import Campaigns
public import Documents
import Foundation

extension Truth {
  /// - Throws: `DocumentError` with every problem of the file.
  public init(path: String) throws { try self.init(Document(path: path)) }

  /// - Throws: `DocumentError` with every problem of the document.
  public init(_ document: Document) throws {
    self = try document.read { TruthReader.truth($0) }
  }
}

private enum TruthReader {
  static func truth(_ root: DocumentNode) -> Truth {
    let map = root.mapping(allowed: [
      "schema", "seed", "start", "weeks", "day_of_week", "hour_of_day", "rates", "conversion_value",
      "cost_per_thousand_impressions", "traffic", "segments",
    ])
    let schema = map.require("schema")
    if schema.string() != "retake.truth/1" { schema.problem("must be retake.truth/1") }
    let rates = map.optional("rates").map { self.rates($0, over: Truth.Rates()) } ?? Truth.Rates()
    return Truth(
      seed: UInt64(map.int("seed", in: 0...Int.max)), start: day(map.require("start")),
      weeks: map.int("weeks", in: 1...520), dayOfWeek: dayOfWeek(map.optional("day_of_week")),
      hourOfDay: hourOfDay(map.optional("hour_of_day")),
      conversionValue: value(map.optional("conversion_value")),
      costPerThousand: map.optional("cost_per_thousand_impressions").map(money),
      traffic: map.optional("traffic").map(traffic) ?? Truth.Traffic(),
      audiences: Dictionary(
        map.require("segments").mapping().entries.map { ($0.key, audience($0.node, rates)) },
        uniquingKeysWith: { first, _ in first }))
  }

  private static func audience(_ node: DocumentNode, _ common: Truth.Rates) -> Truth.Audience {
    let map = node.mapping(allowed: ["impressions_per_day", "rates", "lift", "wears_out", "trend_shift"])
    var lift: [String: Double] = [:]
    for (variant, node) in map.require("lift").mapping().entries { lift[variant] = node.double(in: 0...1000) }
    let newLift = lift.removeValue(forKey: "new") ?? 1
    return Truth.Audience(
      impressionsPerDay: map.double("impressions_per_day", in: 1...1e9),
      rates: map.optional("rates").map { rates($0, over: common) } ?? common, lift: lift, newLift: newLift,
      wearOut: map.optional("wears_out").map { wearOut($0, known: lift) },
      trendShift: map.optionalMapping("trend_shift", allowed: ["day", "multiplier"]).map {
        Truth.TrendShift(day: $0.int("day", in: 1...3650), multiplier: $0.double("multiplier", in: 0...1000))
      })
  }

  private static func wearOut(_ node: DocumentNode, known: [String: Double]) -> Truth.WearOut {
    let map = node.mapping(allowed: ["variant", "after_days", "half_life_days", "floor"])
    return Truth.WearOut(
      variant: map.require("variant").known(in: known.keys.sorted(), what: "variant of lift"),
      afterDays: map.double("after_days", in: 0...3650),
      halfLifeDays: map.double("half_life_days", in: 0.01...3650), floor: map.double("floor", in: 0...1))
  }

  private static func rates(_ node: DocumentNode, over base: Truth.Rates) -> Truth.Rates {
    let fields: [(String, WritableKeyPath<Truth.Rates, Double>)] = [
      ("viewable", \.viewable), ("start", \.start), ("first_quartile", \.firstQuartile),
      ("midpoint", \.midpoint),
      ("third_quartile", \.thirdQuartile), ("complete", \.complete), ("click", \.click),
      ("conversion", \.conversion), ("skip", \.skip), ("mute", \.mute), ("hide", \.hide),
    ]
    let map = node.mapping(allowed: fields.map(\.0))
    var rates = base
    for (name, field) in fields {
      if let rate = map.optionalDouble(name, in: 0...1) { rates[keyPath: field] = rate }
    }
    return rates
  }

  private static func traffic(_ node: DocumentNode) -> Truth.Traffic {
    let map = node.mapping(allowed: ["repeat_viewers", "duplicates", "invalid"])
    let invalid = map.optionalMapping(
      "invalid", allowed: ["bad_timestamp", "malformed", "bots", "instant_clicks"])
    return Truth.Traffic(
      repeatViewers: map.optionalDouble("repeat_viewers", in: 0...0.99) ?? 0,
      duplicates: map.optionalDouble("duplicates", in: 0...1) ?? 0,
      badTimestamp: invalid?.optionalDouble("bad_timestamp", in: 0...1) ?? 0,
      malformed: invalid?.optionalDouble("malformed", in: 0...1) ?? 0,
      bots: invalid?.optionalDouble("bots", in: 0...1) ?? 0,
      instantClicks: invalid?.optionalDouble("instant_clicks", in: 0...1) ?? 0)
  }

  private static let weekdays = [
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
  ]

  private static func dayOfWeek(_ node: DocumentNode?) -> [Double] {
    guard let node else { return [Double](repeating: 1, count: 7) }
    let map = node.mapping(allowed: weekdays)
    return meanOne(weekdays.map { map.double($0, in: 0...100) }, node)
  }

  private static func hourOfDay(_ node: DocumentNode?) -> [Double] {
    guard let node else { return Truth.usualHourOfDay }
    return meanOne(node.list(count: 24...24) { $0.double(in: 0...100) }, node)
  }

  private static func meanOne(_ factors: [Double], _ node: DocumentNode) -> [Double] {
    let mean = factors.reduce(0, +) / Double(max(factors.count, 1))
    if abs(mean - 1) > 0.001 { node.problem("the mean of these must be 1, but is \(mean)") }
    return factors
  }

  private static func day(_ node: DocumentNode) -> Date {
    node.parsed("a day such as 2026-10-26", standIn: Date(timeIntervalSince1970: 0)) { text in
      guard Day.isDay(text) else { return nil }
      return try? Date("\(text)T00:00:00Z", strategy: .iso8601)
    }
  }

  private static func value(_ node: DocumentNode?) -> Truth.ConversionValue? {
    guard let map = node?.mapping(allowed: ["mean", "spread", "currency"]) else { return nil }
    return Truth.ConversionValue(
      mean: map.double("mean", in: 0...1e6), spread: map.double("spread", in: 0...1e6),
      currency: currency(map.require("currency")))
  }

  private static func money(_ node: DocumentNode) -> Money {
    let map = node.mapping(allowed: ["amount", "currency"])
    let amount = map.double("amount", in: 0...1e6)
    return Money(minorUnits: Int64((amount * 100).rounded()), currency: currency(map.require("currency")))
  }

  private static func currency(_ node: DocumentNode) -> String {
    node.parsed("three upper-case letters such as EUR", standIn: "EUR") {
      $0.count == 3 && $0.allSatisfy { $0.isASCII && $0.isUppercase } ? $0 : nil
    }
  }
}
