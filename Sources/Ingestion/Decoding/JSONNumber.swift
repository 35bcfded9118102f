/// A number as it was written: `(-1)^isNegative x digits x 10^exponent`, exact while `isExact`.
struct JSONNumber: Hashable {
  var isNegative = false
  /// The first 19 significant digits.
  var digits: UInt64 = 0
  var exponent = 0
  /// False when digits other than zero did not fit.
  var isExact = true

  /// The number as a whole number; nil when it has a fraction or does not fit.
  var integer: Int64? {
    guard let scaled = scaled(byPowerOfTen: 0), scaled.isExact else { return nil }
    return scaled.value
  }

  /// The number times `10^power`, rounded half away from zero; nil when that does not fit.
  func scaled(byPowerOfTen power: Int) -> (value: Int64, isExact: Bool)? {
    guard digits != 0 else { return (0, true) }
    var magnitude = digits
    var shift = exponent + power
    var isExact = self.isExact
    while shift > 0 {
      let (product, overflow) = magnitude.multipliedReportingOverflow(by: 10)
      if overflow { return nil }
      magnitude = product
      shift -= 1
    }
    if shift < -20 { return (0, false) }
    var last: UInt64 = 0
    while shift < 0 {
      if last != 0 { isExact = false }
      (magnitude, last) = magnitude.quotientAndRemainder(dividingBy: 10)
      shift += 1
    }
    if last != 0 { isExact = false }
    if last >= 5 { magnitude += 1 }
    guard let value = Int64(exactly: magnitude) else { return nil }
    return (isNegative ? -value : value, isExact)
  }
}

extension JSONScanner {
  /// Consumes a number (RFC 8259, section 6); the position must be at its first character.
  mutating func number() throws(JSONSyntaxError) -> JSONNumber {
    var number = JSONNumber()
    if bytes[position] == .minus {
      number.isNegative = true
      position += 1
    }
    guard let first = digit() else { throw error(.malformedNumber) }
    if first == 0 {
      position += 1
      if digit() != nil { throw error(.malformedNumber) }
    } else {
      readDigits(into: &number, areFraction: false)
    }
    if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
      position += 1
      guard digit() != nil else { throw error(.malformedNumber) }
      readDigits(into: &number, areFraction: true)
    }
    if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
      position += 1
      number.exponent += try exponent()
    }
    return number
  }

  @inline(__always)
  private func digit() -> UInt8? {
    guard position < bytes.count else { return nil }
    let value = bytes[position] &- UInt8(ascii: "0")
    return value < 10 ? value : nil
  }

  @inline(__always)
  private mutating func readDigits(into number: inout JSONNumber, areFraction: Bool) {
    if position &+ 8 <= bytes.count, number.digits < 100_000_000 {
      let digits = word(at: position) ^ 0x3030_3030_3030_3030
      if digits.hasOnlyDigits {
        number.digits = number.digits &* 100_000_000 &+ digits.asEightDigits
        if areFraction { number.exponent &-= 8 }
        position &+= 8
      }
    }
    while let digit = digit() {
      if number.digits < 1_000_000_000_000_000_000 {
        number.digits = number.digits &* 10 &+ UInt64(digit)
        if areFraction { number.exponent -= 1 }
      } else {
        if digit != 0 { number.isExact = false }
        if !areFraction { number.exponent += 1 }
      }
      position += 1
    }
  }

  private mutating func exponent() throws(JSONSyntaxError) -> Int {
    var isNegative = false
    if position < bytes.count, bytes[position] == UInt8(ascii: "+") || bytes[position] == .minus {
      isNegative = bytes[position] == .minus
      position += 1
    }
    guard digit() != nil else { throw error(.malformedNumber) }
    var value = 0
    while let digit = digit() {
      // Beyond this every number but zero is out of any range we accept.
      value = min(value * 10 + Int(digit), 100_000)
      position += 1
    }
    return isNegative ? -value : value
  }
}
