/// `1m30s` and the like.
public enum DurationText {
  private static let units: [(name: String, seconds: Double)] = [
    ("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("d", 86_400),
  ]

  /// nil unless `text` is one or more numbers each followed by ms, s, m, h or d.
  public static func parse(_ text: String) -> Duration? {
    var rest = text[...]
    var milliseconds = 0.0
    guard !rest.isEmpty else { return nil }
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
      guard let amount = Double(digits) else { return nil }
      rest = rest.dropFirst(digits.count)
      let unit = rest.prefix { $0.isLetter }
      guard let known = units.first(where: { $0.name == unit }) else { return nil }
      milliseconds += amount * known.seconds * 1000
      rest = rest.dropFirst(unit.count)
    }
    guard milliseconds < 1e15 else { return nil }
    return .milliseconds(Int64(milliseconds.rounded()))
  }

  /// The shortest exact text that `parse` reads back: `6s`, `1500ms`, `2h`.
  public static func format(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
    for unit in units.reversed() {
      let size = Int64(unit.seconds * 1000)
      if milliseconds != 0, milliseconds % size == 0 { return "\(milliseconds / size)\(unit.name)" }
    }
    return "0s"
  }
}
