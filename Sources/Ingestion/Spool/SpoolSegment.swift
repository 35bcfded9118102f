import FoundationEssentials

/// The records in a segment's bytes, one after the other. Pure: where the bytes come from is another's business.
///
/// What cannot be read is told apart: the tail that a crash cut off was never acknowledged; anything else that is
/// not as it was written is damage, and never passed over in silence.
struct SpoolSegment {
  enum Item: Hashable {
    case record(SpoolRecord)
    /// A whole record that is not as it was written, or that this program does not understand.
    case damaged
    /// From here on nothing can be told apart any more.
    case lost(bytes: Int)
    /// The end of an append that was cut short.
    case torn(bytes: Int)
  }

  private let bytes: [UInt8]
  /// Where the next item begins.
  private(set) var offset = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The next item, nil behind the last.
  mutating func next() -> Item? {
    let start = offset
    switch nextHeader() {
    case nil: return nil
    case .torn(let bytes)?: return .torn(bytes: bytes)
    case .lost(let bytes)?: return .lost(bytes: bytes)
    case .header(let header)?:
      let payload = bytes[(start + SpoolHeader.byteCount)..<offset]
      let digest = payload.withUnsafeBytes { SpoolHeader.digest(of: $0[...]) }
      guard digest == header.digest, let record = SpoolRecord(header, payload: payload) else {
        return .damaged
      }
      return .record(record)
    }
  }

  private enum Step {
    case header(SpoolHeader)
    case torn(bytes: Int)
    case lost(bytes: Int)
  }

  private mutating func nextHeader() -> Step? {
    let left = bytes.count - offset
    guard left > 0 else { return nil }
    guard left >= SpoolHeader.byteCount else {
      offset = bytes.count
      return .torn(bytes: left)
    }
    guard let header = SpoolHeader(bytes[offset...]) else {
      // A file system may lengthen a file before it writes to it: a crash then leaves zeros.
      let isBlank = bytes[offset...].allSatisfy { $0 == 0 }
      offset = bytes.count
      return isBlank ? .torn(bytes: left) : .lost(bytes: left)
    }
    guard left - SpoolHeader.byteCount >= header.payloadBytes else {
      offset = bytes.count
      return .torn(bytes: left)
    }
    offset += SpoolHeader.byteCount + header.payloadBytes
    return .header(header)
  }

  /// What the headers alone say.
  struct Survey: Hashable {
    var records = 0
    var events = 0
    var oldest: Date?
    /// Bytes up to the torn tail.
    var wholeBytes = 0
    var tornBytes = 0

    mutating func add(_ other: Survey) {
      records += other.records
      events += other.events
      oldest = [oldest, other.oldest].compactMap(\.self).min()
      wholeBytes += other.wholeBytes
      tornBytes += other.tornBytes
    }
  }

  static func survey(_ bytes: [UInt8]) -> Survey {
    var segment = SpoolSegment(bytes)
    var survey = Survey()
    while let step = segment.nextHeader() {
      switch step {
      case .header(let header):
        survey.records += 1
        survey.events += header.events
        survey.oldest = min(survey.oldest ?? header.receivedAt, header.receivedAt)
      case .torn(let bytes): survey.tornBytes = bytes
      case .lost: break
      }
    }
    survey.wholeBytes = bytes.count - survey.tornBytes
    return survey
  }
}
