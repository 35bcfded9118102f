import Foundation

/// Measures how well words stand out from what is really behind them in a picture.
///
/// A line's box is cut into tiles of half the font's size. In each, what is most unlike the words' colour is
/// taken for ground; the tile's contrast is that of WCAG 2.2 ("contrast ratio") between the words' colour and
/// the median of its ground. Where the ground has the words' own colour, everything is like it and the
/// contrast comes out near 1.
struct InkMeter {
  struct Reading: Sendable, Hashable {
    /// The contrast all but the spared share of the tiles have.
    var contrast: Double
    /// The share of pixels nearer to the words' colour than to the ground.
    var share: Double
  }

  /// Pixels looked at in one line; longer lines are looked at in fewer rows and columns.
  private static let budget = 12_000.0
  let spared: Double

  /// nil when the box lies outside the picture or has no pixel.
  func read(_ box: GateSubject.Box, size: Double, colour: Colour?, in planes: Planes) -> Reading? {
    let left = max(0, Int(box.x.rounded(.down)))
    let right = min(planes.width, Int(box.right.rounded(.up)))
    let top = max(0, Int(box.y.rounded(.down)))
    let bottom = min(planes.height, Int(box.bottom.rounded(.up)))
    guard right > left, bottom > top else { return nil }
    let step = max(1, Int((Double((right - left) * (bottom - top)) / Self.budget).squareRoot().rounded(.up)))
    let tile = max(6 * step, Int(size / 2))
    let text = colour.map { Float($0.luminance) } ?? guess(left..<right, top..<bottom, step, planes)
    var contrasts: [(contrast: Double, weight: Int)] = []
    var (inked, total) = (0, 0)
    for y in stride(from: top, to: bottom, by: tile) {
      for x in stride(from: left, to: right, by: tile) {
        let columns = x..<min(right, x + tile)
        let rows = y..<min(bottom, y + tile)
        let distances = self.distances(columns, rows, step, planes, from: text)
        guard distances.count >= 4 else { continue }
        let sorted = distances.sorted()
        let farthest = sorted[sorted.count * 19 / 20]
        let ground = sorted.drop { $0 <= farthest / 2 }
        let median = ground.isEmpty ? 0 : ground[ground.startIndex + ground.count / 2]
        contrasts.append((Double(exp(median)), sorted.count))
        inked += sorted.count - ground.count
        total += sorted.count
      }
    }
    guard total > 0 else { return nil }
    contrasts.sort { $0.contrast < $1.contrast }
    var passed = 0
    for item in contrasts {
      passed += item.weight
      if Double(passed) > spared * Double(total) {
        return Reading(contrast: item.contrast, share: Double(inked) / Double(total))
      }
    }
    return nil
  }

  /// ln of the contrast of every pixel looked at with `text`.
  private func distances(
    _ columns: Range<Int>, _ rows: Range<Int>, _ step: Int, _ planes: Planes, from text: Float
  ) -> [Float] {
    let base = log(text + 0.05)
    var result: [Float] = []
    result.reserveCapacity(columns.count * rows.count / (step * step) + 1)
    for y in stride(from: rows.lowerBound, to: rows.upperBound, by: step) {
      for x in stride(from: columns.lowerBound, to: columns.upperBound, by: step) {
        result.append(abs(log(luminance(x, y, planes) + 0.05) - base))
      }
    }
    return result
  }

  /// The luminance of words whose colour nobody told: the extreme farther from the median of the box's edge,
  /// where there is hardly any ink.
  private func guess(_ columns: Range<Int>, _ rows: Range<Int>, _ step: Int, _ planes: Planes) -> Float {
    var edge: [Float] = []
    for x in stride(from: columns.lowerBound, to: columns.upperBound, by: step) {
      edge.append(luminance(x, rows.lowerBound, planes))
      edge.append(luminance(x, rows.upperBound - 1, planes))
    }
    let ground = edge.sorted()[edge.count / 2]
    var all: [Float] = []
    for y in stride(from: rows.lowerBound, to: rows.upperBound, by: step) {
      for x in stride(from: columns.lowerBound, to: columns.upperBound, by: step) {
        all.append(luminance(x, y, planes))
      }
    }
    all.sort()
    let (dark, light) = (all[all.count / 33], all[all.count - 1 - all.count / 33])
    return abs(log(dark + 0.05) - log(ground + 0.05)) > abs(log(light + 0.05) - log(ground + 0.05))
      ? dark : light
  }

  private func luminance(_ x: Int, _ y: Int, _ planes: Planes) -> Float {
    let chroma = (y >> planes.chromaShiftY) * planes.chromaStride + (x >> planes.chromaShiftX)
    return ColourModel.luminance(
      planes.colours.linear(
        planes.luma[y * planes.lumaStride + x], planes.blue[chroma], planes.red[chroma]))
  }
}
