import FoundationEssentials

/// Figures as people read them.
enum Wording {
  /// `0.4 s`, `12 s`, `4 min`, `3 h`, `2 d`.
  static func seconds(_ value: Double) -> String {
    switch value {
    case ..<0.0995: "\(Int((value * 1000).rounded(.up))) ms"
    case ..<9.95: "\(oneDecimal(value)) s"
    case ..<120: "\(Int(value.rounded())) s"
    case ..<7200: "\(Int((value / 60).rounded())) min"
    case ..<172_800: "\(Int((value / 3600).rounded())) h"
    default: "\(Int((value / 86_400).rounded())) d"
    }
  }

  /// `812 B`, `3.4 MiB`, `120 GiB`.
  static func bytes(_ value: Int) -> String {
    var amount = Double(value)
    var unit = 0
    while amount >= 1023.5, unit < units.count - 1 {
      amount /= 1024
      unit += 1
    }
    return unit == 0 || amount >= 9.95
      ? "\(Int(amount.rounded())) \(units[unit])" : "\(oneDecimal(amount)) \(units[unit])"
  }

  /// `2026-11-23`, in UTC.
  static func day(_ date: Date) -> String { String(date.ISO8601Format().prefix(10)) }

  private static let units = ["B", "KiB", "MiB", "GiB", "TiB"]

  private static func oneDecimal(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }
}
