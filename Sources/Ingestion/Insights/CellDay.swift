import Campaigns

/// In which order a file writes the parts of its days.
public enum DayOrder: String, Hashable, Sendable, CaseIterable {
  case yearMonthDay = "ymd"
  case dayMonthYear = "dmy"
  case monthDayYear = "mdy"
}

/// A day as files write it: `2026-11-02`, `20261102`, `2.11.2026`, `11/2/2026`, `Nov 2, 2026`, `2 novembre 2026`; a
/// time behind it is cut off.
enum CellDay: Hashable {
  /// `2026-11-02`
  case day(String)
  /// Two numbers that may both be the month.
  case ambiguous(dayFirst: String, monthFirst: String)

  /// nil for what is no day.
  init?(_ cell: String, order: DayOrder? = nil) {
    let parts = Self.parts(of: Self.withoutTime(cell))
    switch parts.count {
    case 1:
      guard case .number(let text) = parts[0], text.count == 8 else { return nil }
      self.init(year: text.prefix(4), month: text.dropFirst(4).prefix(2), day: text.suffix(2))
    case 3: self.init(parts[0], parts[1], parts[2], order, isDotted: cell.contains("."))
    default: return nil
    }
  }

  private init?(_ first: Part, _ second: Part, _ third: Part, _ order: DayOrder?, isDotted: Bool) {
    switch (first, second, third) {
    case (.number(let year), .number(let month), .number(let day)) where year.count == 4:
      self.init(year: year, month: month, day: day)
    case (.number(let a), .number(let b), .number(let year)) where year.count == 4:
      let dayFirst = Self(year: year, month: b, day: a)?.text
      let monthFirst = Self(year: year, month: a, day: b)?.text
      switch (dayFirst, monthFirst) {
      case (nil, nil): return nil
      case (let dayFirst?, nil):
        if order == .monthDayYear { return nil }
        self = .day(dayFirst)
      case (nil, let monthFirst?):
        if order == .dayMonthYear { return nil }
        self = .day(monthFirst)
      case (let dayFirst?, let monthFirst?):
        // Who writes dots writes the day first.
        if order == .dayMonthYear || dayFirst == monthFirst || isDotted && order == nil {
          self = .day(dayFirst)
        } else if order == .monthDayYear {
          self = .day(monthFirst)
        } else {
          self = .ambiguous(dayFirst: dayFirst, monthFirst: monthFirst)
        }
      }
    case (.month(let month), .number(let day), .number(let year)),
      (.number(let day), .month(let month), .number(let year)):
      self.init(year: year, month: "\(month)", day: day)
    default: return nil
    }
  }

  private init?(year: Substring, month: Substring, day: Substring) {
    func padded(_ text: Substring) -> String { text.count == 1 ? "0\(text)" : String(text) }
    let text = "\(year)-\(padded(month))-\(padded(day))"
    guard Day.isDay(text) else { return nil }
    self = .day(text)
  }

  private var text: String? { if case .day(let text) = self { text } else { nil } }

  /// The first and last day of a month: `2026-11`, `November 2026`, or any day of it.
  static func month(_ cell: String) -> ClosedRange<String>? {
    let parts = parts(of: withoutTime(cell))
    let first: String?
    switch (parts.first, parts.dropFirst().first, parts.count) {
    case (.month(let month), .number(let year), 2), (.number(let year), .month(let month), 2):
      first = CellDay(year: year, month: "\(month)", day: "1")?.text
    case (.number(let year), .number(let month), 2): first = CellDay(year: year, month: month, day: "1")?.text
    default: first = CellDay(cell, order: .yearMonthDay)?.text.map { $0.prefix(8) + "01" }
    }
    guard let first else { return nil }
    let last = (28...31).reversed().lazy.map { "\(first.prefix(8))\($0)" }.first { Day.isDay($0) }
    return last.map { first...$0 }
  }

  private enum Part: Hashable {
    case number(Substring)
    /// 1 to 12.
    case month(Int)
  }

  /// Empty when a word is none that dates have.
  private static func parts(of text: Substring) -> [Part] {
    var parts: [Part] = []
    var rest = text
    while let first = rest.first {
      if first.isASCII, first.isNumber {
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        rest = rest.dropFirst(digits.count)
        parts.append(.number(digits))
        if let ending = ["st", "nd", "rd", "th"].first(where: { rest.hasPrefix($0) }) {
          rest = rest.dropFirst(ending.count)
        }
      } else if first.isLetter {
        let word = rest.prefix { $0.isLetter }
        rest = rest.dropFirst(word.count)
        if ["de", "of", "del"].contains(word.lowercased()) { continue }
        guard let month = MonthName.number(of: String(word)) else { return [] }
        parts.append(.month(month))
      } else {
        guard "-/., \u{A0}".contains(first) else { return [] }
        rest.removeFirst()
      }
    }
    return parts
  }

  private static func withoutTime(_ cell: String) -> Substring {
    guard let colon = cell.firstIndex(of: ":") else { return cell[...] }
    // The hour stands before the colon, behind a space or a T.
    guard let gap = cell[..<colon].lastIndex(where: { $0 == " " || $0 == "T" || $0 == "\u{A0}" }) else {
      return cell[...]
    }
    return cell[..<gap]
  }
}

/// Names of months in the languages ad accounts are most used in; none means two months.
enum MonthName {
  static func number(of word: String) -> Int? {
    let name = word.lowercased()
    return names.firstIndex { $0.contains(name) }.map { $0 + 1 }
  }

  /// English, German, French, Spanish, Italian, Portuguese, Dutch.
  private static let names: [Set<String>] = [
    [
      "jan", "january", "januar", "jän", "jänner", "janv", "janvier", "ene", "enero", "gen", "gennaio",
      "janeiro",
      "januari",
    ],
    [
      "feb", "february", "februar", "févr", "fév", "février", "febrero", "febbraio", "fev", "fevereiro",
      "februari",
    ],
    ["mar", "march", "mär", "märz", "mars", "marzo", "março", "mrt", "maart"],
    ["apr", "april", "avr", "avril", "abr", "abril", "aprile"],
    ["may", "mai", "mayo", "mag", "maggio", "maio", "mei"],
    ["jun", "june", "juni", "juin", "junio", "giu", "giugno", "junho"],
    ["jul", "july", "juli", "juil", "juillet", "julio", "lug", "luglio", "julho"],
    ["aug", "august", "août", "ago", "agosto", "augustus"],
    [
      "sep", "sept", "september", "septembre", "septiembre", "set", "sett", "settembre", "setembro",
    ],
    ["oct", "october", "okt", "oktober", "octobre", "octubre", "ott", "ottobre", "out", "outubro"],
    ["nov", "november", "novembre", "noviembre", "novembro"],
    [
      "dec", "december", "dez", "dezember", "déc", "décembre", "dic", "diciembre", "dicembre", "dezembro",
    ],
  ]
}
