@testable import Charts

/// Figures as a report would draw them, awkward ones among them.
enum Samples {
  static let intervals = IntervalChart(
    title: "Click rate against version A",
    rows: [
      .init(
        label: "B · question hook, fast cut", estimate: 0.124, low: 0.061, high: 0.187, tone: .good,
        note: "winner"),
      .init(
        label: "C · product first", estimate: -0.081, low: -0.142, high: -0.02, tone: .bad, note: "loser"),
      .init(label: "D · spoken offer", estimate: 0.03, low: -0.05, high: 0.11, note: "undecided"),
      .init(
        label: "E · an exceedingly long description of a version that nobody wanted to shorten",
        estimate: 0.2,
        low: -3, high: 4, tone: .muted, note: "too early"),
      .init(label: "F · 新しい商品の紹介", estimate: nil, tone: .muted, note: "no data"),
    ], axisLabel: "Difference in click rate, 95% confidence sequence")

  /// A weekly season, and a band that narrows as data comes in.
  private static let season: [Double] = (0..<28).map { 0.05 + 0.004 * Double($0 % 7) / 6 }
  private static let room: [Double] = (0..<28).map { 0.012 / (1 + Double($0) / 4) }
  private static let falling: [Double?] = (0..<28).map { day in
    (10...12).contains(day) ? nil : 0.065 - 0.0004 * Double(day)
  }
  private static let young: [Double?] = (0..<28).map { $0 < 20 ? nil : 0.0535 }

  static let lines = LineChart(
    title: "Click rate by day",
    labels: (1...28).map { "Nov \($0)" },
    series: [
      .init(
        name: "Version A", values: season, low: zip(season, room).map { $0 - $1 },
        high: zip(season, room).map { $0 + $1 }),
      .init(name: "Version B", values: falling),
      .init(name: "Version C", values: young),
    ], marks: [.init(index: 14, label: "traffic moved"), .init(index: 20, label: "new version C")])

  static let bars = BarChart(
    title: "Probability of being best",
    bars: [
      .init(label: "Version A", value: 0.102), .init(label: "Version B", value: 0.62, tone: .good),
      .init(label: "Version C & <friends>", value: 0.278),
      .init(label: "Version D", value: nil, tone: .muted),
    ], style: .percent(), maximum: 1)

  static let costs = BarChart(
    title: "Cost per result",
    bars: [
      .init(label: "Women 30–34", value: 1.4), .init(label: "Men 45–49", value: 12.75, tone: .bad),
      .init(label: "Everyone", value: 3.2),
    ], style: .currency(symbol: "€"))

  static let sparkline = Sparkline(
    title: "Click rate, last 14 days",
    values: [0.01, 0.02, 0.03, 0.02, nil, 0.04, 0.05, 0.04, 0.06, 0.07, 0.06, 0.08, 0.07, 0.09])

  static let shares = ShareBar(
    title: "Traffic today",
    parts: [
      .init(label: "Version A", share: 0.55), .init(label: "Version B", share: 0.3),
      .init(label: "Version C", share: 0.1), .init(label: "Version D, which has a long name", share: 0.05),
    ])

  static let all: [(name: String, chart: any Chart, width: Double)] = [
    ("intervals", intervals, 720), ("intervals-narrow", intervals, 420), ("lines", lines, 720),
    ("lines-narrow", lines, 360), ("bars", bars, 720), ("costs", costs, 480), ("sparkline", sparkline, 120),
    ("shares", shares, 720), ("shares-narrow", shares, 300),
    ("empty", IntervalChart(title: "Nothing", rows: []), 480),
  ]
}
