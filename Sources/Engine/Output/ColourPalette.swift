/// The 255 colours that come nearest to a moving picture, and how to find the one nearest to a colour.
///
/// Colours are points in a space in which distances tell differences as seen: luma counts more than its two colour
/// differences. The palette divides the pictures' colours where that lessens the squared error most (variance-based
/// division, Wan, Prusinkiewicz, Wong 1990) and is then improved by moving each colour to the mean of those it
/// stands for (Lloyd 1982).
struct ColourPalette: Sendable {
  typealias Point = SIMD3<Float>

  /// GIF leaves one of 256 for "as before".
  static let size = 255
  private static let rounds = 6

  private(set) var points: [Point]

  /// Bytes R, G, B of each.
  var bytes: [UInt8] { points.flatMap { point in Self.colour(point) } }

  /// BT.601 luma of gamma-coded values, as GIF's viewers show them, and colour differences.
  static func point(_ red: Float, _ green: Float, _ blue: Float) -> Point {
    let luma = 0.299 * red + 0.587 * green + 0.114 * blue
    return Point(luma * lumaWeight, (blue - luma) * 0.564, (red - luma) * 0.713)
  }

  private static let lumaWeight: Float = 1.5

  private static func colour(_ point: Point) -> [UInt8] {
    let luma = point.x / lumaWeight
    let (blue, red) = (point.y / 0.564 + luma, point.z / 0.713 + luma)
    let green = (luma - 0.299 * red - 0.114 * blue) / 0.587
    return [red, green, blue].map { UInt8(min(255, max(0, $0.rounded()))) }
  }

  init(_ histogram: ColourHistogram) {
    var cells = histogram.cells
    var boxes = [Box(0..<cells.count, &cells)]
    while boxes.count < Self.size {
      guard let worst = boxes.indices.max(by: { boxes[$0].error < boxes[$1].error }), boxes[worst].error > 0
      else { break }
      let (low, high) = boxes[worst].divided(&cells)
      boxes[worst] = low
      boxes.append(high)
    }
    points = boxes.map(\.mean)
    for _ in 0..<Self.rounds {
      let search = NearestColour(points)
      var sums = [Point](repeating: .zero, count: points.count)
      var weights = [Float](repeating: 0, count: points.count)
      for cell in cells {
        let index = search.index(of: cell.point)
        sums[index] += cell.point * cell.weight
        weights[index] += cell.weight
      }
      for index in points.indices where weights[index] > 0 { points[index] = sums[index] / weights[index] }
    }
    // What the file says is whole numbers: search among those.
    points = points.map { point in
      let colour = Self.colour(point)
      return Self.point(Float(colour[0]), Float(colour[1]), Float(colour[2]))
    }
  }

  /// Some of the histogram's cells, next to each other in colour.
  private struct Box {
    let range: Range<Int>
    let mean: Point
    /// Sum of squared distances from the mean along each axis.
    let spread: Point

    var error: Float { range.count > 1 ? spread.sum() : 0 }

    init(_ range: Range<Int>, _ cells: inout [ColourHistogram.Cell]) {
      self.range = range
      var (sum, weight) = (Point.zero, Float(0))
      for cell in cells[range] {
        sum += cell.point * cell.weight
        weight += cell.weight
      }
      let mean = weight > 0 ? sum / weight : .zero
      var spread = Point.zero
      for cell in cells[range] {
        let far = cell.point - mean
        spread += far * far * cell.weight
      }
      self.mean = mean
      self.spread = spread
    }

    /// Two, parted where the sum of their errors is least along the axis of greatest spread.
    func divided(_ cells: inout [ColourHistogram.Cell]) -> (Box, Box) {
      let axis = (0..<3).max { spread[$0] < spread[$1] } ?? 0
      cells[range].sort { ($0.point[axis], $0.key) < ($1.point[axis], $1.key) }
      var (all, allWeight) = (Float(0), Float(0))
      for cell in cells[range] {
        all += cell.point[axis] * cell.weight
        allWeight += cell.weight
      }
      var (sum, weight, best, place) = (Float(0), Float(0), -Float.infinity, range.lowerBound + 1)
      for index in range.dropLast() {
        sum += cells[index].point[axis] * cells[index].weight
        weight += cells[index].weight
        // The between-group part of the sum of squares, which is to be as large as can be.
        let gain =
          sum * sum / weight + (all - sum) * (all - sum) / max(allWeight - weight, .leastNormalMagnitude)
        if gain > best { (best, place) = (gain, index + 1) }
      }
      return (Box(range.lowerBound..<place, &cells), Box(place..<range.upperBound, &cells))
    }
  }
}

/// How often colours appear, in cells of 6 bits a channel.
struct ColourHistogram {
  struct Cell {
    var key: Int
    var point: ColourPalette.Point
    var weight: Float
  }

  private var counts = [UInt32](repeating: 0, count: 1 << 18)

  /// Counts `count` pixels of bytes B, G, R, A.
  mutating func add(_ pixels: UnsafePointer<UInt8>, count: Int) {
    counts.withUnsafeMutableBufferPointer { counts in
      for pixel in 0..<count {
        let (b, g, r) = (Int(pixels[pixel &* 4]), Int(pixels[pixel &* 4 &+ 1]), Int(pixels[pixel &* 4 &+ 2]))
        counts[(r &>> 2) &<< 12 | (g &>> 2) &<< 6 | b &>> 2] &+= 1
      }
    }
  }

  /// Cells that are not empty. The root of a cell's count weighs: a large quiet ground must not take the colours
  /// of a small button.
  var cells: [Cell] {
    counts.enumerated().compactMap { key, count in
      guard count > 0 else { return nil }
      // The cell's middle, with black and white where they are.
      func value(_ bits: Int) -> Float { Float(bits) * 255 / 63 }
      return Cell(
        key: key, point: ColourPalette.point(value(key >> 12), value(key >> 6 & 63), value(key & 63)),
        weight: Float(count).squareRoot())
    }
  }
}

/// Finds the nearest of up to 256 points, eight at a time.
struct NearestColour {
  private var x: [SIMD8<Float>] = []
  private var y: [SIMD8<Float>] = []
  private var z: [SIMD8<Float>] = []

  init(_ points: [ColourPalette.Point]) {
    for start in stride(from: 0, to: points.count, by: 8) {
      var (a, b, c) = (
        SIMD8<Float>(repeating: 1e9), SIMD8<Float>(repeating: 1e9), SIMD8<Float>(repeating: 1e9)
      )
      for lane in 0..<min(8, points.count - start) {
        let point = points[start + lane]
        (a[lane], b[lane], c[lane]) = (point.x, point.y, point.z)
      }
      x.append(a)
      y.append(b)
      z.append(c)
    }
  }

  func index(of point: ColourPalette.Point) -> Int {
    var best = SIMD8<Float>(repeating: .infinity)
    var groups = SIMD8<Int32>(repeating: 0)
    for group in x.indices {
      let (a, b, c) = (x[group] - point.x, y[group] - point.y, z[group] - point.z)
      let distance = a * a + b * b + c * c
      let isNearer = distance .< best
      best.replace(with: distance, where: isNearer)
      groups.replace(with: SIMD8(repeating: Int32(truncatingIfNeeded: group)), where: isNearer)
    }
    var (lane, least) = (0, best[0])
    for other in 1..<8 where best[other] < least { (lane, least) = (other, best[other]) }
    return Int(groups[lane]) * 8 + lane
  }
}
