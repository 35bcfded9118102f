public import Campaigns
public import FoundationEssentials

/// One row of figures as `POST /v1/insights` takes it, its types right and nothing else checked.
public struct PostedInsight: Hashable, Sendable {
  public var variant: Identifier<Variant>
  public var source: String
  public var day: String
  /// Last day, included; the day itself when not said.
  public var until: String?
  public var breakdown: String
  public var impressions: Int64
  public var clicks: Int64
  public var conversions: Decimal
  /// In units of the currency.
  public var spend: Decimal
  /// ISO 4217.
  public var currency: String?

  public init(
    variant: Identifier<Variant>, source: String, day: String, until: String? = nil, breakdown: String = "",
    impressions: Int64, clicks: Int64, conversions: Decimal = 0, spend: Decimal = 0, currency: String? = nil
  ) {
    self.variant = variant
    self.source = source
    self.day = day
    self.until = until
    self.breakdown = breakdown
    self.impressions = impressions
    self.clicks = clicks
    self.conversions = conversions
    self.spend = spend
    self.currency = currency
  }

  func insight(index: Int) throws(InsightRejection) -> Insight {
    func refuse(_ code: InsightRejection.Code, _ message: String) -> InsightRejection {
      InsightRejection(index: index, code: code, message: message)
    }
    guard source.wholeMatch(of: #/[a-z][a-z0-9_]{0,31}/#) != nil else {
      throw refuse(
        .invalidValue, "source must be lower-case letters, digits and underscores, such as google_ads")
    }
    for day in [day, until ?? day] where !Day.isDay(day) {
      throw refuse(.invalidDay, "\"\(day)\" is not a day such as 2026-11-02")
    }
    let last = until ?? day
    guard day <= last else { throw refuse(.invalidDay, "until, \(last), lies before day, \(day)") }
    guard breakdown.utf8.count <= 1_000, !breakdown.utf8.contains(0) else {
      throw refuse(.invalidValue, "breakdown must have at most 1,000 bytes and no zero byte")
    }
    guard impressions >= 0, clicks >= 0 else { throw refuse(.invalidValue, "counts must not be negative") }
    guard let milliconversions = Self.scaled(conversions, 1_000),
      let spendMicros = Self.scaled(spend, 1_000_000)
    else {
      throw refuse(.invalidValue, "conversions and spend must be numbers from 0 to 1,000,000,000,000")
    }
    if let currency, currency.wholeMatch(of: #/[A-Z]{3}/#) == nil {
      throw refuse(.invalidValue, "currency must be three upper-case letters (ISO 4217)")
    }
    return Insight(
      line: index, subject: .known(variant), breakdown: breakdown, period: "[\(day),\(last)]",
      figures: .init(
        impressions: impressions, clicks: clicks, milliconversions: milliconversions, spendMicros: spendMicros
      ))
  }

  /// Rounded half away from zero.
  private static func scaled(_ value: Decimal, _ factor: Decimal) -> Int64? {
    guard value >= 0, value <= 1_000_000_000_000 else { return nil }
    let text = "\(value * factor)"
    let parts = text.split(separator: ".")
    guard let whole = parts.first.flatMap({ Int64($0) }) else { return nil }
    let isUp = parts.count > 1 && (parts[1].first?.wholeNumberValue ?? 0) >= 5
    return isUp ? whole + 1 : whole
  }
}

/// A row that was not taken, and why.
public struct InsightRejection: Error, Hashable, Sendable {
  public enum Code: String, Hashable, Sendable, CaseIterable {
    /// Not an object with the fields a row has.
    case malformed
    case invalidValue = "invalid_value"
    case invalidDay = "invalid_day"
    case unknownVariant = "unknown_variant"
    /// Says of the same as an earlier row of the request.
    case duplicateRow = "duplicate_row"
    /// Its days stand under another period already.
    case overlappingDays = "overlapping_days"
    /// Not the currency of the campaign's other figures.
    case foreignCurrency = "foreign_currency"
  }

  /// Of the row, counted from 0.
  public var index: Int
  public var code: Code
  public var message: String

  public init(index: Int, code: Code, message: String) {
    self.index = index
    self.code = code
    self.message = message
  }
}
