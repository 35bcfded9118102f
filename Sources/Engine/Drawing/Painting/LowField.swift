/// A smooth field computed at few points and stretched over a picture with sixteen bits and dithering.
struct LowField {
  private let columns: Int
  private let rows: Int
  private let cell: Int
  /// Blue, green, red at 256 times their value.
  private var values: [SIMD4<Int32>]

  /// - Parameter colour: given x and y as shares of the picture and its aspect (width by height), the colour
  ///   (blue, green, red; 0…255).
  init(width: Int, height: Int, cell: Int, colour: (Double, Double, Double) -> SIMD4<Double>) {
    self.cell = cell
    columns = width / cell + 2
    rows = height / cell + 2
    values = []
    values.reserveCapacity(columns * rows)
    let aspect = Double(width) / Double(height)
    for row in 0..<rows {
      for column in 0..<columns {
        let (x, y) = (Double(column * cell) / Double(width), Double(row * cell) / Double(height))
        let found = colour(x, y, aspect) * 256
        values.append(
          SIMD4(Int32(found.x.rounded()), Int32(found.y.rounded()), Int32(found.z.rounded()), 65280))
      }
    }
  }

  func fill(_ pixels: UnsafeMutablePointer<UInt8>, stride: Int, width: Int, height: Int) {
    values.withUnsafeBufferPointer { values in
      Dither.matrix.withUnsafeBufferPointer { dither in
        for y in 0..<height {
          let (row, fy) = (y / cell, Int32(y % cell))
          let upper = row &* columns
          let lower = upper &+ columns
          let line = pixels + y &* stride
          for column in 0..<columns &- 1 {
            let size = Int32(cell)
            // Down first, once for each end of the cell, then across it.
            let left = values[upper &+ column] &* (size &- fy) &+ values[lower &+ column] &* fy
            let right = values[upper &+ column &+ 1] &* (size &- fy) &+ values[lower &+ column &+ 1] &* fy
            let step = (right &- left) / size
            var value = left
            for x in (column &* cell)..<min(width, (column &+ 1) &* cell) {
              let threshold = Int32(dither[(y & 7) &* 8 &+ (x & 7)])
              let pixel = line + x &* 4
              let rounded = (value / size &+ threshold) &>> 8
              pixel[0] = UInt8(truncatingIfNeeded: min(255, rounded.x))
              pixel[1] = UInt8(truncatingIfNeeded: min(255, rounded.y))
              pixel[2] = UInt8(truncatingIfNeeded: min(255, rounded.z))
              pixel[3] = 255
              value &+= step
            }
          }
        }
      }
    }
  }
}
