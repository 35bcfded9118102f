import Campaigns
import FoundationEssentials

/// A table of figures, read wholly and checked row by row before anything is written.
struct InsightExport {
  private(set) var batch: InsightBatch

  /// - Throws: `InsightImportError` with everything that is wrong (the first twenty rows).
  init(_ bytes: [UInt8], mapping: InsightMapping) throws(InsightImportError) {
    var reader = try CSVReader(bytes)
    var rows: [CSVReader.Row] = []
    while let row = try reader.next() { rows.append(row) }
    guard !rows.isEmpty else { throw .unreadable("the file is empty") }
    let at = Self.header(in: rows, mapping)
    let (header, body) = (rows[at], rows[(at + 1)...])
    let columns = try ExportColumns(
      header: header.fields, mapping: mapping.withoutEmptyVariants(header.fields, body))
    batch = InsightBatch(source: mapping.source)
    var parser = ExportRowParser(
      columns: columns, mapping: mapping, order: mapping.dayOrder ?? Self.order(of: body, columns))
    parser.wholePeriod = parser.period(ofPreamble: rows[..<at])
    var seen: [Key: Int] = [:]
    for row in body {
      if parser.isTotal(row) {
        batch.totalRows += 1
        continue
      }
      guard row.fields.count == header.fields.count else {
        let message =
          "has \(row.fields.count) columns, the header in line \(header.line) has \(header.fields.count)"
        parser.problems.append(.init(line: row.line, column: nil, message: message))
        continue
      }
      guard parser.problems.count < 20 else { break }
      guard let insight = parser.insight(row) else { continue }
      if let first = seen.updateValue(row.line, forKey: Key(insight)) {
        let message =
          "says of the same ad and audience as line \(first), and of the same days; "
          + "if another column tells them apart, name it with --breakdown"
        parser.problems.append(.init(line: row.line, column: nil, message: message))
      }
      batch.insights.append(insight)
    }
    guard parser.problems.isEmpty else { throw .rows(Array(parser.problems.prefix(20))) }
    guard !batch.insights.isEmpty else { throw .unreadable("the file has a header and no rows of figures") }
    batch.currency = mapping.currency ?? columns.headerCurrency ?? parser.currency
    if !columns.ignored.isEmpty {
      batch.notes.append("Ignored columns: \(columns.ignored.joined(separator: ", ")).")
    }
    if batch.totalRows > 0 {
      batch.notes.append(
        batch.totalRows == 1 ? "1 row of totals left out." : "\(batch.totalRows) rows of totals left out.")
    }
  }

  private struct Key: Hashable {
    var subject: Insight.Subject
    var period: String
    var breakdown: String

    init(_ insight: Insight) {
      (subject, period, breakdown) = (insight.subject, insight.period, insight.breakdown)
    }
  }

  /// Titles and dates may stand above the header: it is the first row that has all columns that must be there, or else
  /// the one most like it.
  private static func header(in rows: [CSVReader.Row], _ mapping: InsightMapping) -> Int {
    let top = rows.prefix(30)
    for (index, row) in top.enumerated() {
      do throws(InsightImportError) {
        _ = try ExportColumns(header: row.fields, mapping: mapping)
        return index
      } catch { continue }
    }
    var best = (index: 0, likeness: 0, width: 0)
    for (index, row) in top.enumerated() {
      let likeness = ExportColumns.likeness(of: row.fields, to: mapping)
      if (likeness, row.fields.count) > (best.likeness, best.width) {
        best = (index, likeness, row.fields.count)
      }
    }
    return best.index
  }

  /// What days that can only be read in one way say of the others.
  private static func order(of rows: ArraySlice<CSVReader.Row>, _ columns: ExportColumns) -> DayOrder? {
    var found: Set<DayOrder> = []
    for column in [columns.day, columns.week, columns.firstDay, columns.lastDay].compactMap(\.self) {
      for row in rows where column.index < row.fields.count {
        let cell = row.fields[column.index].trimming()
        let orders: [DayOrder] = [.dayMonthYear, .monthDayYear]
        let readings = orders.filter { CellDay(cell, order: $0) != nil }
        if readings.count == 1 { found.insert(readings[0]) }
      }
    }
    return found.count == 1 ? found.first : nil
  }
}

extension InsightMapping {
  /// Without the columns for the variant that hold nothing: most ads of Google's have no name.
  fileprivate func withoutEmptyVariants(_ header: [String], _ rows: ArraySlice<CSVReader.Row>)
    -> InsightMapping
  {
    var mapping = self
    mapping.variant = variant.filter { name in
      guard let index = header.firstIndex(where: { $0.trimming().lowercased() == name.lowercased() }) else {
        return false
      }
      return rows.contains { row in
        guard index < row.fields.count else { return false }
        let cell = row.fields[index].trimming()
        return !cell.isEmpty && cell != "--" && !totals.contains { cell.hasPrefix($0) }
      }
    }
    if mapping.variant.isEmpty { mapping.variant = variant }
    return mapping
  }
}
