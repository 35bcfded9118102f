/// Estimates with their intervals under one another, against a line that means "no difference" (a forest plot).
public struct IntervalChart: Chart, Hashable {
  public struct Row: Hashable, Sendable {
    public var label: String
    /// nil: nothing can be claimed yet; only the note is shown.
    public var estimate: Double?
    public var low: Double
    public var high: Double
    public var tone: Tone
    /// A word after the numbers ("winner", "too early").
    public var note: String

    public init(
      label: String, estimate: Double?, low: Double = 0, high: Double = 0, tone: Tone = .neutral,
      note: String = ""
    ) {
      self.label = label
      self.estimate = estimate
      self.low = low
      self.high = high
      self.tone = tone
      self.note = note
    }

    var isDrawable: Bool {
      guard let estimate else { return false }
      return estimate.isFinite && !low.isNaN && !high.isNaN
    }
  }

  public var title: String
  public var rows: [Row]
  /// Where "no difference" lies.
  public var reference: Double
  public var style: NumberStyle
  /// What the axis measures ("click rate against version A").
  public var axisLabel: String

  public init(
    title: String, rows: [Row], reference: Double = 0, style: NumberStyle = .signedPercent(),
    axisLabel: String = ""
  ) {
    self.title = title
    self.rows = rows
    self.reference = reference
    self.style = style
    self.axisLabel = axisLabel
  }

  public var summary: String {
    guard !rows.isEmpty else { return "No data yet." }
    return rows.map { row in
      [row.label + ":", numbers(row), row.note].filter { !$0.isEmpty }.joined(separator: " ")
    }.joined(separator: "; ") + "."
  }

  func numbers(_ row: Row) -> String {
    guard row.isDrawable, let estimate = row.estimate else { return "" }
    return "\(style.text(estimate)) (\(style.text(row.low)) to \(style.text(row.high)))"
  }

  /// The values the axis spans: estimates, the reference, and intervals as far as they do not squeeze the rest. One
  /// early, very wide interval must not make all others invisible; it gets an arrow instead.
  var span: ClosedRange<Double> {
    let drawable = rows.filter(\.isDrawable)
    let telling = drawable.filter { $0.tone != .muted }
    let shown = telling.isEmpty ? drawable : telling
    let estimates = shown.compactMap(\.estimate) + [reference]
    let lowest = estimates.min() ?? reference
    let highest = estimates.max() ?? reference
    let widths = shown.map { $0.high - $0.low }.filter(\.isFinite).sorted()
    let typical = widths.isEmpty ? 1 : widths[(widths.count - 1) / 2]
    let room = max(typical, 0.5 * (highest - lowest))
    let low = min(lowest, shown.map { max($0.low, lowest - room) }.min() ?? lowest)
    let high = max(highest, shown.map { min($0.high, highest + room) }.max() ?? highest)
    let margin = 0.04 * (high - low)
    return (low - margin)...(high + margin)
  }
}
