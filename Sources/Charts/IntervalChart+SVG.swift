extension IntervalChart {
  /// Where the columns stand. On a narrow page a row takes two lines: words above, picture and numbers below.
  private struct Layout {
    var isStacked: Bool
    var rowHeight: Double
    var labelWidth: Double
    var numberX: Double
    var numberWidth: Double
    var noteWidth: Double
    var plot: ClosedRange<Double>
    let top = 8.0

    init(_ chart: IntervalChart, width: Double) {
      func widest(_ texts: [String]) -> Double {
        texts.map { TextMeasure.width($0, size: SVGCanvas.fontSize) }.max() ?? 0
      }
      let right = width - 8
      isStacked = width < 600
      rowHeight = isStacked ? 50 : 30
      noteWidth = min(widest(chart.rows.map(\.note)), width * (isStacked ? 0.35 : 0.16))
      numberWidth = min(widest(chart.rows.map(chart.numbers)), width * (isStacked ? 0.6 : 0.32))
      if isStacked {
        labelWidth = right - 8 - noteWidth - 12
        numberX = right - numberWidth
        plot = 16...max(56, numberX - 18)
      } else {
        labelWidth = min(widest(chart.rows.map(\.label)), width * 0.3)
        numberX = right - noteWidth - (noteWidth > 0 ? 14 : 0) - numberWidth
        plot = (labelWidth + 24)...max(labelWidth + 64, numberX - 22)
      }
    }
  }

  public func svg(id: String, width: Double) -> String {
    var canvas = SVGCanvas(id: id, title: title, summary: summary)
    guard !rows.isEmpty else {
      canvas.text("No data yet", x: 8, y: 24, fill: .muted)
      return canvas.document(width: width, height: 40)
    }
    let layout = Layout(self, width: width)
    let bottom = layout.top + Double(rows.count) * layout.rowHeight
    let room = layout.plot.upperBound - layout.plot.lowerBound
    let scale = Scale(span, to: layout.plot, ticks: max(2, Int(room / 40)), isNice: false)
    drawAxis(scale, top: layout.top, bottom: bottom, isStacked: layout.isStacked, on: &canvas)
    for (index, row) in rows.enumerated() {
      draw(row, top: layout.top + Double(index) * layout.rowHeight, layout, scale, on: &canvas)
    }
    var height = bottom + 24
    if !axisLabel.isEmpty {
      height += 18
      let label = TextMeasure.fitting(axisLabel, size: 11, width: width - 16)
      let half = TextMeasure.width(label, size: 11) / 2
      let centre = (layout.plot.lowerBound + layout.plot.upperBound) / 2
      canvas.text(
        label, x: min(max(centre, half + 8), width - half - 8), y: height - 7, fill: .muted, size: 11,
        anchor: .middle)
    }
    return canvas.document(width: width, height: height)
  }

  private func drawAxis(
    _ scale: Scale, top: Double, bottom: Double, isStacked: Bool, on canvas: inout SVGCanvas
  ) {
    let style = style.resolving(scale.step)
    var end = 0.0
    for tick in scale.ticks {
      let x = scale.place(tick)
      // In the stacked form a grid would run through the labels.
      if !isStacked { canvas.line(x, top, x, bottom, stroke: .grid) }
      let text = style.text(tick)
      let half = TextMeasure.width(text, size: 11) / 2
      guard x - half >= end else { continue }
      canvas.text(text, x: x, y: bottom + 16, fill: .muted, size: 11, anchor: .middle)
      end = x + half + 8
    }
    if !isStacked {
      let zero = scale.place(reference)
      canvas.line(zero, top - 4, zero, bottom + 4, stroke: .muted, width: 1.5, dashes: "4 3")
    }
  }

  private func draw(
    _ row: Row, top: Double, _ layout: Layout, _ scale: Scale, on canvas: inout SVGCanvas
  ) {
    let size = SVGCanvas.fontSize
    let middle = top + (layout.isStacked ? 34 : layout.rowHeight / 2)
    let words = (layout.isStacked ? top + 12 : middle) + size * 0.35
    let ink = Ink(row.tone)
    canvas.text(TextMeasure.fitting(row.label, size: size, width: layout.labelWidth), x: 8, y: words)
    let note = TextMeasure.fitting(row.note, size: size, width: layout.noteWidth)
    let noteX = layout.numberX + layout.numberWidth - (layout.isStacked ? layout.noteWidth : -14)
    canvas.text(
      note, x: noteX, y: words, fill: ink, isBold: row.tone == .good || row.tone == .bad)
    if layout.isStacked {
      let zero = scale.place(reference)
      canvas.line(zero, middle - 11, zero, middle + 11, stroke: .muted, width: 1.5, dashes: "4 3")
    }
    guard row.isDrawable, let estimate = row.estimate else { return }
    draw(row, estimate: estimate, at: middle, scale: scale, ink: ink, on: &canvas)
    // Rather the estimate alone than half an interval.
    let numbers = numbers(row)
    let fits = TextMeasure.width(numbers, size: size) <= layout.numberWidth + 0.01
    canvas.text(fits ? numbers : style.text(estimate), x: layout.numberX, y: middle + size * 0.35)
  }

  private func draw(
    _ row: Row, estimate: Double, at y: Double, scale: Scale, ink: Ink, on canvas: inout SVGCanvas
  ) {
    let low = scale.place(row.low)
    let high = scale.place(row.high)
    let goesLower = row.low < scale.values.lowerBound
    let goesHigher = row.high > scale.values.upperBound
    canvas.line(low, y, high, y, stroke: ink, width: 3)
    // An end beyond the axis is an arrow, an end inside a bar.
    if goesLower {
      canvas.polygon([(low - 5, y), (low + 4, y - 5), (low + 4, y + 5)], fill: ink)
    } else {
      canvas.line(low, y - 5, low, y + 5, stroke: ink, width: 2)
    }
    if goesHigher {
      canvas.polygon([(high + 5, y), (high - 4, y - 5), (high - 4, y + 5)], fill: ink)
    } else {
      canvas.line(high, y - 5, high, y + 5, stroke: ink, width: 2)
    }
    // That an interval goes on beyond the axis matters more than where its middle is.
    let place = scale.place(estimate)
    let hidesArrow = (goesLower && place < low + 11) || (goesHigher && place > high - 11)
    guard scale.values.contains(estimate), !hidesArrow else { return }
    canvas.circle(place, y, radius: 5.5, fill: ink, outline: .surface)
  }
}
