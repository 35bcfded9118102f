/// A linear gradient of opaque colours, dithered to eight bits (`Dither`).
///
/// Along a row every channel is a straight line between two stops, so sixteen pixels at a time need one start
/// value and sixteen fixed differences. Sixteen pixels that a stop falls among are computed one by one. Where
/// the sixteens begin does not depend on what part of the picture is painted.
struct LinearGradient {
  typealias Channels = SIMD4<Double>
  typealias Lanes = SIMD16<UInt16>

  private struct Span {
    var from: Double
    var to: Double
    /// Value of each channel at `t`: `base + slope * t`, in 1/256.
    var base: Channels
    var slope: Channels
    /// Differences of four pixels each to their sixteen's first.
    var steps: (Lanes, Lanes, Lanes, Lanes)
  }

  private let spans: [Span]
  private let dx: Double
  private let dy: Double
  private let origin: Double
  /// Per row of eight, the thresholds of eight pixels' channels.
  private let thresholds: [(Lanes, Lanes)]

  init(_ field: GradientField, width: Int, height: Int) {
    let line = field.line(width: Double(width), height: Double(height))
    (dx, dy, origin) = (line.dx, line.dy, line.c)
    func channels(_ colour: Colour) -> Channels {
      Channels(Double(colour.blue), Double(colour.green), Double(colour.red), 255) * 256
    }
    var spans: [Span] = []
    func add(from: Double, to: Double, _ base: Channels, _ slope: Channels) {
      func steps(_ first: Int) -> Lanes {
        var lanes = Lanes()
        for index in 0..<16 {
          let step = (slope[index % 4] * line.dx * Double(first + index / 4)).rounded()
          lanes[index] = UInt16(truncatingIfNeeded: Int(step))
        }
        return lanes
      }
      spans.append(
        Span(from: from, to: to, base: base, slope: slope, steps: (steps(0), steps(4), steps(8), steps(12))))
    }
    let stops = field.stops
    if let first = stops.first, let last = stops.last {
      add(from: -.infinity, to: first.offset, channels(first.colour), Channels())
      for (a, b) in zip(stops, stops.dropFirst()) where b.offset > a.offset {
        let slope = (channels(b.colour) - channels(a.colour)) / (b.offset - a.offset)
        add(from: a.offset, to: b.offset, channels(a.colour) - slope * a.offset, slope)
      }
      add(from: last.offset, to: .infinity, channels(last.colour), Channels())
    }
    self.spans = spans
    thresholds = (0..<8).map { row in
      func lanes(_ first: Int) -> Lanes {
        var lanes = Lanes()
        for index in 0..<16 where index % 4 != 3 {
          lanes[index] = Dither.matrix[row * 8 + first + index / 4]
        }
        return lanes
      }
      return (lanes(0), lanes(4))
    }
  }

  func fill(_ target: PixelRows, in box: PixelBox) {
    guard !spans.isEmpty, !box.isEmpty else { return }
    withUnsafeTemporaryAllocation(byteCount: 64, alignment: 64) { spare in
      guard let spare = spare.baseAddress else { return }
      for row in box.top..<box.bottom {
        let start = origin + dy * (Double(row) + 0.5)
        let dither = thresholds[row & 7]
        var column = box.left & ~15
        while column < box.right {
          let isWhole = column >= box.left && column &+ 16 <= box.right
          let output = isWhole ? target.at(column, row) : spare
          block(output, at: column, start, dither)
          if !isWhole {
            let (from, to) = (max(column, box.left), min(column &+ 16, box.right))
            target.at(from, row).copyMemory(from: spare + (from &- column) &* 4, byteCount: (to &- from) &* 4)
          }
          column &+= 16
        }
      }
    }
  }

  /// Sixteen pixels.
  @inline(__always) private func block(
    _ output: UnsafeMutableRawPointer, at column: Int, _ start: Double, _ dither: (Lanes, Lanes)
  ) {
    let first = start + dx * (Double(column) + 0.5)
    let last = first + dx * 15
    let index = span(at: first)
    let isStraight = spans.withUnsafeBufferPointer { spans in
      let span = spans[index]
      guard last >= span.from, last <= span.to else { return false }
      let value = Self.words(span.base + span.slope * first)
      let pair = SIMD8(lowHalf: value, highHalf: value)
      let values = Lanes(lowHalf: pair, highHalf: pair)
      store(values &+ span.steps.0 &+ dither.0, output, 0)
      store(values &+ span.steps.1 &+ dither.1, output, 16)
      store(values &+ span.steps.2 &+ dither.0, output, 32)
      store(values &+ span.steps.3 &+ dither.1, output, 48)
      return true
    }
    if !isStraight { bent(output, first, dither) }
  }

  /// Sixteen pixels with a stop among them.
  private func bent(_ output: UnsafeMutableRawPointer, _ first: Double, _ dither: (Lanes, Lanes)) {
    for pixel in 0..<16 {
      let t = first + dx * Double(pixel)
      let span = spans[span(at: t)]
      let value = Self.words(span.base + span.slope * t)
      var word: UInt32 = 0
      for channel in 0..<4 {
        let threshold = (pixel & 4 == 0 ? dither.0 : dither.1)[pixel & 3 &* 4 &+ channel]
        let byte = UInt32(value[channel] &+ threshold) &>> 8 & 0xFF
        word |= byte &<< UInt32(channel &* 8)
      }
      output.storeBytes(of: word, toByteOffset: pixel &* 4, as: UInt32.self)
    }
  }

  /// To the nearest whole number; the values are 0…65280, give or take less than a half.
  @inline(__always) private static func words(_ channels: Channels) -> SIMD4<UInt16> {
    @inline(__always) func word(_ value: Double) -> UInt16 {
      UInt16(truncatingIfNeeded: Int32(value + 0.5))
    }
    return SIMD4(word(channels.x), word(channels.y), word(channels.z), word(channels.w))
  }

  @inline(__always) private func span(at t: Double) -> Int {
    var index = 0
    while index < spans.count &- 1, t > spans[index].to { index &+= 1 }
    return index
  }

  @inline(__always) private func store(_ lanes: Lanes, _ output: UnsafeMutableRawPointer, _ offset: Int) {
    output.storeBytes(
      of: SIMD16<UInt8>(truncatingIfNeeded: lanes &>> 8), toByteOffset: offset, as: SIMD16<UInt8>.self)
  }
}
