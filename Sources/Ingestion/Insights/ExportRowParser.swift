import Campaigns
import FoundationEssentials

/// Rows' cells as what they should be; what is wrong is noted with its line and column.
struct ExportRowParser {
  typealias Column = ExportColumns.Column

  let columns: ExportColumns
  let mapping: InsightMapping
  let order: DayOrder?
  var problems: [InsightImportError.Problem] = []
  /// Of the rows so far, from a column of its own.
  private(set) var currency: String?
  /// The days that the lines above the header say all rows are of.
  var wholePeriod: String?
  private var row = CSVReader.Row(line: 0, fields: [])

  init(columns: ExportColumns, mapping: InsightMapping, order: DayOrder?) {
    self.columns = columns
    self.mapping = mapping
    self.order = order
  }

  func isTotal(_ row: CSVReader.Row) -> Bool {
    let first = row.fields.lazy.map { $0.trimming() }.first { !$0.isEmpty } ?? ""
    if mapping.totals.contains(where: { first.hasPrefix($0) }) { return true }
    guard mapping.hasNamelessTotals else { return false }
    return [columns.variant, columns.age, columns.gender].compactMap(\.self).allSatisfy {
      $0.index < row.fields.count && row.fields[$0.index].trimming().isEmpty
    }
  }

  /// nil when something is wrong.
  mutating func insight(_ row: CSVReader.Row) -> Insight? {
    self.row = row
    let before = problems.count
    let subject = subject()
    var figures = Insight.Figures()
    figures.impressions = whole(columns.impressions)
    figures.clicks = whole(columns.clicks)
    figures.milliconversions = number(columns.conversions, power: 3)
    figures.spendMicros = number(columns.spend, power: mapping.spendUnit.power, isMoney: true)
    noteCurrency()
    let breakdown = columns.breakdowns.map { "\($0.header)=\(text($0))" }.joined(separator: ", ")
    let period = period()
    guard problems.count == before, let subject else { return nil }
    return Insight(line: row.line, subject: subject, breakdown: breakdown, period: period, figures: figures)
  }

  private mutating func subject() -> Insight.Subject? {
    let name = text(columns.variant)
    if name.isEmpty || name == "--" {
      note(columns.variant, "is empty")
      return nil
    }
    if mapping.variantNaming == .id {
      guard let id = UUID(uuidString: name) else {
        note(columns.variant, "\"\(name)\" is not the id of a version; ids are UUIDs")
        return nil
      }
      return .known(Identifier(id))
    }
    let ages = read(columns.age, nil) { cell throws(BadCell) in try ImportedAudience.ages(cell) }
    let gender = read(columns.gender, nil) { cell throws(BadCell) in try ImportedAudience.gender(cell) }
    return .named(name, ImportedAudience(ages: ages, gender: gender))
  }

  private mutating func noteCurrency() {
    guard let column = columns.currency else { return }
    let code = text(column).uppercased()
    guard code.wholeMatch(of: #/[A-Z]{3}/#) != nil else { return }
    if let currency, currency != code {
      return note(
        column, "is \(code) after \(currency) above; import each currency into a campaign of its own")
    }
    currency = code
  }

  // MARK: - Days

  private mutating func period() -> String {
    if let column = columns.day { return day(column).map { "[\($0),\($0)]" } ?? "(,)" }
    if let column = columns.week {
      guard let first = day(column), let last = Self.day(first, plus: 6) else { return "(,)" }
      return "[\(first),\(last)]"
    }
    if let column = columns.month {
      guard let days = CellDay.month(text(column)) else {
        note(column, "\"\(text(column))\" is not a month such as 2026-11 or November 2026")
        return "(,)"
      }
      return "[\(days.lowerBound),\(days.upperBound)]"
    }
    guard let starts = columns.firstDay, let ends = columns.lastDay else { return wholePeriod ?? "(,)" }
    guard let first = day(starts), let last = day(ends) else { return "(,)" }
    guard first <= last else {
      note(ends, "\(last) lies before \(first)")
      return "(,)"
    }
    return "[\(first),\(last)]"
  }

  private mutating func day(_ column: Column) -> String? {
    let cell = text(column)
    switch CellDay(cell, order: order) {
    case .day(let day): return day
    case .ambiguous(let dayFirst, let monthFirst):
      note(
        column,
        "\"\(cell)\" is either \(dayFirst) or \(monthFirst); pass --dates dmy or --dates mdy to say which")
    case nil:
      let hint = order.map { " with the parts in the order \($0.rawValue)" } ?? ""
      note(column, cell.isEmpty ? "is empty" : "\"\(cell)\" is not a day such as 2026-10-26\(hint)")
    }
    return nil
  }

  private static func day(_ day: String, plus days: Int) -> String? {
    guard let date = try? Date(day + "T00:00:00Z", strategy: .iso8601) else { return nil }
    return Day.containing(date.addingTimeInterval(Double(days) * 86_400))
  }

  /// `September 1, 2026 - September 30, 2026`, in a line of its own or in the title; nil when no line holds days.
  func period(ofPreamble rows: ArraySlice<CSVReader.Row>) -> String? {
    for row in rows {
      // Unquoted, the comma within a date has split it.
      let line = row.fields.joined(separator: ",").trimming()
      for text in [line, line.firstMatch(of: #/\((.*)\)/#).map { String($0.1) } ?? ""] {
        let ends = text.split(separator: #/ [-–—] /#).map { String($0).trimming() }
        let days = ends.compactMap { end -> String? in
          guard case .day(let day) = CellDay(end, order: order) else { return nil }
          return day
        }
        if days.count == ends.count, let first = days.first, let last = days.last, days.count <= 2,
          first <= last
        {
          return "[\(first),\(last)]"
        }
      }
    }
    return nil
  }

  // MARK: - Cells

  private mutating func whole(_ column: Column) -> Int64 {
    read(column, 0) { [numbers = mapping.numbers] cell throws(BadCell) in
      try numbers.scaled(cell, power: 0, isWhole: true)
    }
  }

  private mutating func number(_ column: Column?, power: Int, isMoney: Bool = false) -> Int64 {
    read(column, 0) { [numbers = mapping.numbers] cell throws(BadCell) in
      try numbers.scaled(cell, power: power, isMoney: isMoney)
    }
  }

  private func text(_ column: Column?) -> String { column.map { row.fields[$0.index].trimming() } ?? "" }

  private mutating func read<Value>(
    _ column: Column?, _ absent: Value, _ parse: (String) throws(BadCell) -> Value
  ) -> Value {
    guard let column else { return absent }
    do throws(BadCell) {
      return try parse(text(column))
    } catch {
      note(column, error.message)
      return absent
    }
  }

  private mutating func note(_ column: Column, _ message: String) {
    problems.append(.init(line: row.line, column: column.header, message: message))
  }
}
