/// Colours -> places in a palette, by pattern dithering (Knoll, US patent 6606166, expired 2019): each colour becomes
/// sixteen palette colours whose mean it is, in order of luma, and a pixel takes the one its place in an 8x8 matrix
/// says. Unlike error diffusion a pixel's colour depends on nothing but the pixel and its place, so what does not
/// move does not crawl, and compresses.
struct PatternDither {
  private static let choices = 16
  /// How far the mean is kept. At 1 flat grounds take in far-off colours for the last bit of it.
  private static let strength: Float = 0.8
  /// Of each colour, a bit per channel is left out.
  private static let colours = 1 << 21

  private let points: [ColourPalette.Point]
  private let nearest: NearestColour
  private var known = [Bool](repeating: false, count: colours)
  private var table = [UInt8](repeating: 0, count: colours * choices)

  init(_ palette: ColourPalette) {
    points = palette.points
    nearest = NearestColour(palette.points)
  }

  /// One row of pixels (bytes B, G, R, A) at height `y`.
  mutating func map(
    _ pixels: UnsafePointer<UInt8>, count: Int, y: Int, to target: UnsafeMutablePointer<UInt8>
  ) {
    for column in 0..<count {
      let (b, g, r) = (pixels[column &* 4], pixels[column &* 4 &+ 1], pixels[column &* 4 &+ 2])
      let key = Int(r &>> 1) &<< 14 | Int(g &>> 1) &<< 7 | Int(b &>> 1)
      if !known[key] { learn(key, r, g, b) }
      target[column] = table[key &* Self.choices &+ Int(Self.matrix[(y & 7) &* 8 &+ (column & 7)])]
    }
  }

  private mutating func learn(_ key: Int, _ red: UInt8, _ green: UInt8, _ blue: UInt8) {
    // The middle of the two values a channel may have; white stays white.
    func value(_ byte: UInt8) -> Float { Float(byte >> 1) * 255 / 127 }
    let wanted = ColourPalette.point(value(red), value(green), value(blue))
    var owed = ColourPalette.Point.zero
    var chosen: [Int] = []
    chosen.reserveCapacity(Self.choices)
    for _ in 0..<Self.choices {
      let index = nearest.index(of: wanted + owed * Self.strength)
      chosen.append(index)
      owed += wanted - points[index]
    }
    chosen.sort { (points[$0].x, $0) < (points[$1].x, $1) }
    for (place, index) in chosen.enumerated() {
      table[key * Self.choices + place] = UInt8(truncatingIfNeeded: index)
    }
    known[key] = true
  }

  /// Bayer's matrix of 8x8 (1973) in sixteen steps.
  private static let matrix: [UInt8] = (0..<64).map { place in
    let (x, y) = (place & 7, place >> 3)
    var value = 0
    for bit in 0..<3 {
      value |= ((x ^ y) >> bit & 1) << (5 - 2 * bit) | (y >> bit & 1) << (4 - 2 * bit)
    }
    return UInt8(value / 4)
  }
}
