import Foundation
import StatisticsSimulation

extension Finding.Unit {
  func text(_ value: Double) -> String {
    switch self {
    case .share: format(value * 100, 2) + " %"
    case .ratio: format(value, 3)
    case .hours: value.isFinite ? format(value, 0) + " h" : "never"
    case .unitsPerArm: format(value, 0)
    }
  }

  private func format(_ value: Double, _ digits: Int) -> String {
    let plain = String(format: "%.\(digits)f", value)
    guard digits == 0, value >= 1000 else { return plain }
    return plain.dropLast(3) + "," + plain.suffix(3)
  }

  /// A limit, with no more digits than it has.
  func limit(_ value: Double) -> String {
    guard self == .share else { return self == .ratio ? "\(value)" : text(value) }
    let percent = (value * 1000).rounded() / 10
    return (percent == percent.rounded() ? "\(Int(percent))" : "\(percent)") + " %"
  }
}

extension Finding {
  var wantedText: String {
    switch wanted {
    case .atMost(let most, let bound):
      "at most \(unit.limit(most))" + (bound.map { ", bound at most \(unit.limit($0))" } ?? "")
    case .atLeast(let least): "at least \(unit.limit(least))"
    case .between(let least, let most): "\(unit.limit(least)) to \(unit.limit(most))"
    case .nothing: ""
    }
  }

  var boundsText: String { "\(unit.text(reached.low)) to \(unit.text(reached.high))" }

  func mark(countingBounds: Bool) -> String {
    guard let isKept else { return "" }
    return isKept && (isBoundKept || !countingBounds) ? "kept" : "**not kept**"
  }
}

extension Int {
  /// 20,000
  var grouped: String {
    let digits = String(self)
    return digits.count > 3
      ? Int(digits.dropLast(3)).map { "\($0.grouped)," + digits.suffix(3) } ?? digits : digits
  }
}
