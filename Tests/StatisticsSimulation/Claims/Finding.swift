/// One figure that Retake promises, and what simulation found.
public struct Finding: Hashable, Sendable {
  /// Lower case with underscores, ending in a unit where it has one: `aa_click_through_5_false_winners`.
  public let name: String
  /// What it is, for people.
  public let claim: String
  public let wanted: Wanted
  public let unit: Unit
  public let reached: Measured

  public enum Wanted: Hashable, Sendable {
    /// - Parameter boundAtMost: what the upper 99 % bound may be in the long form.
    case atMost(Double, boundAtMost: Double? = nil)
    case atLeast(Double)
    /// Of a share among few: kept as long as its bounds reach into the range.
    case between(Double, Double)
    /// Nothing is promised; it is told for comparison.
    case nothing
  }

  public enum Unit: Hashable, Sendable { case share, ratio, hours, unitsPerArm }

  init(_ name: String, _ claim: String, _ wanted: Wanted, _ unit: Unit, _ reached: Measured) {
    self.name = name
    self.claim = claim
    self.wanted = wanted
    self.unit = unit
    self.reached = reached
  }

  /// Whether the figure itself is as wanted; nil when nothing was promised.
  public var isKept: Bool? {
    switch wanted {
    case .atMost(let most, _): reached.value <= most
    case .atLeast(let least): reached.value >= least
    case .between(let least, let most): least <= reached.high && reached.low <= most
    case .nothing: nil
    }
  }

  /// Whether the figure cannot be what was promised, by its 99 % bound: what few experiments can show.
  public var isRefuted: Bool {
    switch wanted {
    case .atMost(let most, _): reached.low > most
    case .atLeast(let least): reached.high < least
    case .between(let least, let most): reached.high < least || reached.low > most
    case .nothing: false
    }
  }

  /// Whether its bound is as wanted too, where one was named; for as many experiments as the long form has.
  public var isBoundKept: Bool {
    if case .atMost(_, let bound?) = wanted { reached.high <= bound } else { true }
  }
}
