import Foundation

/// Turns coded Y'CbCr into linear light. ITU-R BT.709-6, 3.2 to 3.5 and BT.601-7, 2.5; the transfer curve is
/// sRGB's, as WCAG's definition of relative luminance wants it.
struct ColourModel: Sendable, Hashable {
  let isFullRange: Bool
  let isBT601: Bool

  /// Code value of black and the distance from it to white.
  var black: Double { isFullRange ? 0 : 16 }
  var range: Double { isFullRange ? 255 : 219 }

  /// Linear red, green and blue, 0…1.
  func linear(_ luma: UInt8, _ blue: UInt8, _ red: UInt8) -> SIMD3<Float> {
    let y = (Float(luma) - (isFullRange ? 0 : 16)) * (isFullRange ? 1 / 255 : 1 / 219)
    let scale: Float = isFullRange ? 1 / 255 : 1 / 224
    let (cb, cr) = ((Float(blue) - 128) * scale, (Float(red) - 128) * scale)
    let (kr, kb): (Float, Float) = isBT601 ? (0.299, 0.114) : (0.2126, 0.0722)
    let r = y + 2 * (1 - kr) * cr
    let b = y + 2 * (1 - kb) * cb
    let g = (y - kr * r - kb * b) / (1 - kr - kb)
    return SIMD3(Self.expand(r), Self.expand(g), Self.expand(b))
  }

  /// WCAG 2.2, "relative luminance".
  static func luminance(_ linear: SIMD3<Float>) -> Float {
    0.2126 * linear.x + 0.7152 * linear.y + 0.0722 * linear.z
  }

  private static func expand(_ value: Float) -> Float {
    curve[Int(min(1, max(0, value)) * 1023 + 0.5)]
  }

  private static let curve: [Float] = (0...1023).map { step in
    let v = Double(step) / 1023
    return Float(v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4))
  }

  /// The place in the CIE 1976 UCS diagram (u', v') of a linear sRGB colour; black stands where white does.
  static func chromaticity(_ c: SIMD3<Float>) -> SIMD2<Float> {
    let x = 0.4124 * c.x + 0.3576 * c.y + 0.1805 * c.z
    let y = 0.2126 * c.x + 0.7152 * c.y + 0.0722 * c.z
    let z = 0.0193 * c.x + 0.1192 * c.y + 0.9505 * c.z
    let sum = x + 15 * y + 3 * z
    return sum < 0.02 ? SIMD2(0.1978, 0.4683) : SIMD2(4 * x / sum, 9 * y / sum)
  }
}
