/// A picture divided into square cells, about 34 along its shorter side: what changes a cell's mean can be
/// seen, what does not is fine grain. Columns and rows that do not fill a cell are left out.
struct CellGrid: Sendable, Hashable {
  let width: Int
  let height: Int
  /// Pixels along a cell's side, a multiple of 8.
  let side: Int
  let columns: Int
  let rows: Int

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    let wish = (min(width, height) + 136) / 272 * 8
    side = min(128, max(8, wish))
    columns = max(0, width / side)
    rows = max(0, height / side)
  }

  var count: Int { columns * rows }
}

/// The means of one frame's cells, row by row: luma and the two chroma parts as they are coded.
struct FrameCells: Sendable, Hashable {
  var luma: [UInt8]
  var blue: [UInt8]
  var red: [UInt8]

  /// The mean luma of all cells.
  var meanLuma: Double {
    luma.isEmpty ? 0 : Double(luma.reduce(0) { $0 &+ Int($1) }) / Double(luma.count)
  }

  /// Mean and largest change between two frames' cells, luma and chroma alike, in code values.
  func change(to other: FrameCells) -> (mean: Double, largest: Int) {
    var (sum, largest) = (0, 0)
    func add(_ a: [UInt8], _ b: [UInt8]) {
      a.withUnsafeBufferPointer { a in
        b.withUnsafeBufferPointer { b in
          for index in 0..<min(a.count, b.count) {
            let difference = abs(Int(a[index]) &- Int(b[index]))
            sum &+= difference
            if difference > largest { largest = difference }
          }
        }
      }
    }
    add(luma, other.luma)
    add(blue, other.blue)
    add(red, other.red)
    return (Double(sum) / Double(max(1, luma.count * 3)), largest)
  }
}
