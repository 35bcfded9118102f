/// Indexed pictures -> an animated GIF that repeats for ever (Graphics Interchange Format 89a, CompuServe 1990).
/// Every picture may bring a palette of its own; only what changed since the last one is written.
struct GIFWriter {
  /// Not a colour: the pixel stays as it was.
  static let unchanged: UInt8 = 255

  private let width: Int
  private let height: Int
  private var bytes: [UInt8] = []
  /// What is seen so far, as colours.
  private var shown: [UInt32]
  private var coder = LZWCoder()
  private var frames = 0

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    shown = [UInt32](repeating: .max, count: width * height)
    bytes += Array("GIF89a".utf8)
    put(width)
    put(height)
    // No palette for all, eight bits a colour.
    bytes += [0x70, 0, 0]
    bytes += [0x21, 0xFF, 11] + Array("NETSCAPE2.0".utf8) + [3, 1, 0, 0, 0]
  }

  /// How many bytes there are so far.
  var count: Int { bytes.count }

  /// Adds a picture that is shown for `hundredths` of a second.
  ///
  /// - Parameters:
  ///   - pixels: places in `palette`, row by row.
  ///   - palette: bytes R, G, B of up to 255 colours.
  mutating func add(_ pixels: [UInt8], palette: [UInt8], hundredths: Int) {
    var colours = [UInt32](repeating: 0, count: 256)
    for index in 0..<palette.count / 3 {
      colours[index] =
        UInt32(palette[index * 3]) << 16 | UInt32(palette[index * 3 + 1]) << 8
        | UInt32(palette[index * 3 + 2])
    }
    var indices = pixels
    var (left, top, right, bottom) = (width, height, 0, 0)
    for row in 0..<height {
      for column in 0..<width {
        let place = row &* width &+ column
        let colour = colours[Int(pixels[place])]
        if shown[place] == colour {
          indices[place] = Self.unchanged
        } else {
          shown[place] = colour
          left = min(left, column)
          right = max(right, column &+ 1)
          top = min(top, row)
          bottom = max(bottom, row &+ 1)
        }
      }
    }
    // A picture like the last one still takes its time.
    if right == 0 { (left, top, right, bottom) = (0, 0, 1, 1) }
    // Left as it is afterwards; the last colour is none.
    bytes += [0x21, 0xF9, 4, 0b0000_0101]
    put(hundredths)
    bytes += [Self.unchanged, 0]
    bytes.append(0x2C)
    for value in [left, top, right - left, bottom - top] { put(value) }
    // A palette of 256 colours follows.
    bytes.append(0x87)
    bytes += palette + [UInt8](repeating: 0, count: 768 - palette.count)
    coder.begin(&bytes)
    for row in top..<bottom {
      indices.withUnsafeBufferPointer {
        coder.code(UnsafeBufferPointer(rebasing: $0[row * width + left..<row * width + right]), to: &bytes)
      }
    }
    coder.end(&bytes)
    frames += 1
  }

  /// The whole file.
  consuming func finish() -> [UInt8] { bytes + [0x3B] }

  private mutating func put(_ value: Int) {
    bytes.append(UInt8(truncatingIfNeeded: value))
    bytes.append(UInt8(truncatingIfNeeded: value >> 8))
  }
}

/// Lempel-Ziv-Welch coding with codes of 9 to 12 bits, as GIF has it (89a, appendix F): strings are told by the
/// code of all but their last byte.
struct LZWCoder {
  private static let clear = 256
  private static let end = 257
  private static let last = 4095

  /// By prefix and byte: the code, and in which generation of the table it was given.
  private var table = [UInt32](repeating: 0, count: 4096 * 256)
  private var generation: UInt32 = 0
  private var next = 258
  private var width = 9
  private var prefix = -1
  private var bits: UInt64 = 0
  private var bitCount = 0
  private var block: [UInt8] = []

  mutating func begin(_ output: inout [UInt8]) {
    output.append(8)
    prefix = -1
    (bits, bitCount) = (0, 0)
    block.removeAll(keepingCapacity: true)
    width = 9
    put(Self.clear, to: &output)
    restart()
  }

  mutating func code(_ bytes: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) {
    for byte in bytes {
      guard prefix >= 0 else {
        prefix = Int(byte)
        continue
      }
      let slot = prefix << 8 | Int(byte)
      let entry = table[slot]
      if entry >> 12 == generation {
        prefix = Int(entry & 0xFFF)
        continue
      }
      put(prefix, to: &output)
      prefix = Int(byte)
      if next > Self.last {
        put(Self.clear, to: &output)
        restart()
      } else {
        table[slot] = generation << 12 | UInt32(next)
        // A decoder knows each code one step later than the coder.
        if next == 1 << width { width += 1 }
        next += 1
      }
    }
  }

  mutating func end(_ output: inout [UInt8]) {
    if prefix >= 0 { put(prefix, to: &output) }
    put(Self.end, to: &output)
    while bitCount > 0 { emit(&output) }
    flush(&output)
    output.append(0)
  }

  private mutating func restart() {
    // Codes of older generations count as none. Twenty bits of them are enough for four thousand pictures of
    // millions of pixels; then the table is emptied.
    generation += 1
    if generation >> 20 != 0 {
      for index in table.indices { table[index] = 0 }
      generation = 1
    }
    next = 258
    width = 9
  }

  private mutating func put(_ code: Int, to output: inout [UInt8]) {
    bits |= UInt64(code) << UInt64(bitCount)
    bitCount += width
    while bitCount >= 8 { emit(&output) }
  }

  private mutating func emit(_ output: inout [UInt8]) {
    block.append(UInt8(truncatingIfNeeded: bits))
    bits >>= 8
    bitCount = max(0, bitCount - 8)
    if block.count == 255 { flush(&output) }
  }

  private mutating func flush(_ output: inout [UInt8]) {
    guard !block.isEmpty else { return }
    output.append(UInt8(block.count))
    output += block
    block.removeAll(keepingCapacity: true)
  }
}
