import Foundation

/// What a PNG, JPEG or WebP file says of itself before its pixels.
struct PictureHeader {
  private(set) var width = 0
  private(set) var height = 0
  /// How the camera was held: Exif 2.32, tag 0x0112, 1…8.
  private(set) var orientation = 1
  /// Colours of a PNG without a profile (PNG, 2nd edition, 11.3.3).
  private(set) var png = PNGColours()
  /// How many numbers a JPEG has for each pixel.
  private(set) var components = 3
  /// Where a JPEG names them, in its frame's header.
  private(set) var componentNames = 0
  /// A JPEG's Adobe marker: where it is, and what it says of four numbers (0: CMYK, 2: YCCK).
  private(set) var adobe: (range: Range<Int>, transform: Int)?

  struct PNGColours {
    /// The exponent of the file's numbers, such as 0.45455.
    var gamma: Double?
    /// White, red, green and blue: x and y of each.
    var chromaticities: [Double]?
    var isSRGB = false
  }

  init(_ file: Data) {
    let bytes = ByteReader(file)
    if bytes.has([0x89, 0x50, 0x4E, 0x47], at: 0) {
      readPNG(bytes)
    } else if bytes.has([0xFF, 0xD8], at: 0) {
      readJPEG(bytes)
    } else if bytes.has(Array("RIFF".utf8), at: 0) {
      readWebP(bytes)
    }
  }

  private mutating func readPNG(_ bytes: ByteReader) {
    var at = 8
    while let length = bytes.number(at, 4), let kind = bytes.text(at + 4, 4) {
      let body = at + 8
      switch kind {
      case "IHDR":
        width = bytes.number(body, 4) ?? 0
        height = bytes.number(body + 4, 4) ?? 0
      case "gAMA": png.gamma = bytes.number(body, 4).map { Double($0) / 100_000 }
      case "cHRM":
        let values = (0..<8).compactMap { bytes.number(body + $0 * 4, 4).map { Double($0) / 100_000 } }
        png.chromaticities = values.count == 8 ? values : nil
      case "sRGB": png.isSRGB = true
      case "eXIf": orientation = Self.orientation(bytes, body, length) ?? orientation
      case "IEND": return
      default: break
      }
      at = body + length + 4
    }
  }

  private mutating func readJPEG(_ bytes: ByteReader) {
    var at = 2
    while let mark = bytes.number(at, 1) {
      guard mark == 0xFF, let kind = bytes.number(at + 1, 1) else { return }
      // Fill bytes, and markers without a body.
      if kind == 0xFF {
        at += 1
        continue
      }
      guard kind != 0xDA, kind != 0xD9, let length = bytes.number(at + 2, 2), length >= 2 else { return }
      let body = at + 4
      switch kind {
      case 0xC0...0xC3, 0xC5...0xC7, 0xC9...0xCB, 0xCD...0xCF:
        height = bytes.number(body + 1, 2) ?? 0
        width = bytes.number(body + 3, 2) ?? 0
        components = bytes.number(body + 5, 1) ?? 3
        componentNames = body + 6
      case 0xE1 where bytes.has(Array("Exif\0\0".utf8), at: body):
        orientation = Self.orientation(bytes, body + 6, length - 8) ?? orientation
      case 0xEE where bytes.has(Array("Adobe".utf8), at: body) && length >= 14:
        adobe = (at..<at + 2 + length, bytes.number(body + 11, 1) ?? 0)
      default: break
      }
      at += 2 + length
    }
  }

  private mutating func readWebP(_ bytes: ByteReader) {
    var at = 12
    while let kind = bytes.text(at, 4), let length = bytes.little(at + 4, 4) {
      let body = at + 8
      switch kind {
      case "VP8X":
        width = (bytes.little(body + 4, 3) ?? 0) + 1
        height = (bytes.little(body + 7, 3) ?? 0) + 1
      case "VP8 " where width == 0:
        width = (bytes.little(body + 6, 2) ?? 0) & 0x3FFF
        height = (bytes.little(body + 8, 2) ?? 0) & 0x3FFF
      case "VP8L" where width == 0:
        let word = bytes.little(body + 1, 4) ?? 0
        (width, height) = (word & 0x3FFF + 1, word >> 14 & 0x3FFF + 1)
      case "EXIF":
        let skip = bytes.has(Array("Exif\0\0".utf8), at: body) ? 6 : 0
        orientation = Self.orientation(bytes, body + skip, length - skip) ?? orientation
      default: break
      }
      at = body + length + length & 1
    }
  }

  /// Of a TIFF block (TIFF 6.0, section 2).
  private static func orientation(_ bytes: ByteReader, _ start: Int, _ length: Int) -> Int? {
    let isLittle = bytes.has([0x49, 0x49, 42, 0], at: start)
    guard length >= 14, isLittle || bytes.has([0x4D, 0x4D, 0, 42], at: start) else { return nil }
    func number(_ at: Int, _ size: Int) -> Int? {
      guard at >= 0, at + size <= length else { return nil }
      return isLittle ? bytes.little(start + at, size) : bytes.number(start + at, size)
    }
    guard let directory = number(4, 4), let count = number(directory, 2) else { return nil }
    for entry in 0..<count {
      let at = directory + 2 + entry * 12
      guard let tag = number(at, 2) else { return nil }
      if tag == 0x0112, let value = number(at + 8, 2), (1...8).contains(value) { return value }
    }
    return nil
  }
}

/// Numbers out of bytes; nil beyond their end.
private struct ByteReader {
  private let bytes: Data
  private let start: Int

  init(_ bytes: Data) {
    self.bytes = bytes
    start = bytes.startIndex
  }

  private func slice(_ at: Int, _ size: Int) -> Data? {
    guard at >= 0, size >= 0, at <= bytes.count - size else { return nil }
    return bytes[start + at..<start + at + size]
  }

  /// Most significant byte first.
  func number(_ at: Int, _ size: Int) -> Int? { slice(at, size)?.reduce(0) { $0 << 8 | Int($1) } }

  func little(_ at: Int, _ size: Int) -> Int? { slice(at, size)?.reversed().reduce(0) { $0 << 8 | Int($1) } }

  func text(_ at: Int, _ size: Int) -> String? { slice(at, size).map { String(decoding: $0, as: UTF8.self) } }

  func has(_ wanted: [UInt8], at: Int) -> Bool {
    slice(at, wanted.count).map { $0.elementsEqual(wanted) } ?? false
  }
}
