import Foundation

/// A gradient across the whole picture, turned as one frame wants it.
struct GradientField: Sendable, Hashable {
  enum Form: String, Sendable, Hashable, CaseIterable { case linear, radial }

  struct Stop: Sendable, Hashable {
    var offset: Double
    var colour: Colour
  }

  var form: Form = .linear
  /// At least two, with offsets that grow from 0 to 1.
  var stops: [Stop]
  /// Clockwise from "left to right", in radians; linear only.
  var angle: Double = 0
  /// Middle and reach as shares of the picture; radial only.
  var centreX = 0.5
  var centreY = 0.5
  var reach = 1.0

  var isOpaque: Bool { stops.allSatisfy { $0.colour.alpha == 255 } }

  /// `t = dx * x + dy * y + c` over pixel centres of a picture of this size runs from 0 to 1, the corners
  /// getting the pure colours.
  func line(width: Double, height: Double) -> (dx: Double, dy: Double, c: Double) {
    let (x, y) = (cos(angle), sin(angle))
    let length = abs(x) * width + abs(y) * height
    return (x / length, y / length, 0.5 - (x * width + y * height) / (2 * length))
  }

  /// Colours at `count` even steps: premultiplied blue, green, red, alpha in 16 bits (255 is 65280).
  func table(_ count: Int) -> [SIMD4<UInt16>] {
    (0..<count).map { step in
      let t = Double(step) / Double(max(1, count - 1))
      let upper = stops.firstIndex { $0.offset >= t } ?? stops.count - 1
      let (a, b) = (stops[max(0, upper - 1)], stops[upper])
      let span = b.offset - a.offset
      let p = span > 0 ? min(1, max(0, (t - a.offset) / span)) : 1
      func mix(_ part: KeyPath<Colour, UInt8>) -> Double {
        Double(a.colour[keyPath: part]) * (1 - p) + Double(b.colour[keyPath: part]) * p
      }
      let alpha = mix(\.alpha) / 255
      func word(_ value: Double) -> UInt16 { UInt16((value * 256).rounded()) }
      return SIMD4(
        word(mix(\.blue) * alpha), word(mix(\.green) * alpha), word(mix(\.red) * alpha), word(alpha * 255))
    }
  }
}
