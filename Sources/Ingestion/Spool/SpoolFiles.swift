import FoundationEssentials
import Glibc
import Logging

/// The folder and the segment that is being appended to. Every call may wait for the disk.
struct SpoolFiles {
  var folder: SpoolFolder
  let segmentBytes: Int
  private var nextNumber = 1
  private var active: Active?

  private struct Active {
    let number: Int
    let file: Int32
    /// All of them synced, outside of `append`.
    var bytes = 0
  }

  init(folder: SpoolFolder, segmentBytes: Int) {
    self.folder = folder
    self.segmentBytes = segmentBytes
  }

  struct Found: Sendable {
    var segments: [Int: (bytes: Int, survey: SpoolSegment.Survey)] = [:]
    var damagedFiles = 0
  }

  mutating func open(_ logger: Logger) throws(SpoolError) -> Found {
    try folder.take()
    let content = try folder.content()
    var found = Found(damagedFiles: content.damaged.count)
    for number in content.segments {
      let bytes = try folder.read(number)
      let survey = SpoolSegment.survey(bytes)
      if survey.tornBytes > 0 {
        logger.notice(
          "\(folder.file(number)) ends in \(survey.tornBytes) bytes of a request that was never acknowledged: cut"
        )
        try folder.cut(number, to: survey.wholeBytes)
      }
      if survey.wholeBytes == 0 {
        try folder.remove(number)
      } else {
        found.segments[number] = (survey.wholeBytes, survey)
      }
    }
    // Past damaged ones too, so that no name is ever given twice.
    let used = content.segments + content.damaged.compactMap { Int($0.prefix { $0.isNumber }) }
    nextNumber = max(nextNumber, (used.max() ?? 0) + 1)
    return found
  }

  mutating func close() {
    if let active { Glibc.close(active.file) }
    active = nil
    folder.leave()
  }

  /// Nothing is appended to this segment any more.
  mutating func seal(_ number: Int) {
    guard let active, active.number <= number else { return }
    Glibc.close(active.file)
    self.active = nil
  }

  /// Appends records and syncs; several segments' worth are several syncs.
  /// - Returns: for each the number of its segment, once it is there to stay.
  mutating func append(_ records: [[UInt8]]) -> [Result<Int, SpoolError>] {
    var outcomes: [Result<Int, SpoolError>] = []
    var start = 0
    while start < records.count {
      do throws(SpoolError) {
        let current = try writable()
        if current.bytes > 0, current.bytes + records[start].count > segmentBytes {
          seal(current.number)
          continue
        }
        var end = start
        var bytes = current.bytes
        while end < records.count, end == start || bytes + records[end].count <= segmentBytes {
          bytes += records[end].count
          end += 1
        }
        try write(records[start..<end], to: current)
        outcomes += repeatElement(.success(current.number), count: end - start)
        start = end
        if bytes >= segmentBytes || end < records.count { seal(current.number) }
      } catch {
        // The rest would meet the same disk.
        outcomes += repeatElement(.failure(error), count: records.count - start)
        return outcomes
      }
    }
    return outcomes
  }

  private mutating func writable() throws(SpoolError) -> Active {
    if let active { return active }
    let made = Active(number: nextNumber, file: try folder.create(nextNumber))
    nextNumber += 1
    active = made
    return made
  }

  private mutating func write(_ records: ArraySlice<[UInt8]>, to segment: Active) throws(SpoolError) {
    var bytes = segment.bytes
    do throws(SpoolError) {
      for record in records {
        try write(record, to: segment)
        bytes += record.count
      }
      guard fdatasync(segment.file) == 0 else {
        throw SpoolFolder.failure("cannot sync \(folder.file(segment.number))")
      }
      active?.bytes = bytes
    } catch {
      // What was not synced was not acknowledged: off with it, and on in a new file, for after a failed sync nobody
      // knows what of this one is on the disk.
      let isCut = ftruncate(segment.file, segment.bytes) == 0 && fdatasync(segment.file) == 0
      Glibc.close(segment.file)
      active = nil
      if isCut, segment.bytes == 0 { try folder.remove(segment.number) }
      throw error
    }
  }

  private func write(_ record: [UInt8], to segment: Active) throws(SpoolError) {
    var done = 0
    while done < record.count {
      let written = record.withUnsafeBytes {
        Glibc.write(segment.file, $0.baseAddress?.advanced(by: done), $0.count - done)
      }
      if written < 0 {
        if errno == EINTR { continue }
        throw SpoolFolder.failure("cannot write to \(folder.file(segment.number))")
      }
      done += written
    }
  }
}
