/// How a file writes numbers.
public struct NumberFormat: Hashable, Sendable {
  public var decimal: Character
  public var thousands: Character

  public init(decimal: Character = ".", thousands: Character = ",") {
    self.decimal = decimal
    self.thousands = thousands
  }

  /// `1.234,56`
  public static let decimalComma = NumberFormat(decimal: ",", thousands: ".")

  /// What platforms write where there is nothing to say.
  private static let nothing: Set<String> = ["", "-", "--", "–", "—", "n/a", "N/A"]

  /// The number times `10^power`, rounded half away from zero; a cell that says nothing is zero. Digits may be grouped
  /// by the thousands mark, spaces or apostrophes; money may have its currency before or behind it.
  /// - Throws: `BadCell` for text, negative numbers, broken groups, and fractions where `isWhole`.
  func scaled(
    _ cell: String, power: Int, isMoney: Bool = false, isWhole: Bool = false
  ) throws(BadCell) -> Int64 {
    if Self.nothing.contains(cell) { return 0 }
    guard let number = parse(isMoney ? Self.amount(of: cell) : cell[...]) else {
      let other = NumberFormat(decimal: thousands, thousands: decimal)
      let hint =
        other.parse(isMoney ? Self.amount(of: cell) : cell[...]) == nil
        ? ""
        : " It would be one with \"\(other.decimal)\" before the decimals; if that is meant, pass "
          + (decimal == "." ? "--decimal-comma" : "numbers: {decimal: \".\"} in the mapping") + "."
      throw BadCell("\"\(cell)\" is not a number such as \(isWhole ? "1250" : "12\(decimal)50").\(hint)")
    }
    if isWhole, number.fraction.contains(where: { $0 != 0 }) {
      throw BadCell("\(cell) is not a whole number")
    }
    guard let value = Self.scaled(number, power: power) else { throw BadCell("\(cell) is too large") }
    return value
  }

  private struct Digits {
    var whole: [UInt8]
    var fraction: [UInt8]
  }

  private func parse(_ text: Substring) -> Digits? {
    var digits = Digits(whole: [], fraction: [])
    /// Digits since the last mark, once there was one.
    var group: Int?
    var isFraction = false
    for character in text {
      if let value = character.wholeNumberValue, character.isASCII {
        if isFraction {
          digits.fraction.append(UInt8(value))
        } else {
          digits.whole.append(UInt8(value))
          group = group.map { $0 + 1 }
        }
      } else if character == decimal, !isFraction {
        guard group == nil || group == 3 else { return nil }
        isFraction = true
      } else if isMark(character), !isFraction, !digits.whole.isEmpty {
        // Groups of two stand before the last group in India: 1,23,456.
        guard group == nil ? digits.whole.count <= 3 : group == 3 || group == 2 else { return nil }
        group = 0
      } else {
        return nil
      }
    }
    guard group == nil || isFraction || group == 3, !digits.whole.isEmpty || !digits.fraction.isEmpty else {
      return nil
    }
    return digits
  }

  private func isMark(_ character: Character) -> Bool {
    switch character {
    case thousands, " ", "\u{A0}", "\u{202F}", "\u{2009}", "'", "’": true
    default: false
    }
  }

  private static func scaled(_ number: Digits, power: Int) -> Int64? {
    var value: Int64 = 0
    let places =
      number.fraction.prefix(power) + Array(repeating: 0, count: max(0, power - number.fraction.count))
    for digit in number.whole + places {
      let (tenfold, isOver) = value.multipliedReportingOverflow(by: 10)
      let (sum, isOverToo) = tenfold.addingReportingOverflow(Int64(digit))
      if isOver || isOverToo { return nil }
      value = sum
    }
    let (rounded, isOver) = value.addingReportingOverflow(
      number.fraction.count > power && number.fraction[power] >= 5 ? 1 : 0)
    return isOver ? nil : rounded
  }

  /// Without the currency: `$12`, `US$12`, `12 €`, `EUR 12`.
  private static func amount(of cell: String) -> Substring {
    func isCurrency(_ character: Character) -> Bool {
      character.isLetter || character.isCurrencySymbol || character.isWhitespace
    }
    var text = cell[...]
    while let first = text.first, isCurrency(first) { text.removeFirst() }
    while let last = text.last, isCurrency(last) { text.removeLast() }
    return text
  }
}
