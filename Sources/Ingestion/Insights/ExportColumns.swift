import Documents

/// Where the columns of a table stand that a mapping asks for.
struct ExportColumns {
  struct Column: Hashable {
    var index: Int
    var header: String
  }

  var variant: Column
  var impressions: Column
  var clicks: Column
  var conversions: Column?
  var spend: Column?
  var currency: Column?
  var day: Column?
  var week: Column?
  var month: Column?
  var firstDay: Column?
  var lastDay: Column?
  var age: Column?
  var gender: Column?
  /// Tell apart rows of one variant and period, in the file's order.
  var breakdowns: [Column]
  /// ISO 4217, from `Amount spent (EUR)`.
  var headerCurrency: String?
  /// Headers that nothing is made of.
  var ignored: [String]

  /// - Throws: `.missingColumns`.
  init(header: [String], mapping: InsightMapping) throws(InsightImportError) {
    let finder = ColumnFinder(header)
    var missing: [InsightImportError.MissingColumn] = []
    func required(_ wanted: [String]) -> Column {
      if let column = finder.first(of: wanted) { return column }
      missing.append(.init(names: wanted, nearest: finder.nearest(to: wanted)))
      return Column(index: 0, header: "")
    }
    let optional = { (wanted: [String]) -> Column? in finder.first(of: wanted) }
    variant = required(mapping.variant)
    impressions = required(mapping.impressions)
    clicks = required(mapping.clicks)
    let added = mapping.addedBreakdowns.map { required([$0]) }
    guard missing.isEmpty else { throw .missingColumns(missing, found: finder.headers) }
    conversions = optional(mapping.conversions)
    spend = optional(mapping.spend)
    currency = optional(mapping.currencyColumn)
    day = optional(mapping.day)
    week = optional(mapping.week)
    month = optional(mapping.month)
    firstDay = optional(mapping.firstDay)
    lastDay = optional(mapping.lastDay)
    age = optional(mapping.age)
    gender = optional(mapping.gender)
    headerCurrency = spend?.header.firstMatch(of: #/\(([A-Z]{3})\)/#).map { String($0.1) }

    let named = mapping.breakdowns.filter { name in
      mapping.namesOfIDs[name].map { finder.first(of: [$0]) == nil } ?? true
    }
    let variant = variant
    breakdowns = Set(named.compactMap { finder.first(of: [$0]) } + added).filter { $0.index != variant.index }
      .sorted { $0.index < $1.index }
    let used: [Column?] =
      [
        variant, impressions, clicks, conversions, spend, currency, day, week, month, firstDay, lastDay, age,
        gender,
      ] + breakdowns
    let indices = Set(used.compactMap { $0?.index })
    ignored = finder.headers.indices.filter { !indices.contains($0) && !finder.headers[$0].isEmpty }
      .map { finder.headers[$0] }
  }

  /// How many of the mapping's columns a row of cells could be the header of.
  static func likeness(of row: [String], to mapping: InsightMapping) -> Int {
    let finder = ColumnFinder(row)
    return [
      mapping.variant, mapping.impressions, mapping.clicks, mapping.conversions, mapping.spend, mapping.day,
    ].count { finder.first(of: $0) != nil }
  }
}

/// Headers as people write them: case, spaces and a currency in parentheses make no difference.
private struct ColumnFinder {
  let headers: [String]
  private let names: [String]

  init(_ row: [String]) {
    headers = row.map { $0.trimming() }
    names = headers.map(Self.normal)
  }

  func first(of wanted: [String]) -> ExportColumns.Column? {
    for name in wanted.map(Self.normal) {
      if let index = names.firstIndex(of: name) { return .init(index: index, header: headers[index]) }
    }
    return nil
  }

  func nearest(to wanted: [String]) -> String? {
    wanted.lazy.compactMap { Suggestion.nearest(to: $0, in: headers.filter { !$0.isEmpty }) }.first
  }

  private static func normal(_ header: String) -> String {
    let bare = header.replacing(#/\s*\([A-Z]{3}\)$/#, with: "")
    return bare.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}

extension String {
  /// Without white space around it.
  func trimming() -> String {
    var text = self[...]
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
