/// One of the five fields: its limits, the names its values have, and the reader of its text.
struct CronField: Sendable {
  let name: String
  let range: ClosedRange<Int>
  /// Three-letter lower-case names, the first standing for `range.lowerBound`.
  let names: [String]

  static let minute = CronField(name: "minute", range: 0...59, names: [])
  static let hour = CronField(name: "hour", range: 0...23, names: [])
  static let dayOfMonth = CronField(name: "day of month", range: 1...31, names: [])
  static let month = CronField(
    name: "month", range: 1...12,
    names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"])
  /// 7 is Sunday too; `CronExpression` folds it onto 0.
  static let dayOfWeek = CronField(
    name: "day of week", range: 0...7, names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"])

  static let all = [minute, hour, dayOfMonth, month, dayOfWeek]

  /// `*`, `5`, `mon-fri`, `*/15`, `8-18/2`, and comma-separated lists of these.
  func values(of text: Substring, in expression: String) throws(CronError) -> Set<Int> {
    var values: Set<Int> = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let pieces = part.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
      var step = 1
      if pieces.count == 2 {
        guard let read = Int(pieces[1]), read >= 1 else {
          throw wrong("'\(pieces[1])' is not a step; a step is a whole number from 1", expression)
        }
        step = read
      }
      let span = try span(of: pieces[0], hasStep: pieces.count == 2, in: expression)
      values.formUnion(stride(from: span.lowerBound, through: span.upperBound, by: step))
    }
    return values
  }

  private func span(
    of text: Substring, hasStep: Bool, in expression: String
  ) throws(CronError) -> ClosedRange<Int> {
    // `*` ends at 6 for weekdays, so that */2 does not count Sunday at both ends of the week.
    let last = self.range.upperBound == 7 ? 6 : self.range.upperBound
    if text == "*" { return range.lowerBound...last }
    let ends = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    let from = try value(of: ends[0], in: expression)
    guard ends.count == 2 else { return from...(hasStep ? max(from, last) : from) }
    var to = try value(of: ends[1], in: expression)
    // People write fri-sun: at the end of a range Sunday is day 7.
    if range.upperBound == 7, to == 0, from > 0 { to = 7 }
    guard from <= to else {
      throw wrong("the range '\(text)' runs backwards; write two ranges, joined by a comma", expression)
    }
    return from...to
  }

  private func value(of text: Substring, in expression: String) throws(CronError) -> Int {
    if let position = names.firstIndex(of: text.lowercased()) { return range.lowerBound + position }
    if !text.isEmpty, text.allSatisfy(\.isASCIIDigit), let value = Int(text), range.contains(value) {
      return value
    }
    let allowed = "\(range.lowerBound)-\(range.upperBound)"
    let named = names.isEmpty ? "" : " or \(names[0])-\(names[names.count - 1])"
    throw wrong(
      "'\(text)' is not allowed here; write \(allowed)\(named), *, or a list, range or step", expression)
  }

  private func wrong(_ problem: String, _ expression: String) -> CronError {
    CronError(expression: expression, field: name, problem: problem)
  }
}

extension Character {
  fileprivate var isASCIIDigit: Bool { isASCII && isNumber }
}
