import Campaigns

/// A Meta Ads export, read wholly and checked row by row before anything is written.
struct MetaExport {
  private(set) var insights: [Insight] = []
  let currency: String?
  /// Rows without an ad: the totals Ads Manager adds.
  private(set) var totalRows = 0

  init(_ bytes: [UInt8]) throws(InsightImportError) {
    var reader = try CSVReader(bytes)
    guard let header = try reader.next() else { throw .unreadable("the file is empty") }
    let columns = try MetaColumns(header: header.fields)
    currency = columns.currency
    var problems: [InsightImportError.Problem] = []
    var seen: [String: Int] = [:]
    while let row = try reader.next(), problems.count < 20 {
      guard row.fields.count == header.fields.count else {
        let message = "has \(row.fields.count) columns, the header has \(header.fields.count)"
        problems.append(.init(line: row.line, column: nil, message: message))
        continue
      }
      var parser = RowParser(row: row)
      guard let insight = parser.insight(columns) else {
        if parser.problems.isEmpty { totalRows += 1 }
        problems += parser.problems
        continue
      }
      let key = [insight.audience.key, insight.variant, insight.period, insight.breakdown].joined(
        separator: "\u{1F}")
      if let first = seen.updateValue(row.line, forKey: key) {
        problems.append(
          .init(line: row.line, column: nil, message: "says of the same ad and audience as line \(first)"))
      }
      insights.append(insight)
    }
    guard problems.isEmpty else { throw .rows(problems) }
    guard !insights.isEmpty else { throw .unreadable("the file has a header and no rows") }
  }
}

/// One row's cells as what they should be; what is wrong is noted with its column.
private struct RowParser {
  let row: CSVReader.Row
  var problems: [InsightImportError.Problem] = []

  /// nil for a row of totals, or when something is wrong.
  mutating func insight(_ columns: MetaColumns) -> Insight? {
    let variant = text(columns.variant)
    let isTotal = variant.isEmpty && text(columns.age).isEmpty && text(columns.gender).isEmpty
    if isTotal { return nil }
    if variant.isEmpty { note(columns.variant, "is empty") }
    let ages = read(columns.age, nil) { cell throws(BadCell) in try ImportedAudience.ages(cell) }
    let gender = read(columns.gender, nil) { cell throws(BadCell) in try ImportedAudience.gender(cell) }
    var figures = Insight.Figures()
    figures.impressions = count(columns.impressions)
    figures.clicks = count(columns.clicks)
    figures.conversions = count(columns.conversions)
    figures.spendMicros = read(columns.spend, 0) { cell throws(BadCell) in try Self.number(cell, power: 6) }
    let breakdown = columns.breakdowns.map { "\($0.header)=\(text($0))" }.joined(separator: ", ")
    let period = period(columns)
    guard problems.isEmpty else { return nil }
    return Insight(
      line: row.line, audience: ImportedAudience(ages: ages, gender: gender), variant: variant,
      breakdown: breakdown, period: period, figures: figures)
  }

  private mutating func period(_ columns: MetaColumns) -> String {
    let day = day(columns.day)
    guard let first = day ?? self.day(columns.starts), let last = day ?? self.day(columns.ends) else {
      return "(,)"
    }
    guard first <= last else {
      if let ends = columns.ends { note(ends, "\(last) lies before \(first)") }
      return "(,)"
    }
    return "[\(first),\(last)]"
  }

  private mutating func day(_ column: MetaColumns.Column?) -> String? {
    read(column, nil) { cell throws(BadCell) in
      if cell.isEmpty { return nil }
      guard Day.isDay(cell) else { throw BadCell("\"\(cell)\" is not a day such as 2026-10-26") }
      return cell
    }
  }

  private mutating func count(_ column: MetaColumns.Column?) -> Int64 {
    read(column, 0) { cell throws(BadCell) in try Self.number(cell, power: 0) }
  }

  /// A decimal number times `10^power`, exactly up to half of the last place; an empty cell is zero.
  private static func number(_ cell: String, power: Int) throws(BadCell) -> Int64 {
    if cell.isEmpty { return 0 }
    let parsed = Array(cell.utf8).withUnsafeBufferPointer { bytes -> JSONNumber? in
      var scanner = JSONScanner(bytes, depthLimit: 1)
      guard let first = bytes.first, first == .minus || UInt8.digits.contains(first) else { return nil }
      do throws(JSONSyntaxError) {
        let number = try scanner.number()
        return scanner.isAtEnd ? number : nil
      } catch {
        return nil
      }
    }
    guard let parsed, !parsed.isNegative || parsed.digits == 0 else {
      throw BadCell("\"\(cell)\" is not a number such as \(power == 0 ? "1250" : "12.50")")
    }
    guard let scaled = parsed.scaled(byPowerOfTen: power) else { throw BadCell("\(cell) is too large") }
    if power == 0, !scaled.isExact { throw BadCell("\(cell) is not a whole number") }
    return scaled.value
  }

  private func text(_ column: MetaColumns.Column?) -> String {
    column.map { row.fields[$0.index].trimming() } ?? ""
  }

  private mutating func read<Value>(
    _ column: MetaColumns.Column?, _ absent: Value, _ parse: (String) throws(BadCell) -> Value
  ) -> Value {
    guard let column else { return absent }
    do throws(BadCell) {
      return try parse(text(column))
    } catch {
      note(column, error.message)
      return absent
    }
  }

  private mutating func note(_ column: MetaColumns.Column, _ message: String) {
    problems.append(.init(line: row.line, column: column.header, message: message))
  }
}
