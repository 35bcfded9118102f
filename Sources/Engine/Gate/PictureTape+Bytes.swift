extension PictureTape {
  private static let magic: [UInt8] = Array("RTtape1\n".utf8)

  /// The tape as bytes that `init(serialised:)` reads back: each frame's cells as their difference from the
  /// frame before, in turns of a run of zeros and a run of others.
  func serialised() -> [UInt8] {
    var out = Self.magic
    Self.put(grid.width, &out)
    Self.put(grid.height, &out)
    Self.put(frames.count, &out)
    var before = [UInt8](repeating: 0, count: grid.count * 3)
    for frame in frames {
      let now = frame.luma + frame.blue + frame.red
      Self.put(differences: zip(now, before).map { $0 &- $1 }, &out)
      before = now
    }
    Self.put(readings.count, &out)
    for reading in readings {
      Self.put(reading.frame, &out)
      let box = reading.box
      for value in [box.x, box.y, box.width, box.height, reading.ink.contrast, reading.ink.share] {
        withUnsafeBytes(of: value.bitPattern.littleEndian) { out += $0 }
      }
    }
    return out
  }

  /// nil for bytes that are no tape.
  init?(serialised bytes: [UInt8]) {
    var source = Source(bytes: bytes[...])
    guard bytes.starts(with: Self.magic) else { return nil }
    source.bytes.removeFirst(Self.magic.count)
    guard let width = source.number(), let height = source.number(), let count = source.number(),
      (16...16_384).contains(width), (16...16_384).contains(height), count <= bytes.count
    else { return nil }
    self.init(width: width, height: height)
    let cells = grid.count
    var frame = [UInt8](repeating: 0, count: cells * 3)
    for _ in 0..<count {
      guard source.add(to: &frame) else { return nil }
      append(
        FrameCells(
          luma: Array(frame[..<cells]), blue: Array(frame[cells..<cells * 2]),
          red: Array(frame[(cells * 2)...])))
    }
    guard let readings = source.number(), readings <= bytes.count else { return nil }
    for _ in 0..<readings {
      guard let number = source.number(), let x = source.double(), let y = source.double(),
        let width = source.double(), let height = source.double(), let contrast = source.double(),
        let share = source.double()
      else { return nil }
      append(
        TextReading(
          frame: number, box: .init(x: x, y: y, width: width, height: height),
          ink: .init(contrast: contrast, share: share)))
    }
    guard source.bytes.isEmpty else { return nil }
  }

  /// Seven bits a byte, the lowest first; the highest bit says that more follow.
  private static func put(_ number: Int, _ out: inout [UInt8]) {
    var rest = UInt(number)
    while rest > 127 {
      out.append(UInt8(rest & 127) | 128)
      rest >>= 7
    }
    out.append(UInt8(rest))
  }

  private static func put(differences: [UInt8], _ out: inout [UInt8]) {
    var index = 0
    while index < differences.count {
      let start = index
      while index < differences.count, differences[index] == 0 { index += 1 }
      put(index - start, &out)
      let first = index
      while index < differences.count, differences[index] != 0 { index += 1 }
      put(index - first, &out)
      out += differences[first..<index]
    }
  }

  private struct Source {
    var bytes: ArraySlice<UInt8>

    mutating func number() -> Int? {
      var (value, shift) = (UInt(0), UInt(0))
      while let byte = bytes.popFirst() {
        guard shift < 56 else { return nil }
        value |= UInt(byte & 127) << shift
        if byte < 128 { return Int(value) }
        shift += 7
      }
      return nil
    }

    mutating func double() -> Double? {
      guard bytes.count >= 8 else { return nil }
      let bits = bytes.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      bytes.removeFirst(8)
      return Double(bitPattern: bits)
    }

    /// Adds one frame's differences to `frame`.
    mutating func add(to frame: inout [UInt8]) -> Bool {
      var index = 0
      while index < frame.count {
        guard let zeros = number(), zeros <= frame.count - index else { return false }
        index += zeros
        guard let others = number(), others <= frame.count - index, others <= bytes.count else {
          return false
        }
        for value in bytes.prefix(others) {
          frame[index] &+= value
          index += 1
        }
        bytes.removeFirst(others)
        // Neither a zero nor another: nobody writes that, and it would never end.
        if zeros == 0, others == 0 { return false }
      }
      return true
    }
  }
}
