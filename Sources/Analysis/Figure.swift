import Foundation

/// Figures as people read them: thousands separated by commas, no more digits than are known.
public enum Figure {
  /// `1234567` -> `1,234,567`
  public static func count(_ number: Int64) -> String {
    let digits = String(number.magnitude)
    var grouped = ""
    for (position, digit) in digits.enumerated() {
      if position > 0, (digits.count - position).isMultiple(of: 3) { grouped.append(",") }
      grouped.append(digit)
    }
    return number < 0 ? "−" + grouped : grouped
  }

  /// `1234.567, 2` -> `1,234.57`. A value that rounds to zero carries no sign.
  public static func decimal(_ value: Double, digits: Int) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return "–" }
    let text = fixed(abs(value), digits: max(0, digits))
    let parts = text.split(separator: ".")
    let whole = count(Int64(parts[0]) ?? 0)
    let grouped = parts.count > 1 ? whole + "." + parts[1] : whole
    let isZero = !text.contains { $0 != "0" && $0 != "." }
    return value < 0 && !isZero ? "−" + grouped : grouped
  }

  /// As C prints it, which rounds the binary value exactly; without Foundation's detour, for reports hold thousands of figures.
  private static func fixed(_ value: Double, digits: Int) -> String {
    withVaList([CInt(digits), value]) { arguments in
      withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
        let length = vsnprintf(buffer.baseAddress, buffer.count, "%.*f", arguments)
        return String(decoding: buffer.prefix(Int(length)).lazy.map(UInt8.init), as: UTF8.self)
      }
    }
  }

  /// `0.25, 2` -> `+0.25`; zero carries no sign.
  public static func signed(_ value: Double, digits: Int) -> String {
    let text = decimal(value, digits: digits)
    let isZero = !text.contains { $0.isNumber && $0 != "0" }
    return value > 0 && !isZero ? "+" + text : text
  }

  /// `0.0213` -> `2.13%`: three significant digits, at most four decimals.
  public static func percent(_ fraction: Double) -> String {
    percent(fraction, digits: digits(forMagnitude: fraction * 100))
  }

  public static func percent(_ fraction: Double, digits: Int) -> String {
    decimal(fraction * 100, digits: digits) + "%"
  }

  /// `0.35` -> `+35%`
  public static func signedPercent(_ fraction: Double, digits: Int) -> String {
    signed(fraction * 100, digits: digits) + "%"
  }

  /// Decimals with which a percentage's interval is told apart: two significant digits of its half width.
  public static func percentDigits(_ estimate: Estimate) -> Int {
    let halfWidth = max((estimate.high - estimate.low) * 50, 1e-6)
    guard halfWidth.isFinite else { return 0 }
    return min(4, max(0, 1 - Int(log10(halfWidth).rounded(.down))))
  }

  /// `2.13% (1.90% to 2.38%)`
  public static func percent(_ estimate: Estimate) -> String {
    let digits = max(percentDigits(estimate), 1)
    return "\(percent(estimate.value, digits: digits)) (\(range(estimate, digits: digits)))"
  }

  /// `+35% (12% to 61%)`
  public static func lift(_ estimate: Estimate) -> String {
    let digits = liftDigits(estimate)
    return "\(signedPercent(estimate.value, digits: digits)) (\(range(estimate, digits: digits)))"
  }

  /// `12% to 61%`
  public static func liftRange(_ estimate: Estimate) -> String {
    range(estimate, digits: liftDigits(estimate))
  }

  /// The narrower the interval, the more decimals: 0 from 5 points of width on, then one more for every tenth of it.
  public static func liftDigits(_ estimate: Estimate) -> Int {
    let width = estimate.high - estimate.low
    return width < 0.0005 ? 3 : width < 0.005 ? 2 : width < 0.05 ? 1 : 0
  }

  /// A share that somebody chose: `0.05` -> `5%`, `0.001` -> `0.1%`.
  public static func share(_ share: Double) -> String {
    let percent = share * 100
    return Figure.percent(share, digits: abs(percent - percent.rounded()) < 1e-9 ? 0 : 1)
  }

  /// An error rate's other side: `0.05` -> `95%`, `0.001` -> `99.9%`.
  public static func confidence(_ alpha: Double) -> String { share(1 - alpha) }

  private static func range(_ estimate: Estimate, digits: Int) -> String {
    "\(percent(estimate.low, digits: digits)) to \(percent(estimate.high, digits: digits))"
  }

  /// `12.5, EUR` -> `12.50 EUR`; below one unit more digits are kept, from a million on none.
  public static func money(_ amount: Double, currency: String?) -> String {
    let digits = amount == 0 || abs(amount) >= 1 ? (abs(amount) >= 1_000_000 ? 0 : 2) : 3
    let text = decimal(amount, digits: digits)
    return currency.map { "\(text) \($0)" } ?? text
  }

  static func digits(forMagnitude value: Double) -> Int {
    guard value != 0, value.isFinite else { return 1 }
    return min(4, max(0, 2 - Int(log10(abs(value)).rounded(.down))))
  }
}
