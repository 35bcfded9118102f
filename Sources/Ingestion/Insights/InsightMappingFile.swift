import Documents

/// A file that says how to read a table no platform is built in for:
///
/// ```yaml
/// schema: retake.insights/1
/// source: linkedin_ads            # figures of one source replace each other, never those of another
/// columns:                        # header of the column that holds it
///   variant: Creative name
///   impressions: Impressions
///   clicks: Clicks
///   conversions: Leads            # from here on all may be left out
///   spend: Total spent
///   currency: Currency
///   day: Start date               # or first_day and last_day; none of them: the file has no dates
///   age: Age
///   gender: Gender
/// variant_by: name                # or id: of a version that is in the campaign
/// breakdowns: [Campaign ID, Device]
/// dates: dmy                      # ymd, dmy or mdy; left out: as far as it can be seen
/// numbers: {decimal: ",", thousands: "."}
/// spend: {unit: currency, currency: EUR}    # unit: currency, minor (cents) or micros
/// totals: [Total]                 # how the first cell of a row of totals begins
/// ```
extension InsightMapping {
  /// - Throws: `DocumentError` with every problem by line.
  public init(path: String) throws { try self.init(try Document(path: path)) }

  init(_ document: Document) throws {
    self = try document.read { root in
      let map = root.mapping(allowed: [
        "schema", "source", "columns", "variant_by", "breakdowns", "dates", "numbers", "spend", "totals",
      ])
      _ = map.require("schema").known(in: ["retake.insights/1"], what: "schema")
      let columns = map.mapping(
        "columns",
        allowed: [
          "variant", "impressions", "clicks", "conversions", "spend", "currency", "day", "first_day",
          "last_day",
          "age", "gender",
        ])
      let source = map.require("source").parsed(
        "up to 32 lower-case letters, digits and underscores, such as linkedin_ads", standIn: "x"
      ) { $0.wholeMatch(of: #/[a-z][a-z0-9_]{0,31}/#) == nil ? nil : $0 }
      func column(_ key: String) -> [String] { columns.optionalString(key).map { [$0] } ?? [] }
      var mapping = InsightMapping(
        source: source, name: document.name, variant: [columns.string("variant")],
        impressions: [columns.string("impressions")], clicks: [columns.string("clicks")])
      mapping.conversions = column("conversions")
      mapping.spend = column("spend")
      mapping.currencyColumn = column("currency")
      mapping.day = column("day")
      mapping.firstDay = column("first_day")
      mapping.lastDay = column("last_day")
      mapping.age = column("age")
      mapping.gender = column("gender")
      if mapping.firstDay.isEmpty != mapping.lastDay.isEmpty {
        columns.problem("first_day and last_day belong together; for single days use day")
      }
      mapping.addedBreakdowns = map.optionalStrings("breakdowns", count: 0...20)
      mapping.variantNaming = map.optionalOneOf("variant_by", VariantNaming.self) ?? .name
      mapping.dayOrder = map.optionalOneOf("dates", DayOrder.self)
      mapping.numbers = Self.numbers(map)
      if let spend = map.optionalMapping("spend", allowed: ["unit", "currency"]) {
        mapping.spendUnit = spend.optionalOneOf("unit", SpendUnit.self) ?? .currency
        mapping.currency = spend.optional("currency")?.parsed("three letters such as EUR", standIn: "") {
          $0.wholeMatch(of: #/[A-Z]{3}/#) == nil ? nil : $0
        }
      }
      mapping.totals = map.optionalStrings("totals", count: 0...20)
      return mapping
    }
  }

  private static func numbers(_ map: DocumentMapping) -> NumberFormat {
    guard let numbers = map.optionalMapping("numbers", allowed: ["decimal", "thousands"]) else {
      return NumberFormat()
    }
    func mark(_ key: String, _ standard: Character) -> Character {
      numbers.optional(key)?.parsed("one character", standIn: standard) { $0.count == 1 ? $0.first : nil }
        ?? standard
    }
    let decimal = mark("decimal", ".")
    let thousands = mark("thousands", decimal == "," ? "." : ",")
    if decimal == thousands { numbers.problem("decimal and thousands must be different characters") }
    return NumberFormat(decimal: decimal, thousands: thousands)
  }
}
