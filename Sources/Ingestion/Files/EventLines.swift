import Glibc

/// Some lines of a file of events, as a body for the door.
struct EventLines: Sendable {
  /// Whole lines that begin as an object does; the others would refuse their neighbours too.
  var body: [UInt8] = []
  /// Of each of the body's lines that is not blank, the number in the file, from 1.
  var numbers: [Int] = []
  /// Lines that are no objects.
  var strangers: [EventFileRejection] = []
  /// Bytes of text and lines up to the end of these, from the beginning of the file.
  var endOffset: Int64 = 0
  var endLine = 0

  var isEmpty: Bool { numbers.isEmpty && strangers.isEmpty }
}

/// A line that was not stored, and why.
public struct EventFileRejection: Hashable, Sendable, Codable {
  /// Counted from 1.
  public var line: Int
  public var code: String
  public var message: String
}

/// Reads a file of events in batches of whole lines, inflating gzip by its first bytes, whatever the file is called.
final class EventLineReader {
  private enum Source {
    case plain
    case gzip(GzipInflater)
  }

  private let file: FileBytes
  private let source: Source
  /// Read and not handed out yet.
  private var pending: [UInt8]
  /// Of the text, of the first pending byte.
  private var offset: Int64 = 0
  private var line = 0
  private var isAtEnd = false
  /// Why nothing more can be read; told once what was read before is handed out.
  private var failure: EventFileError?
  /// Within a line that is too long to be an event, the rest of which is thrown away.
  private var isSkippingLine = false
  private let bytesPerBatch: Int
  private let linesPerBatch: Int

  /// - Parameter path: nil for standard input.
  init(path: String?, bytesPerBatch: Int = 1 << 20, linesPerBatch: Int = 10_000) throws(EventFileError) {
    self.bytesPerBatch = bytesPerBatch
    self.linesPerBatch = linesPerBatch
    file = try FileBytes(path: path)
    var head: [UInt8] = []
    while head.count < 2, try file.read(64 * 1024, into: &head) > 0 {}
    if head.starts(with: [0x1F, 0x8B]) {
      source = .gzip(try GzipInflater(file, head: head))
      pending = []
    } else {
      source = .plain
      pending = head
    }
  }

  /// Bytes read of the file as it lies on the disk.
  var fileOffset: Int64 { file.offset }

  /// Whether a batch can be read without waiting for a silent pipe.
  func isReady(withinMilliseconds patience: Int32) -> Bool {
    pending.count >= bytesPerBatch || isAtEnd || file.isReady(withinMilliseconds: patience)
  }

  /// Goes to where an earlier reading ended: the beginning of a line.
  func skip(to offset: Int64, line: Int) throws(EventFileError) {
    self.line = line
    switch source {
    case .plain:
      try file.skip(to: offset)
      pending.removeAll()
    case .gzip(let inflater):
      var left = offset - self.offset - Int64(pending.count)
      while left > 0 {
        pending.removeAll(keepingCapacity: true)
        let count = try inflater.read(Int(min(left, 256 * 1024)), into: &pending)
        if count == 0 { throw .cannotRead(reason: "it is shorter than it was; nothing is left to be read") }
        left -= Int64(count)
      }
      pending.removeAll(keepingCapacity: true)
    }
    self.offset = offset
  }

  /// The next lines; nil at the end. Whole lines that were read before an error are handed out before it.
  func next() throws(EventFileError) -> EventLines? {
    while !isAtEnd || !pending.isEmpty {
      if failure == nil {
        do throws(EventFileError) { try fill() } catch { failure = error }
      }
      if offset == 0, pending.starts(with: [0xEF, 0xBB, 0xBF]) {
        pending.removeFirst(3)
        offset = 3
      }
      if line == 0, pending.first(where: { !Self.isBlank($0) }) == UInt8(ascii: "[") { throw .notLines }
      let batch = takeBatch()
      if !batch.isEmpty { return batch }
      if let failure { throw failure }
    }
    return nil
  }

  private func fill() throws(EventFileError) {
    while pending.count < bytesPerBatch, !isAtEnd {
      let count: Int
      switch source {
      case .plain: count = try file.read(256 * 1024, into: &pending)
      case .gzip(let inflater): count = try inflater.read(256 * 1024, into: &pending)
      }
      if count == 0 { isAtEnd = true }
    }
  }

  /// Whole lines of what is pending; the last line of the file may lack its end.
  private func takeBatch() -> EventLines {
    var batch = EventLines()
    let used = pending.withUnsafeBufferPointer { bytes in split(bytes, into: &batch) }
    pending.removeFirst(used)
    offset += Int64(used)
    batch.endOffset = offset
    batch.endLine = line
    return batch
  }

  private func split(_ bytes: UnsafeBufferPointer<UInt8>, into batch: inout EventLines) -> Int {
    guard let base = bytes.baseAddress else { return 0 }
    var start = 0
    /// Of the lines that go into the body and are not copied yet.
    var kept = 0
    while start < bytes.count, batch.numbers.count + batch.strangers.count < linesPerBatch {
      let end: Int
      if let newline = memchr(base + start, 0x0A, bytes.count - start) {
        end = base.distance(to: newline.assumingMemoryBound(to: UInt8.self))
      } else if isAtEnd {
        end = bytes.count
      } else if start == 0, bytes.count >= bytesPerBatch {
        if !isSkippingLine {
          batch.strangers.append(stranger(line + 1, "too_long", "the line is too long to be an event"))
        }
        isSkippingLine = true
        return bytes.count
      } else {
        break
      }
      line += 1
      let next = min(end + 1, bytes.count)
      let first = isSkippingLine ? nil : bytes[start..<end].first { !Self.isBlank($0) }
      if first == UInt8(ascii: "{") {
        batch.numbers.append(line)
      } else {
        batch.body.append(contentsOf: bytes[kept..<start])
        kept = next
        if first != nil {
          batch.strangers.append(
            stranger(line, "malformed_json", "the line is no JSON object; one event per line"))
        }
      }
      isSkippingLine = false
      start = next
    }
    if kept < start { batch.body.append(contentsOf: bytes[kept..<start]) }
    return start
  }

  private func stranger(_ line: Int, _ code: String, _ message: String) -> EventFileRejection {
    EventFileRejection(line: line, code: code, message: message)
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A
  }
}
