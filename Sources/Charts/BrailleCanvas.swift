/// Two by four dots in every cell of a terminal (Unicode block "Braille Patterns").
struct BrailleCanvas {
  let columns: Int
  let rows: Int
  private var cells: [UInt8]

  /// The bit of each dot, by row and column inside a cell.
  private static let bits: [[UInt8]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]

  init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
    cells = [UInt8](repeating: 0, count: columns * rows)
  }

  var dotsAcross: Int { columns * 2 }
  var dotsDown: Int { rows * 4 }

  /// Dots outside are left out.
  mutating func dot(_ x: Int, _ y: Int) {
    guard (0..<dotsAcross).contains(x), (0..<dotsDown).contains(y) else { return }
    cells[y / 4 * columns + x / 2] |= Self.bits[y % 4][x % 2]
  }

  mutating func line(from: (x: Double, y: Double), to: (x: Double, y: Double)) {
    let steps = max(1, Int(max(abs(to.x - from.x), abs(to.y - from.y)).rounded(.up)))
    for step in 0...steps {
      let share = Double(step) / Double(steps)
      dot(
        Int((from.x + (to.x - from.x) * share).rounded()),
        Int((from.y + (to.y - from.y) * share).rounded()))
    }
  }

  func row(_ index: Int) -> String {
    String(
      String.UnicodeScalarView(
        cells[index * columns..<(index + 1) * columns].compactMap { bits in
          bits == 0 ? " " : Unicode.Scalar(0x2800 + UInt32(bits))
        }))
  }
}
