/// Why a file of events could not be read or written further.
public enum EventFileError: Error, Hashable, Sendable, CustomStringConvertible {
  case cannotOpen(path: String, reason: String)
  case cannotRead(reason: String)
  case cannotWrite(reason: String)
  /// The gzip data ends in the middle, or is none.
  case brokenGzip(reason: String, atByte: Int64)
  /// The file is a JSON array.
  case notLines
  /// What was taken stays taken, and reading goes on here next time.
  case notStored(line: Int, reason: IngestError)

  public var description: String {
    switch self {
    case .cannotOpen(let path, let reason): "\(path) cannot be opened: \(reason)"
    case .cannotRead(let reason): "the file cannot be read further: \(reason)"
    case .cannotWrite(let reason): "the events cannot be written further: \(reason)"
    case .brokenGzip(let reason, let byte):
      "the gzip data breaks off at byte \(byte) of the file: \(reason). Whole lines before it were taken"
    case .notLines:
      "the file is a JSON array, and one event per line is needed (NDJSON); turn it with: jq -c '.[]' FILE"
    case .notStored(let line, let reason):
      "the events from line \(line) on could not be stored: \(reason). Run the same command again to go on there"
    }
  }
}
