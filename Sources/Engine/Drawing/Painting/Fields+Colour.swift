import Foundation

extension Colour {
  /// Blue, green, red, alpha, 0…255.
  var vector: SIMD4<Double> { SIMD4(Double(blue), Double(green), Double(red), Double(alpha)) }
}

extension GradientField {
  /// Every pixel through a table of 4096 steps, dithered.
  func fill(_ pixels: UnsafeMutablePointer<UInt8>, stride: Int, width: Int, height: Int) {
    let table = table(4096)
    let (dx, dy, c) = line(width: Double(width), height: Double(height))
    let (middleX, middleY) = (centreX * Double(width), centreY * Double(height))
    let reach = 1 / (self.reach * max(Double(width), Double(height)) / 2)
    table.withUnsafeBufferPointer { table in
      Dither.matrix.withUnsafeBufferPointer { dither in
        for y in 0..<height {
          var pixel = pixels + y &* stride
          let start = dy * (Double(y) + 0.5) + c
          for x in 0..<width {
            let t =
              form == .linear
              ? start + dx * (Double(x) + 0.5)
              : hypot(Double(x) + 0.5 - middleX, Double(y) + 0.5 - middleY) * reach
            let colour =
              table[Int(min(1, max(0, t)) * 4095)] &+ SIMD4(repeating: dither[(y & 7) &* 8 &+ (x & 7)])
            pixel[0] = UInt8(truncatingIfNeeded: colour.x &>> 8)
            pixel[1] = UInt8(truncatingIfNeeded: colour.y &>> 8)
            pixel[2] = UInt8(truncatingIfNeeded: colour.z &>> 8)
            pixel[3] = UInt8(truncatingIfNeeded: colour.w &>> 8)
            pixel += 4
          }
        }
      }
    }
  }
}

extension MeshField {
  func colour(x: Double, y: Double, _ aspect: Double) -> SIMD4<Double> {
    var result = ground.vector
    // Shares of the longer side in both directions, so that lights are round.
    let (sx, sy) = aspect > 1 ? (1, 1 / aspect) : (aspect, 1)
    for light in lights {
      let (dx, dy) = ((x - light.x) * sx, (y - light.y) * sy)
      let d = (dx * dx + dy * dy) / (light.radius * light.radius)
      guard d < 1 else { continue }
      let fall = (1 - d) * (1 - d) * (Double(light.colour.alpha) / 255)
      result += (light.colour.vector - result) * fall
    }
    return result
  }
}

extension NoiseField {
  func colour(x: Double, y: Double, _ aspect: Double) -> SIMD4<Double> {
    let (sx, sy) = aspect > 1 ? (1, 1 / aspect) : (aspect, 1)
    let (u, v) = (x * sx * scale, y * sy * scale)
    // Three octaves, bent by a fourth.
    let bend = value(u * 0.7 + 5.2, v * 0.7 + 1.3, depth * 0.6) * 1.4
    var sum = 0.0
    var (weight, size) = (0.5, 1.0)
    for octave in 0..<3 {
      sum += weight * value((u + bend) * size, (v + bend) * size, depth + Double(octave) * 7)
      weight /= 2
      size *= 2
    }
    let t = min(0.9999, max(0, (sum / 0.875 - 0.22) / 0.56)) * Double(colours.count - 1)
    let index = Int(t)
    let (a, b) = (colours[index].vector, colours[min(index + 1, colours.count - 1)].vector)
    let p = t - Double(index)
    return a + (b - a) * (p * p * (3 - 2 * p))
  }

  /// Smooth value noise, 0…1.
  private func value(_ x: Double, _ y: Double, _ z: Double) -> Double {
    let (fx, fy, fz) = (x.rounded(.down), y.rounded(.down), z.rounded(.down))
    func eased(_ t: Double) -> Double { t * t * t * (t * (t * 6 - 15) + 10) }
    let (u, v, w) = (eased(x - fx), eased(y - fy), eased(z - fz))
    func corner(_ i: Int, _ j: Int, _ k: Int) -> Double {
      Chance.unit(seed, (Int(fx) + i) &* 73_856_093 ^ (Int(fy) + j) &* 19_349_663, Int(fz) + k)
    }
    func mix(_ a: Double, _ b: Double, _ t: Double) -> Double { a + (b - a) * t }
    func plane(_ k: Int) -> Double {
      mix(mix(corner(0, 0, k), corner(1, 0, k), u), mix(corner(0, 1, k), corner(1, 1, k), u), v)
    }
    return mix(plane(0), plane(1), w)
  }
}
