extension LineChart {
  public func terminal(width: Int) -> String {
    guard let span = span(withBands: false) else {
      return TextMeasure.fitting("\(title): no data yet", cells: width) + "\n"
    }
    let rows = 10
    let scale = Scale(span, to: 0...Double(rows * 4 - 1), ticks: 4)
    let axis = style.resolving(scale.step)
    let margin = scale.ticks.map { TextMeasure.cells(axis.text($0)) }.max() ?? 0
    let columns = max(4, min(width - margin - 2, 120))
    var ticks: [Int: String] = [:]
    for tick in scale.ticks { ticks[rows - 1 - Int(scale.place(tick).rounded()) / 4] = axis.text(tick) }

    var canvas = BrailleCanvas(columns: columns, rows: rows)
    let across = Double(canvas.dotsAcross - 1)
    func x(_ index: Int) -> Double {
      labels.count > 1 ? across * Double(index) / Double(labels.count - 1) : across / 2
    }
    func y(_ value: Double) -> Double { Double(rows * 4 - 1) - scale.place(value) }
    var ends: [(row: Int, name: String)] = []
    for series in series {
      for run in runs(points(series.values)) {
        for (from, to) in zip(run, run.dropFirst()) {
          canvas.line(from: (x(from.index), y(from.value)), to: (x(to.index), y(to.value)))
        }
        if run.count == 1 { canvas.dot(Int(x(run[0].index).rounded()), Int(y(run[0].value).rounded())) }
      }
      if let last = points(series.values).last {
        ends.append((Int(y(last.value).rounded()) / 4, "\(series.name) \(style.text(last.value))"))
      }
    }
    var lines = (0..<rows).map { row in
      let edge = ticks[row] == nil ? "│" : "┤"
      return TextMeasure.padded(ticks[row] ?? "", to: margin, right: true) + edge + canvas.row(row)
    }
    lines.append(String(repeating: " ", count: margin) + "└" + String(repeating: "─", count: columns))
    lines.append(String(repeating: " ", count: margin + 1) + labelLine(columns: columns))
    // Which line is which, from the top down as the lines end.
    let legend = ends.sorted { $0.row < $1.row }.map(\.name).joined(separator: " · ")
    lines.append(String(repeating: " ", count: margin + 1) + legend)
    return lines.map { TextMeasure.fitting($0.trimmingTrailingSpaces, cells: width) + "\n" }.joined()
  }

  private func labelLine(columns: Int) -> String {
    // Every n-th label, so that they stand at equal distances.
    let widest = labels.map { TextMeasure.cells($0) }.max() ?? 0
    let every = max(1, (labels.count * (widest + 2) + columns - 1) / columns)
    var line = ""
    for index in stride(from: 0, to: labels.count, by: every) {
      let cells = TextMeasure.cells(labels[index])
      let centre = labels.count > 1 ? (columns - 1) * index / (labels.count - 1) : columns / 2
      let start = min(max(0, centre - cells / 2), columns - cells)
      guard start >= TextMeasure.cells(line) + (line.isEmpty ? 0 : 1) else { continue }
      line += String(repeating: " ", count: start - TextMeasure.cells(line)) + labels[index]
    }
    return line
  }
}
