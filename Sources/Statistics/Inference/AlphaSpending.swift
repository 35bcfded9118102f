/// How a fixed-horizon test may be repeated: the errors allowed at each look add up to alpha at most.
public enum AlphaSpending {
  /// alpha / (k (k + 1)) for look k = 1, 2, 3 ...: the series sums to alpha over an unbounded number of looks.
  public static func alpha(atLook look: Int, of alpha: Double) -> Double {
    precondition(look >= 1, "looks are counted from 1")
    return alpha / (Double(look) * Double(look + 1))
  }
}
