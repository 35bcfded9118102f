extension LineChart {
  public func svg(id: String, width: Double) -> String {
    var canvas = SVGCanvas(id: id, title: title, summary: summary)
    guard let span = span(withBands: true) else {
      canvas.text("No data yet", x: 8, y: 24, fill: .muted)
      return canvas.document(width: width, height: 40)
    }
    let top = marks.isEmpty ? 12.0 : 30.0
    let bottom = top + max(150, min(260, width * 0.32))

    let trial = Scale(span, to: 0...(bottom - top), ticks: 5)
    let axis = style.resolving(trial.step)
    let left = 14 + (trial.ticks.map { TextMeasure.width(axis.text($0), size: 11) }.max() ?? 0)
    let names = series.map { TextMeasure.width($0.name, size: SVGCanvas.fontSize) }.max() ?? 0
    let nameWidth = min(names, width * 0.25)
    let right = width - 8 - (nameWidth > 0 ? nameWidth + 10 : 0)
    let step = labels.count > 1 ? (right - left - 8) / Double(labels.count - 1) : 0
    func x(_ index: Int) -> Double { labels.count > 1 ? left + 4 + step * Double(index) : (left + right) / 2 }
    func y(_ value: Double) -> Double { bottom - trial.place(value) }

    for tick in trial.ticks {
      canvas.line(left, y(tick), right, y(tick), stroke: .grid)
      canvas.text(axis.text(tick), x: left - 6, y: y(tick) + 4, fill: .muted, size: 11, anchor: .end)
    }
    drawLabels(x: x, left: left, right: width - 4, y: bottom + 18, on: &canvas)
    drawMarks(x: x, right: width - 4, top: top, bottom: bottom, on: &canvas)
    for (index, series) in series.enumerated() {
      let band = zip(labels.indices, zip(series.low, series.high)).compactMap {
        index, edges -> (index: Int, value: (Double, Double))? in
        guard let low = edges.0, let high = edges.1, low.isFinite, high.isFinite else { return nil }
        return (index, (low, high))
      }
      for run in runs(band) {
        let upper = run.map { (x: x($0.index), y: y($0.value.1)) }
        let lower = run.reversed().map { (x: x($0.index), y: y($0.value.0)) }
        canvas.polygon(upper + lower, fill: .series(index), opacity: 0.16)
      }
    }
    for (index, series) in series.enumerated() {
      for run in runs(points(series.values)) {
        canvas.polyline(run.map { (x: x($0.index), y: y($0.value)) }, stroke: .series(index))
        if run.count == 1 {
          canvas.circle(x(run[0].index), y(run[0].value), radius: 3, fill: .series(index))
        }
      }
    }
    drawNames(from: right + 10, width: nameWidth, top: top, bottom: bottom, y: y, on: &canvas)
    return canvas.document(width: width, height: bottom + 28)
  }

  /// As many labels as stand apart, the first and, where there is room, the last.
  private func drawLabels(
    x: (Int) -> Double, left: Double, right: Double, y: Double, on canvas: inout SVGCanvas
  ) {
    let widest = labels.map { TextMeasure.width($0, size: 11) }.max() ?? 0
    let apart = labels.count > 1 ? abs(x(1) - x(0)) : 1
    let every = max(1, Int(((widest + 14) / max(apart, 0.01)).rounded(.up)))
    for index in stride(from: 0, to: labels.count, by: every) {
      let half = TextMeasure.width(labels[index], size: 11) / 2
      let place = min(max(x(index), half + 4), right - half)
      canvas.text(labels[index], x: place, y: y, fill: .muted, size: 11, anchor: .middle)
    }
  }

  /// A mark whose word would meet the one before it keeps its line and gives up its word.
  private func drawMarks(
    x: (Int) -> Double, right: Double, top: Double, bottom: Double, on canvas: inout SVGCanvas
  ) {
    var free = 4.0
    for mark in marks.sorted(by: { $0.index < $1.index }) where labels.indices.contains(mark.index) {
      let place = x(mark.index)
      canvas.line(place, top - 6, place, bottom, stroke: .muted, dashes: "2 3")
      let half = TextMeasure.width(mark.label, size: 11) / 2
      let centre = min(max(place, half + 4), right - half)
      guard centre - half >= free else { continue }
      canvas.text(mark.label, x: centre, y: top - 12, fill: .muted, size: 11, anchor: .middle)
      free = centre + half + 10
    }
  }

  /// Names stand at the ends of their lines, pushed apart where lines end close together.
  private func drawNames(
    from left: Double, width: Double, top: Double, bottom: Double, y: (Double) -> Double,
    on canvas: inout SVGCanvas
  ) {
    guard width > 0 else { return }
    let height = SVGCanvas.fontSize + 3
    var ends = series.enumerated().compactMap { index, series in
      points(series.values).last.map { (index: index, y: y($0.value)) }
    }.sorted { ($0.y, $0.index) < ($1.y, $1.index) }
    for index in ends.indices.dropFirst() { ends[index].y = max(ends[index].y, ends[index - 1].y + height) }
    // What was pushed below the plot pushes its neighbours back up.
    var floor = bottom
    for index in ends.indices.reversed() {
      ends[index].y = min(ends[index].y, floor)
      floor = ends[index].y - height
    }
    for end in ends {
      let name = TextMeasure.fitting(series[end.index].name, size: SVGCanvas.fontSize, width: width)
      canvas.text(name, x: left, y: end.y + 4, fill: .series(end.index), isBold: true)
    }
  }
}
