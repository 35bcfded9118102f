/// One or more series over time, each with an optional band around it.
public struct LineChart: Chart, Hashable {
  public struct Series: Hashable, Sendable {
    public var name: String
    /// One value per label; nil leaves a gap.
    public var values: [Double?]
    /// The lower and upper edge of the band, per label; empty for none.
    public var low: [Double?]
    public var high: [Double?]

    public init(name: String, values: [Double?], low: [Double?] = [], high: [Double?] = []) {
      self.name = name
      self.values = values
      self.low = low
      self.high = high
    }
  }

  /// A moment worth a word ("new version").
  public struct Mark: Hashable, Sendable {
    public var index: Int
    public var label: String

    public init(index: Int, label: String) {
      self.index = index
      self.label = label
    }
  }

  public var title: String
  /// What stands below each point, in order ("Mon 2").
  public var labels: [String]
  public var series: [Series]
  public var style: NumberStyle
  public var marks: [Mark]
  /// Whether the axis begins at zero; bands and rates read more honestly so.
  public var includesZero: Bool

  public init(
    title: String, labels: [String], series: [Series], style: NumberStyle = .percent(), marks: [Mark] = [],
    includesZero: Bool = false
  ) {
    self.title = title
    self.labels = labels
    self.series = series
    self.style = style
    self.marks = marks
    self.includesZero = includesZero
  }

  public var summary: String {
    let parts = series.compactMap { series -> String? in
      let known = points(series.values)
      guard let first = known.first, let last = known.last else { return nil }
      return "\(series.name): \(style.text(first.value)) (\(labels[first.index]))"
        + " to \(style.text(last.value)) (\(labels[last.index]))"
    }
    return parts.isEmpty ? "No data yet." : parts.joined(separator: "; ") + "."
  }

  /// The values that can be drawn, with their places.
  func points(_ values: [Double?]) -> [(index: Int, value: Double)] {
    zip(labels.indices, values).compactMap { index, value in
      value.flatMap { $0.isFinite ? (index, $0) : nil }
    }
  }

  /// What the axis has to hold; nil without anything to draw.
  func span(withBands: Bool) -> ClosedRange<Double>? {
    let drawn = series.flatMap { withBands ? [$0.values, $0.low, $0.high] : [$0.values] }
    var all = drawn.flatMap { points($0).map(\.value) }
    if includesZero, !all.isEmpty { all.append(0) }
    guard let low = all.min(), let high = all.max() else { return nil }
    return low...high
  }

  /// Runs of neighbouring points, so that a gap stays a gap.
  func runs<Point>(_ points: [(index: Int, value: Point)]) -> [[(index: Int, value: Point)]] {
    points.reduce(into: []) { runs, point in
      if let last = runs.last?.last, last.index + 1 == point.index {
        runs[runs.count - 1].append(point)
      } else {
        runs.append([point])
      }
    }
  }
}
