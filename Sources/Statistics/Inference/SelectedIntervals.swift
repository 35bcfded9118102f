/// Intervals for what was picked out of many, widened for the picking: of the intervals shown, on average at most a
/// share alpha miss (false coverage rate).
public enum SelectedIntervals {
  /// The level for each of `selected` out of `all` intervals: alpha * selected / all.
  ///
  /// With confidence sequences and other intervals from e-values this is the e-BY procedure (Xu, Wang, Ramdas,
  /// "Post-selection inference for e-value based confidence intervals", Electronic Journal of Statistics 2024,
  /// theorem 1): any way of selecting, any dependence, any stopping.
  /// - Returns: nil when nothing was selected.
  public static func eBYLevel(selected: Int, of all: Int, alpha: Double) -> Double? {
    guard selected > 0, selected <= all else { return nil }
    return alpha * Double(selected) / Double(all)
  }

  /// The level for fixed-horizon intervals of any dependence: that of ``eBYLevel(selected:of:alpha:)`` over
  /// 1 + 1/2 + ... + 1/all (Benjamini & Yekutieli, JASA 2005, theorem 2). Independent intervals would not need it.
  public static func fixedHorizonLevel(selected: Int, of all: Int, alpha: Double) -> Double? {
    eBYLevel(selected: selected, of: all, alpha: alpha).map { level in
      level / (1...all).reduce(0) { $0 + 1 / Double($1) }
    }
  }

  /// e-BY intervals of the selected.
  /// - Parameters:
  ///   - selected: which of all were picked, for instance by ``MultipleTesting/eBH(_:alpha:)``; with eBH, every
  ///     interval so made excludes what was rejected when intervals and e-values come from one family.
  ///   - interval: the confidence sequence's interval of one index at a level.
  /// - Returns: an interval where selected, else nil.
  public static func eBY(
    _ selected: [Bool], alpha: Double, interval: (Int, Double) -> IntervalEstimate
  ) -> [IntervalEstimate?] {
    let level = eBYLevel(selected: selected.count { $0 }, of: selected.count, alpha: alpha)
    return selected.enumerated().map { index, isSelected in
      level.flatMap { isSelected ? interval(index, $0) : nil }
    }
  }
}
