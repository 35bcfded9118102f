extension IntervalChart {
  public func terminal(width: Int) -> String {
    guard !rows.isEmpty else { return TextMeasure.fitting("\(title): no data yet", cells: width) + "\n" }
    func widest(_ texts: [String]) -> Int { texts.map { TextMeasure.cells($0) }.max() ?? 0 }
    let labels = min(widest(rows.map(\.label)), max(6, width * 3 / 10))
    var notes = min(widest(rows.map(\.note)), width / 6)
    var numbers = widest(rows.map { self.numbers($0) })
    // On a narrow terminal the words go first, then the numbers, last the picture.
    var plot = width - labels - numbers - notes - 4
    if plot < 16 {
      plot += notes
      notes = 0
    }
    if plot < 10 {
      plot += numbers
      numbers = 0
    }
    plot = min(max(4, plot), 60)

    let scale = Scale(span, to: 0...Double(plot - 1), ticks: max(2, plot / 9), isNice: false)
    func cell(_ value: Double) -> Int { Int(scale.place(value).rounded()) }
    var lines: [String] = []
    for row in rows {
      var cells = [Character](repeating: " ", count: plot)
      cells[cell(reference)] = "┊"
      if row.isDrawable, let estimate = row.estimate {
        let low = cell(row.low)
        let high = cell(row.high)
        for index in low...high { cells[index] = "─" }
        if (low...high).contains(cell(reference)) { cells[cell(reference)] = "┼" }
        cells[low] = "├"
        cells[high] = "┤"
        if scale.values.contains(estimate) { cells[cell(estimate)] = "●" }
        // That an interval goes on beyond the axis matters more than where its middle is.
        if row.low < scale.values.lowerBound { cells[low] = "◀" }
        if row.high > scale.values.upperBound { cells[high] = "▶" }
      }
      let columns = [
        TextMeasure.padded(row.label, to: labels), String(cells),
        TextMeasure.padded(self.numbers(row), to: numbers), TextMeasure.padded(row.note, to: notes),
      ]
      lines.append(columns.joined(separator: " ").trimmingTrailingSpaces)
    }
    lines.append(
      (String(repeating: " ", count: labels + 1) + axis(scale, plot: plot)).trimmingTrailingSpaces)
    return lines.map { TextMeasure.fitting($0, cells: width) + "\n" }.joined()
  }

  private func axis(_ scale: Scale, plot: Int) -> String {
    let style = style.resolving(scale.step)
    var line = ""
    for tick in scale.ticks {
      let text = style.text(tick)
      let start = min(
        max(0, Int(scale.place(tick).rounded()) - TextMeasure.cells(text) / 2), plot - TextMeasure.cells(text)
      )
      guard start >= TextMeasure.cells(line) + (line.isEmpty ? 0 : 1) else { continue }
      line += String(repeating: " ", count: start - TextMeasure.cells(line)) + text
    }
    return line
  }
}

extension String {
  var trimmingTrailingSpaces: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
