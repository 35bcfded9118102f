/// How a number is written: the same everywhere, whatever the machine's locale.
public enum NumberStyle: Hashable, Sendable {
  /// 0.123 as "12.3%".
  case percent(decimals: Int = 1)
  /// 0.123 as "+12.3%".
  case signedPercent(decimals: Int = 1)
  /// 1234.5 as "1,234.5".
  case decimal(decimals: Int = 0)
  /// 1234567 as "1.2M".
  case compact
  /// Minor-unit-free money: 1234.5 as "€1,234.50".
  case currency(symbol: String, decimals: Int = 2)

  public func text(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "–" : value > 0 ? "∞" : "−∞" }
    switch self {
    case .percent(let decimals):
      return Self.fixed(value * 100, decimals) + "%"
    case .signedPercent(let decimals):
      let text = Self.fixed(value * 100, decimals) + "%"
      return value > 0 && text.contains { ("1"..."9").contains($0) } ? "+" + text : text
    case .decimal(let decimals):
      return Self.fixed(value, decimals)
    case .currency(let symbol, let decimals):
      let text = Self.fixed(abs(value), decimals)
      return (value < 0 ? "−" : "") + symbol + text
    case .compact:
      for (unit, suffix) in [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")]
      where abs(value) >= unit * 0.9995 {
        let scaled = value / unit
        return Self.fixed(scaled, abs(scaled) < 99.95 ? 1 : 0, trimming: true) + suffix
      }
      return Self.fixed(value, abs(value) < 10 ? 2 : 1, trimming: true)
    }
  }

  /// The style with enough decimals to tell numbers apart that lie `step` from each other.
  func resolving(_ step: Double) -> NumberStyle {
    func decimals(_ unit: Double, atLeast least: Int = 0) -> Int {
      var count = least
      var scaled = abs(step) * unit
      for _ in 0..<least { scaled *= 10 }
      while count < 6, abs(scaled - scaled.rounded()) > 1e-6 * max(1, scaled) || scaled < 0.5 {
        scaled *= 10
        count += 1
      }
      return count
    }
    switch self {
    case .percent: return .percent(decimals: decimals(100))
    case .signedPercent: return .signedPercent(decimals: decimals(100))
    case .decimal: return .decimal(decimals: decimals(1))
    case .currency(let symbol, _):
      return .currency(symbol: symbol, decimals: step >= 1 ? 0 : decimals(1, atLeast: 2))
    case .compact: return .compact
    }
  }

  /// Half away from zero, thousands by commas, a true minus sign, never "-0".
  static func fixed(_ value: Double, _ decimals: Int, trimming: Bool = false) -> String {
    var scale = 1.0
    for _ in 0..<max(0, min(decimals, 9)) { scale *= 10 }
    let scaled = (abs(value) * scale).rounded(.toNearestOrAwayFromZero)
    guard scaled < 9e15 else { return value < 0 ? "−\(abs(value))" : "\(value)" }
    let whole = Int64(scaled) / Int64(scale)
    var text = ""
    for (index, digit) in String(whole).reversed().enumerated() {
      if index > 0, index % 3 == 0 { text = "," + text }
      text = String(digit) + text
    }
    if scale > 1 {
      var fraction = String(Int64(scaled) % Int64(scale))
      fraction = String(repeating: "0", count: min(decimals, 9) - fraction.count) + fraction
      if trimming { while fraction.last == "0" { fraction.removeLast() } }
      if !fraction.isEmpty { text += "." + fraction }
    }
    return value < 0 && scaled > 0 ? "−" + text : text
  }
}
