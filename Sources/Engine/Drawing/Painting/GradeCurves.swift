import Foundation

/// A colour grade as tables: one curve a channel, then saturation and toning by lightness.
struct GradeCurves {
  private var curves: [[UInt8]] = []
  private let saturation: Int32
  /// What lightness adds to blue, green and red.
  private var toning: [SIMD4<Int16>] = []

  init(_ grade: ColourGrade, amount: Double) {
    saturation = Int32(((1 + (grade.saturation - 1) * amount) * 256).rounded())
    let warmth = 0.18 * grade.temperature * amount
    let gains = [1 - warmth, 1, 1 + warmth]
    let contrast = 1 + (grade.contrast - 1) * amount
    for gain in gains {
      curves.append(
        (0..<256).map { step in
          let light = Colour.linear(UInt8(step)) * pow(2, grade.exposure * amount) * gain
          let value = light <= 0.0031308 ? light * 12.92 : 1.055 * pow(light, 1 / 2.4) - 0.055
          let pivoted = (value - 0.4357) * contrast + 0.4357
          return UInt8((min(1, max(0, pivoted)) * 255).rounded())
        })
    }
    let strength = grade.toning * amount
    guard strength > 0 else { return }
    toning = (0..<256).map { step in
      let p = Double(step) / 255
      var change = SIMD4<Double>()
      func tone(_ colour: Colour?, _ weight: Double) {
        guard let colour else { return }
        let grey = 0.2126 * Double(colour.red) + 0.7152 * Double(colour.green) + 0.0722 * Double(colour.blue)
        // The hue alone: lightness stays what it was.
        change += (colour.vector - SIMD4(repeating: grey)) * weight * strength
      }
      tone(grade.shadows, (1 - p) * (1 - p) * min(1, p * 6 + 0.35))
      tone(grade.highlights, p * p * min(1, (1 - p) * 6))
      return SIMD4(Int16(change.x.rounded()), Int16(change.y.rounded()), Int16(change.z.rounded()), 0)
    }
  }

  func apply(_ pixels: UnsafeMutablePointer<UInt8>, stride: Int, width: Int, height: Int) {
    for row in 0..<height {
      var pixel = pixels + row &* stride
      for _ in 0..<width {
        var blue = Int32(curves[0][Int(pixel[0])])
        var green = Int32(curves[1][Int(pixel[1])])
        var red = Int32(curves[2][Int(pixel[2])])
        let grey = (red &* 54 &+ green &* 183 &+ blue &* 19) &>> 8
        blue = grey &+ ((blue &- grey) &* saturation) &>> 8
        green = grey &+ ((green &- grey) &* saturation) &>> 8
        red = grey &+ ((red &- grey) &* saturation) &>> 8
        if !toning.isEmpty {
          let change = toning[Int(min(255, max(0, grey)))]
          blue &+= Int32(change.x)
          green &+= Int32(change.y)
          red &+= Int32(change.z)
        }
        pixel[0] = UInt8(truncatingIfNeeded: min(255, max(0, blue)))
        pixel[1] = UInt8(truncatingIfNeeded: min(255, max(0, green)))
        pixel[2] = UInt8(truncatingIfNeeded: min(255, max(0, red)))
        pixel += 4
      }
    }
  }
}
