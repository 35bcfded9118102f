import Foundation

/// Where the parts of an MP4 or MOV file lie. ISO/IEC 14496-12, section 4.2: a box is its size (32 bits, big
/// endian; 1: 64 bits follow the type; 0: to the file's end) and its type of four letters.
enum FileLayout {
  /// True when the index (`moov`) stands before the data (`mdat`); nil when the file has no such parts.
  ///
  /// - Throws: when the file cannot be read.
  static func isFaststart(path: String) throws -> Bool? {
    let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
    defer { file.closeFile() }
    var offset: UInt64 = 0
    // More boxes than any writer makes at the top; ends a walk through nonsense.
    for _ in 0..<10_000 {
      try file.seek(toOffset: offset)
      guard let head = try file.read(upToCount: 16), head.count >= 8 else { return nil }
      let bytes = [UInt8](head)
      switch String(decoding: bytes[4..<8], as: UTF8.self) {
      case "moov": return true
      case "mdat": return false
      default: break
      }
      var size = bytes[0..<4].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      if size == 1, bytes.count == 16 { size = bytes[8..<16].reduce(UInt64(0)) { $0 << 8 | UInt64($1) } }
      let (next, overflow) = offset.addingReportingOverflow(size)
      guard size >= 8, !overflow else { return nil }
      offset = next
    }
    return nil
  }
}
