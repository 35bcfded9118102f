/// Where a bitmap shows anything: row by row the stretches that are opaque and those that are partly so. What
/// lies between is never read again.
struct CoverageRuns: Sendable {
  struct Run: Sendable {
    var start: Int32
    var end: Int32
    var isOpaque: Bool
  }

  private let runs: [Run]
  /// The first run of each row, and one more.
  private let firsts: [Int32]

  /// Gaps and opaque stretches shorter than this are not worth a run of their own.
  private static let shortest = 8

  init(_ rows: PixelRows) {
    var runs: [Run] = []
    var firsts: [Int32] = [0]
    firsts.reserveCapacity(rows.height + 1)
    for row in 0..<rows.height {
      Self.scan(rows.at(0, row).assumingMemoryBound(to: UInt32.self), rows.width, &runs, from: runs.count)
      firsts.append(Int32(runs.count))
    }
    self.runs = runs
    self.firsts = firsts
  }

  /// The runs of one row.
  subscript(row: Int) -> ArraySlice<Run> { runs[Int(firsts[row])..<Int(firsts[row + 1])] }

  private static func scan(
    _ pixels: UnsafePointer<UInt32>, _ width: Int, _ runs: inout [Run], from first: Int
  ) {
    var column = 0
    while column < width {
      let kind = kind(pixels[column])
      var end = column &+ 1
      while end < width, Self.kind(pixels[end]) == kind { end &+= 1 }
      let length = end &- column
      // Short opaque stretches and short gaps join the mixed run they stand in.
      if kind == .clear, length >= shortest || runs.count == first || end == width {
        column = end
        continue
      }
      let isOpaque = kind == .opaque && length >= shortest
      if !isOpaque, runs.count > first, !runs[runs.count - 1].isOpaque,
        column &- Int(runs[runs.count - 1].end) < shortest
      {
        runs[runs.count - 1].end = Int32(end)
      } else if kind != .clear {
        runs.append(Run(start: Int32(column), end: Int32(end), isOpaque: isOpaque))
      }
      column = end
    }
  }

  private enum Kind { case clear, opaque, mixed }

  @inline(__always) private static func kind(_ pixel: UInt32) -> Kind {
    pixel == 0 ? .clear : pixel >= 0xFF00_0000 ? .opaque : .mixed
  }
}
