import Foundation
import Testing

@testable import Engine

/// Every kernel against its plainest form, pixel by pixel, bit for bit.
@Suite struct KernelTests {
  /// Numbers that look random and are the same every time.
  struct Numbers {
    var state: UInt64

    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      var z = state
      z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
      return z ^ z >> 31
    }

    mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }

    /// A premultiplied pixel; often clear or opaque, as in pictures.
    mutating func pixel() -> UInt32 {
      let alpha = [0, 255, below(256), below(256)][below(4)]
      return (0..<3).reduce(UInt32(alpha) << 24) { $0 | UInt32(below(alpha + 1)) << UInt32($1 * 8) }
    }
  }

  /// A picture of pixels that die with it.
  final class Picture {
    let rows: PixelRows

    init(_ width: Int, _ height: Int, _ pixel: (Int, Int) -> UInt32) {
      let stride = (width + 3) * 4
      let base = UnsafeMutableRawPointer.allocate(byteCount: stride * height, alignment: 16)
      base.initializeMemory(as: UInt8.self, repeating: 0, count: stride * height)
      rows = PixelRows(base: base, stride: stride, width: width, height: height)
      for y in 0..<height { for x in 0..<width { self[x, y] = pixel(x, y) } }
    }

    deinit { rows.base.deallocate() }

    subscript(x: Int, y: Int) -> UInt32 {
      get { rows.at(x, y).load(as: UInt32.self) }
      set { rows.at(x, y).storeBytes(of: newValue, as: UInt32.self) }
    }

    func channel(_ x: Int, _ y: Int, _ channel: Int) -> Int { Int(self[x, y] >> UInt32(channel * 8) & 255) }
  }

  private func random(_ width: Int, _ height: Int, seed: UInt64, isOpaque: Bool = false) -> Picture {
    var numbers = Numbers(state: seed)
    return Picture(width, height) { _, _ in numbers.pixel() | (isOpaque ? 0xFF00_0000 : 0) }
  }

  @Test(arguments: [255, 254, 128, 1, 0]) func overIsPorterAndDuffRoundedToNearest(opacity: Int) {
    for count in [1, 7, 8, 9, 100] {
      let (source, target) = (random(count, 1, seed: 1), random(count, 1, seed: 2, isOpaque: true))
      var numbers = Numbers(state: 2)
      let before = Picture(count, 1) { _, _ in numbers.pixel() | 0xFF00_0000 }
      AlphaOver.row(target.rows.base, source.rows.base, count: count, opacity: UInt32(opacity))
      for x in 0..<count {
        func scaled(_ value: Int, _ factor: Int) -> Int { (value * factor * 2 + 255) / 510 }
        let alpha = scaled(source.channel(x, 0, 3), opacity)
        for channel in 0..<4 {
          let expected =
            scaled(source.channel(x, 0, channel), opacity)
            + scaled(before.channel(x, 0, channel), 255 - alpha)
          #expect(target.channel(x, 0, channel) == expected, "pixel \(x), channel \(channel)")
        }
      }
    }
  }

  /// Planes of a picture, by the formula in whole numbers.
  @Test func planesAreThoseOfTheFormula() throws {
    for (width, height) in [(2, 2), (18, 4), (70, 6)] {
      let picture = random(width, height, seed: 3, isOpaque: true)
      let planar = try PlanarPicture(width: width, height: height)
      let planes = try planar.writable()
      PlanarConversion.convert(picture.rows, in: picture.rows.box, to: planes)
      for y in 0..<height {
        for x in 0..<width {
          let (b, g, r) = (picture.channel(x, y, 0), picture.channel(x, y, 1), picture.channel(x, y, 2))
          #expect(Int(planes.luma[y * planes.lumaStride + x]) == (16 * b + 157 * g + 47 * r + 4224) >> 8)
          let exact =
            16 + 219 * (0.0722 * Double(b) + 0.7152 * Double(g) + 0.2126 * Double(r)) / 255
          #expect(abs(Double(planes.luma[y * planes.lumaStride + x]) - exact) < 1)
        }
      }
      for y in 0..<height / 2 {
        for x in 0..<width / 2 {
          let (b, g, r) = (mean(picture, x, y, 0), mean(picture, x, y, 1), mean(picture, x, y, 2))
          let place = y * planes.chromaStride + x
          #expect(Int(planes.blueness[place]) == (112 * b - 86 * g - 26 * r + 32_896) >> 8)
          #expect(Int(planes.redness[place]) == (112 * r - 102 * g - 10 * b + 32_896) >> 8)
        }
      }
    }
  }

  private func mean(_ picture: Picture, _ x: Int, _ y: Int, _ channel: Int) -> Int {
    let sum = [(0, 0), (1, 0), (0, 1), (1, 1)].reduce(2) {
      $0 + picture.channel(2 * x + $1.0, 2 * y + $1.1, channel)
    }
    return sum >> 2
  }

  @Test(arguments: 0...255) func greysStayGrey(level: Int) throws {
    let picture = Picture(16, 2) { _, _ in UInt32(level) * 0x0001_0101 | 0xFF00_0000 }
    let planar = try PlanarPicture(width: 16, height: 2)
    let planes = try planar.writable()
    PlanarConversion.convert(picture.rows, in: picture.rows.box, to: planes)
    #expect(planes.blueness[3] == 128 && planes.redness[3] == 128)
    #expect(abs(Double(planes.luma[5]) - (16 + Double(level) * 219 / 255)) <= 0.75)
  }

  @Test(arguments: [0, 1, 100, 255, 256]) func mixesAreRoundedToNearest(weight: Int) {
    for count in [1, 31, 32, 33, 200] {
      var numbers = Numbers(state: 4)
      let first = (0..<count).map { _ in UInt8(numbers.below(256)) }
      let second = (0..<count).map { _ in UInt8(numbers.below(256)) }
      var mixed = [UInt8](repeating: 0, count: count)
      mixed.withUnsafeMutableBytes { target in
        first.withUnsafeBytes { a in
          second.withUnsafeBytes { b in
            guard let target = target.baseAddress, let a = a.baseAddress, let b = b.baseAddress else {
              return
            }
            PlanarMix.mix(a, b, target, count: count, weight: weight)
          }
        }
      }
      let expected = zip(first, second).map { a, b in (Int(a) * (256 - weight) + Int(b) * weight + 128) >> 8 }
      #expect(mixed.map(Int.init) == expected)
    }
  }

  private func gradient(_ angle: Double, _ colours: [(Double, String)]) -> GradientField {
    GradientField(
      stops: colours.map { .init(offset: $0, colour: Colour($1) ?? .black) }, angle: angle)
  }

  @Test(arguments: [0.0, 0.7, 1.5707963, 3.9]) func gradientsAreTheFormulaDithered(angle: Double) {
    for stops in [
      [(0.0, "#102030"), (1.0, "#F0A020")], [(0.1, "#000000"), (0.4, "#FFFFFF"), (0.9, "#FF0000")],
    ] {
      let field = gradient(angle, stops)
      let (width, height) = (75, 40)
      let picture = Picture(width, height) { _, _ in 0 }
      LinearGradient(field, width: width, height: height).fill(picture.rows, in: picture.rows.box)
      let line = field.line(width: Double(width), height: Double(height))
      for y in 0..<height {
        for x in 0..<width {
          let t = line.dx * (Double(x) + 0.5) + line.dy * (Double(y) + 0.5) + line.c
          let upper = field.stops.firstIndex { $0.offset >= t } ?? field.stops.count - 1
          let (a, b) = (field.stops[max(0, upper - 1)], field.stops[upper])
          let p = b.offset > a.offset ? min(1, max(0, (t - a.offset) / (b.offset - a.offset))) : 1
          let threshold = Double(Dither.matrix[(y & 7) * 8 + (x & 7)]) / 256
          let parts = [
            (a.colour.blue, b.colour.blue), (a.colour.green, b.colour.green), (a.colour.red, b.colour.red),
          ]
          for (channel, (from, to)) in parts.enumerated() {
            let exact = Double(from) + (Double(to) - Double(from)) * p + threshold
            // Differences along sixteen pixels are rounded to 1/256 once.
            let error = Double(picture.channel(x, y, channel)) - (exact - 0.5)
            #expect(abs(error) <= 0.5 + 2.0 / 256, "\(x), \(y), channel \(channel): \(error)")
          }
          #expect(picture.channel(x, y, 3) == 255)
        }
      }
    }
  }

  @Test func aGradientHasNoStepWiderThanTheDitherCanHide() {
    // Two shades of grey over 400 rows: every row's mean must lie where the formula says, not in bands.
    let field = gradient(.pi / 2, [(0, "#404040"), (1, "#424242")])
    let picture = Picture(64, 400) { _, _ in 0 }
    LinearGradient(field, width: 64, height: 400).fill(picture.rows, in: picture.rows.box)
    for block in 0..<50 {
      var sum = 0
      for y in block * 8..<block * 8 + 8 { for x in 0..<64 { sum += picture.channel(x, y, 1) } }
      let exact = 64 + 2 * (Double(block * 8) + 4) / 400
      #expect(abs(Double(sum) / 512 - exact) < 0.04)
    }
  }

  /// Bilinear interpolation with the samplers' weights: rows by 1/256, columns by 1/128.
  private func sample(_ source: Picture, _ u: Int64, _ v: Int64, isEdgeRepeated: Bool) -> [Int] {
    let (width, height) = (source.rows.width, source.rows.height)
    var (column, line) = (Int(u >> 32), Int(v >> 32))
    var (right, below) = (Int(u >> 25 & 127), Int(v >> 24 & 255))
    if isEdgeRepeated {
      if column < 0 { (column, right) = (0, 0) }
      if column >= width - 1 { (column, right) = (width - 1, 0) }
      if line < 0 { (line, below) = (0, 0) }
      if line >= height - 1 { (line, below) = (height - 1, 0) }
    }
    return (0..<4).map { channel in
      func value(_ x: Int, _ y: Int) -> Int {
        x >= 0 && y >= 0 && x < width && y < height ? source.channel(x, y, channel) : 0
      }
      func mixed(_ x: Int) -> Int { (value(x, line) * (256 - below) + value(x, line + 1) * below + 64) >> 7 }
      return (mixed(column) * (128 - right) + mixed(column + 1) * right + 128) >> 8
    }
  }

  @Test(arguments: [(0.9, 3.3, -2.7), (1.0, 0.5, 0.25), (2.3, -5.1, 1.9), (0.61, 8, 8)])
  func scalingIsBilinearAtSubPixelPlaces(scale: Double, x: Double, y: Double) {
    let source = random(23, 17, seed: 5)
    let canvas = Picture(40, 30) { _, _ in 0xFF00_0000 }
    let scratch = SamplerScratch(columns: 40)
    for outside in [ScaledSampler.Outside.transparent, .edge] {
      let sampler = ScaledSampler(source.rows, x: x, y: y, scale: scale, outside: outside)
      canvas.rows.fill(canvas.rows.box, with: 0)
      sampler.lay(on: canvas.rows, in: canvas.rows.box, opacity: 255, isCovering: outside == .edge, scratch)
      let step = Fixed.point(1 / scale)
      let (u, v) = (Fixed.point((0.5 - x) / scale - 0.5), Fixed.point((0.5 - y) / scale - 0.5))
      for row in 0..<30 {
        for column in 0..<40 {
          let expected = sample(
            source, u + Int64(column) * step, v + Int64(row) * step, isEdgeRepeated: outside == .edge)
          let found = (0..<4).map { canvas.channel(column, row, $0) }
          // Where the places themselves were rounded differently (1 / scale times a difference), a step of
          // the weights is one of 255 at most.
          #expect(zip(found, expected).allSatisfy { abs($0 - $1) <= 2 }, "\(column), \(row) \(outside)")
        }
      }
    }
  }

  @Test(arguments: [(0.3, 1.0), (-0.07, 1.4), (1.5707963, 1), (3, 0.8)])
  func turningIsBilinearAboutTheMiddle(turn: Double, scale: Double) {
    let source = random(24, 16, seed: 6)
    let canvas = Picture(64, 48) { _, _ in 0 }
    let sampler = TurnedSampler(source.rows, x: 18.5, y: 15.25, scale: scale, turn: turn)
    sampler.lay(on: canvas.rows, in: canvas.rows.box, opacity: 255, SamplerScratch(columns: 64))
    var shown = 0
    for y in 0..<48 {
      for x in 0..<64 {
        // By the definition: turn back about the middle.
        let (middleX, middleY) = (18.5 + 12 * scale, 15.25 + 8 * scale)
        let (dx, dy) = (Double(x) + 0.5 - middleX, Double(y) + 0.5 - middleY)
        let u = (cos(turn) * dx + sin(turn) * dy) / scale + 12 - 0.5
        let v = (-sin(turn) * dx + cos(turn) * dy) / scale + 8 - 0.5
        let expected = sample(source, Fixed.point(u), Fixed.point(v), isEdgeRepeated: false)
        let found = (0..<4).map { canvas.channel(x, y, $0) }
        #expect(zip(found, expected).allSatisfy { abs($0 - $1) <= 4 }, "\(x), \(y): \(found) \(expected)")
        if found[3] > 0 { shown += 1 }
      }
    }
    #expect(shown > 200)
  }

  @Test func whatPartIsPaintedDoesNotChangeAPixel() throws {
    let source = random(60, 50, seed: 7)
    let scratch = SamplerScratch(columns: 96)
    let scaled = ScaledSampler(source.rows, x: 4.3, y: 2.6, scale: 1.21, outside: .transparent)
    let turned = TurnedSampler(source.rows, x: 11, y: 9, scale: 1.1, turn: 0.4)
    let field = LinearGradient(
      gradient(0.8, [(0, "#103050"), (0.5, "#FFEE00"), (1, "#800000")]), width: 96, height: 64)
    func paint(_ picture: Picture, _ box: PixelBox) {
      field.fill(picture.rows, in: box)
      scaled.lay(on: picture.rows, in: box, opacity: 200, isCovering: false, scratch)
      turned.lay(
        on: picture.rows, in: box.intersection(turned.reach), opacity: 255, scratch)
    }
    let (whole, parts) = (Picture(96, 64) { _, _ in 0 }, Picture(96, 64) { _, _ in 0 })
    paint(whole, whole.rows.box)
    for top in stride(from: 0, to: 64, by: 10) {
      for left in stride(from: 0, to: 96, by: 13) {
        paint(parts, PixelBox(left: left, top: top, right: min(96, left + 13), bottom: min(64, top + 10)))
      }
    }
    for y in 0..<64 { for x in 0..<96 { #expect(whole[x, y] == parts[x, y], "\(x), \(y)") } }
  }
}
