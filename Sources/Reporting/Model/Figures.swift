/// Sums over some days, and what follows from them.
public struct Figures: Hashable, Sendable, Codable {
  public var impressions: Int64
  /// Impressions that came but were filtered as invalid traffic; not in `impressions`.
  public var filteredImpressions: Int64
  /// Events of the goal's success kind.
  public var successes: Int64
  public var clicks: Int64
  public var conversions: Int64
  /// Millionths of the campaign's currency; nil where no platform said what it cost.
  public var spendMicros: Int64?

  public init(
    impressions: Int64 = 0, successes: Int64 = 0, clicks: Int64 = 0, conversions: Int64 = 0,
    spendMicros: Int64? = nil, filteredImpressions: Int64 = 0
  ) {
    self.filteredImpressions = filteredImpressions
    self.impressions = impressions
    self.successes = successes
    self.clicks = clicks
    self.conversions = conversions
    self.spendMicros = spendMicros
  }

  public var grossImpressions: Int64 { impressions + filteredImpressions }
  /// Successes per impression.
  public var rate: Double? { Self.ratio(Double(successes), impressions) }
  public var clickThrough: Double? { Self.ratio(Double(clicks), impressions) }
  /// Currency units per thousand impressions.
  public var costPerThousand: Double? { spend.flatMap { Self.ratio($0 * 1_000, impressions) } }
  public var costPerClick: Double? { spend.flatMap { Self.ratio($0, clicks) } }
  public var costPerConversion: Double? { spend.flatMap { Self.ratio($0, conversions) } }
  /// Currency units per success of the goal.
  public var costPerResult: Double? { spend.flatMap { Self.ratio($0, successes) } }
  /// Currency units.
  public var spend: Double? { spendMicros.map { Double($0) / 1_000_000 } }

  public static func + (left: Figures, right: Figures) -> Figures {
    Figures(
      impressions: left.impressions + right.impressions, successes: left.successes + right.successes,
      clicks: left.clicks + right.clicks, conversions: left.conversions + right.conversions,
      spendMicros: left.spendMicros.map { $0 + (right.spendMicros ?? 0) } ?? right.spendMicros,
      filteredImpressions: left.filteredImpressions + right.filteredImpressions)
  }

  public static func += (left: inout Figures, right: Figures) { left = left + right }

  private static func ratio(_ value: Double, _ count: Int64) -> Double? {
    count > 0 ? value / Double(count) : nil
  }

  private enum CodingKeys: CodingKey {
    case impressions, filteredImpressions, successes, clicks, conversions, spendMicros
    case rate, costPerThousandMicros, costPerClickMicros, costPerConversionMicros, costPerResultMicros
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    impressions = try values.decode(Int64.self, forKey: .impressions)
    filteredImpressions = try values.decodeIfPresent(Int64.self, forKey: .filteredImpressions) ?? 0
    successes = try values.decode(Int64.self, forKey: .successes)
    clicks = try values.decode(Int64.self, forKey: .clicks)
    conversions = try values.decode(Int64.self, forKey: .conversions)
    spendMicros = try values.decodeIfPresent(Int64.self, forKey: .spendMicros)
  }

  /// Writes the derived figures too, so that readers need not know the formulas.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(impressions, forKey: .impressions)
    try values.encode(filteredImpressions, forKey: .filteredImpressions)
    try values.encode(successes, forKey: .successes)
    try values.encode(clicks, forKey: .clicks)
    try values.encode(conversions, forKey: .conversions)
    try values.encodeIfPresent(spendMicros, forKey: .spendMicros)
    try values.encodeIfPresent(rate, forKey: .rate)
    try values.encodeIfPresent(Self.micros(costPerThousand), forKey: .costPerThousandMicros)
    try values.encodeIfPresent(Self.micros(costPerClick), forKey: .costPerClickMicros)
    try values.encodeIfPresent(Self.micros(costPerConversion), forKey: .costPerConversionMicros)
    try values.encodeIfPresent(Self.micros(costPerResult), forKey: .costPerResultMicros)
  }

  private static func micros(_ amount: Double?) -> Int64? { amount.map { Int64(($0 * 1_000_000).rounded()) } }
}
