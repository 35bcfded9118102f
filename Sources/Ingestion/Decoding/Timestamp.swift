/// Instants on the wire: RFC 3339, or whole milliseconds since 1970.
enum Timestamp {
  /// Milliseconds since 1970 of an RFC 3339 `date-time` (section 5.6), finer fractions cut off; nil for anything
  /// else. A leap second counts as the first moment of the next minute, as POSIX time has none.
  static func milliseconds(rfc3339 text: UnsafeBufferPointer<UInt8>) -> Int64? {
    // 2026-11-02T10:00:00Z is the shortest.
    guard text.count >= 20, text.count <= 64 else { return nil }
    guard let year = number(text, 0, 4), text[4] == .minus, let month = number(text, 5, 2), text[7] == .minus,
      let day = number(text, 8, 2), text[10] | 0x20 == UInt8(ascii: "t"), let hour = number(text, 11, 2),
      text[13] == .colon, let minute = number(text, 14, 2), text[16] == .colon,
      let second = number(text, 17, 2)
    else { return nil }
    guard (1...12).contains(month), day >= 1, day <= days(in: month, of: year), hour < 24, minute < 60,
      second <= 60
    else { return nil }
    var at = 19
    var fraction = 0
    if text[at] == UInt8(ascii: ".") {
      at += 1
      var weight = 100
      let first = at
      while at < text.count, text[at] &- UInt8(ascii: "0") < 10 {
        fraction += weight * Int(text[at] - UInt8(ascii: "0"))
        weight /= 10
        at += 1
      }
      guard at > first else { return nil }
    }
    guard at < text.count, let offset = offsetMinutes(text, at) else { return nil }
    let minutes = (daysSince1970(year, month, day) * 24 + hour) * 60 + minute - offset
    // A leap second can only be the last second of a UTC day.
    if second == 60, (minutes % 1440 + 1440) % 1440 != 1439 { return nil }
    return Int64((minutes * 60 + second) * 1000 + fraction)
  }

  /// The same for exactly `2026-11-02T10:00:00.123Z`, the form JavaScript's `toISOString` and most SDKs write; nil for
  /// any other, be it valid or not. Reads 24 bytes.
  @inline(__always)
  static func milliseconds(plain: UnsafeRawPointer) -> Int64? {
    @inline(__always)
    func word(_ offset: Int) -> UInt64 {
      UInt64(littleEndian: plain.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
    // Against these patterns (lowest byte first) digits become their values and separators 0.
    let date = word(0) ^ 0x2D30_302D_3030_3030  // 2026-11-
    let clock = word(8) ^ 0x3030_3A30_3054_3030  // 02T10:00
    let rest = word(16) ^ 0x5A30_3030_2E30_303A  // :00.123Z
    // 0x76 pushes 10 and more, 0x7F pushes 1 and more, over 0x7F.
    let foreign =
      (date &+ 0x7F76_767F_7676_7676) | date | (clock &+ 0x7676_7F76_767F_7676) | clock
      | (rest &+ 0x7F76_7676_7F76_767F) | rest
    guard foreign & 0x8080_8080_8080_8080 == 0 else { return nil }
    // Every byte times ten plus the next: pairs of digits.
    let datePairs = date &* 10 &+ date >> 8
    let clockPairs = clock &* 10 &+ clock >> 8
    let restPairs = rest &* 10 &+ rest >> 8
    @inline(__always)
    func byte(_ word: UInt64, _ index: UInt64) -> Int { Int(word &>> (index &* 8) & 0xFF) }
    let year = byte(datePairs, 0) &* 100 &+ byte(datePairs, 2)
    let month = byte(datePairs, 5)
    let day = byte(clockPairs, 0)
    let hour = byte(clockPairs, 3)
    let minute = byte(clockPairs, 6)
    let second = byte(restPairs, 1)
    let fraction = byte(restPairs, 4) &* 10 &+ byte(rest, 6)
    guard (1...12).contains(month), day > 0, day <= 28 || day <= days(in: month, of: year), hour < 24,
      minute < 60, second < 60
    else { return nil }
    let minutes = (daysSince1970(year, month, day) &* 24 &+ hour) &* 60 &+ minute
    return Int64((minutes &* 60 &+ second) &* 1000 &+ fraction)
  }

  private static func offsetMinutes(_ text: UnsafeBufferPointer<UInt8>, _ at: Int) -> Int? {
    if text[at] | 0x20 == UInt8(ascii: "z") { return at + 1 == text.count ? 0 : nil }
    let isWest = text[at] == .minus
    guard isWest || text[at] == UInt8(ascii: "+"), text.count == at + 6, text[at + 3] == .colon,
      let hours = number(text, at + 1, 2), let minutes = number(text, at + 4, 2), hours < 24, minutes < 60
    else { return nil }
    return (hours * 60 + minutes) * (isWest ? -1 : 1)
  }

  @inline(__always)
  private static func number(_ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ count: Int) -> Int? {
    var value = 0
    for index in start..<start + count {
      let digit = text[index] &- UInt8(ascii: "0")
      guard digit < 10 else { return nil }
      value = value * 10 + Int(digit)
    }
    return value
  }

  private static func days(in month: Int, of year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Days of the proleptic Gregorian calendar (Hinnant, "chrono-Compatible Low-Level Date Algorithms",
  /// `days_from_civil`).
  private static func daysSince1970(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let year = month <= 2 ? year - 1 : year
    let era = (year >= 0 ? year : year - 399) / 400
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }
}
