import FoundationEssentials

/// The form of `ingest_batch.viewers`, 18 bytes for most viewers:
///
///     byte     1, the form's version
///     varint   the earliest day of all, in days since 1970
///     varint   how many versions follow, each as
///       16 bytes its id
///       varint   how many viewers follow, each as
///         16 bytes the pseudonym
///         varint   twice the days from the earliest day to the viewer's first, plus one if a value follows
///         byte     two bits each, from the lowest: impressions, completes, clicks, conversions.
///                  0: none, 1: one, 2: a number follows
///         varints  the numbers that follow, in this order; then the value in micros
///
/// A varint is seven bits a byte, the lowest first, the upper bit set on all but the last (LEB128, unsigned). No bytes
/// at all stand for no viewers.
extension ViewerDeltas {
  static let form: UInt8 = 1

  /// By campaign.
  func packed() -> [UUID: [UInt8]] {
    var byVersion = [Int](repeating: 0, count: versions.count + 1)
    for cell in cells { byVersion[Int(cell.version) + 1] += 1 }
    for version in versions.indices { byVersion[version + 1] += byVersion[version] }
    // Cells by version, each version's in the order they came: a counting sort.
    var next = byVersion
    var order = [Int32](repeating: 0, count: cells.count)
    for (place, cell) in cells.enumerated() {
      order[next[Int(cell.version)]] = Int32(truncatingIfNeeded: place)
      next[Int(cell.version)] += 1
    }
    let campaigns = Dictionary(grouping: versions.indices) { versions[$0].campaign }
    var packed: [UUID: [UInt8]] = [:]
    for (campaign, versions) in campaigns {
      packed[campaign.uuid] = pack(versions.map { ($0, order[byVersion[$0]..<byVersion[$0 + 1]]) })
    }
    return packed
  }

  private func pack(_ groups: [(version: Int, cells: ArraySlice<Int32>)]) -> [UInt8] {
    var baseDay = Int32.max
    var count = 0
    for group in groups {
      count += group.cells.count
      for place in group.cells { baseDay = min(baseDay, cells[Int(place)].firstDay) }
    }
    var bytes = ByteWriter(capacity: 16 + groups.count * 20 + count * 22)
    bytes.append(Self.form)
    bytes.append(varint: UInt64(max(baseDay, 0)))
    bytes.append(varint: UInt64(groups.count))
    for group in groups {
      bytes.append(versions[group.version].variant)
      bytes.append(varint: UInt64(group.cells.count))
      for place in group.cells {
        let cell = cells[Int(place)]
        bytes.append(cell.viewer)
        let day = UInt64(max(cell.firstDay, 0) - max(baseDay, 0))
        bytes.append(varint: day << 1 | (cell.valueMicros > 0 ? 1 : 0))
        var shape: UInt8 = 0
        for lane in 0..<4 { shape |= UInt8(min(max(cell.counts[lane], 0), 2)) << UInt8(lane * 2) }
        bytes.append(shape)
        for lane in 0..<4 where cell.counts[lane] > 1 { bytes.append(varint: UInt64(cell.counts[lane])) }
        if cell.valueMicros > 0 { bytes.append(varint: UInt64(cell.valueMicros)) }
      }
    }
    return bytes.bytes
  }

  /// Why packed bytes are none that this program wrote.
  enum Malformed: Error, Hashable {
    case unknownForm(UInt8)
    case cutShort
    case numberTooLarge
    case trailingBytes(Int)
  }

  /// Adds what a batch of a campaign holds.
  mutating func unpack(_ bytes: [UInt8], of campaign: UUID) throws(Malformed) {
    if bytes.isEmpty { return }
    let result = bytes.withUnsafeBytes { bytes in
      Result { () throws(Malformed) in try unpack(ByteReader(bytes), UUIDWords(campaign)) }
    }
    try result.get()
  }

  private mutating func unpack(_ reader: ByteReader, _ campaign: UUIDWords) throws(Malformed) {
    var reader = reader
    let form = try reader.byte()
    guard form == Self.form else { throw .unknownForm(form) }
    let baseDay = try reader.varint(upTo: UInt64(Int32.max / 2))
    for _ in 0..<(try reader.varint(upTo: UInt64(UInt32.max))) {
      let version = place(of: Version(campaign: campaign, variant: try reader.words()))
      for _ in 0..<(try reader.varint(upTo: UInt64(UInt32.max))) {
        let viewer = try reader.words()
        let dayAndFlag = try reader.varint(upTo: UInt64(Int32.max / 2))
        let shape = try reader.byte()
        var counts = SIMD4<Int32>.zero
        for lane in 0..<4 {
          switch shape >> UInt8(lane * 2) & 3 {
          case 0: break
          case 1: counts[lane] = 1
          default: counts[lane] = Int32(truncatingIfNeeded: try reader.varint(upTo: UInt64(Int32.max)))
          }
        }
        let value = dayAndFlag & 1 == 1 ? try reader.varint(upTo: UInt64(Int64.max)) : 0
        let day = Int32(truncatingIfNeeded: baseDay + dayAndFlag >> 1)
        merge(viewer, version: version, day: day, counts, Int64(truncatingIfNeeded: value))
      }
    }
    if reader.left > 0 { throw .trailingBytes(reader.left) }
  }
}

private struct ByteWriter {
  private(set) var bytes: [UInt8] = []

  init(capacity: Int) { bytes.reserveCapacity(capacity) }

  mutating func append(_ byte: UInt8) { bytes.append(byte) }

  mutating func append(_ words: UUIDWords) {
    withUnsafeBytes(of: (words.high.bigEndian, words.low.bigEndian)) { bytes.append(contentsOf: $0) }
  }

  mutating func append(varint value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }
}

private struct ByteReader {
  private let bytes: UnsafeRawBufferPointer
  private var position = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  var left: Int { bytes.count - position }

  mutating func byte() throws(ViewerDeltas.Malformed) -> UInt8 {
    guard position < bytes.count else { throw .cutShort }
    position += 1
    return bytes[position - 1]
  }

  mutating func words() throws(ViewerDeltas.Malformed) -> UUIDWords {
    guard left >= 16 else { throw .cutShort }
    defer { position += 16 }
    return UUIDWords(
      high: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)),
      low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: position + 8, as: UInt64.self)))
  }

  mutating func varint(upTo limit: UInt64) throws(ViewerDeltas.Malformed) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while true {
      let next = try byte()
      guard shift < 63 else { throw .numberTooLarge }
      value |= UInt64(next & 0x7F) << shift
      if next < 0x80 { break }
      shift += 7
    }
    guard value <= limit else { throw .numberTooLarge }
    return value
  }
}
