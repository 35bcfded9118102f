import CPostgres
import Glibc

/// Sending and receiving. Nothing here suspends: an exchange is begun and ended by one call on one thread.
extension Wire {
  /// Pushes what libpq has queued, reading meanwhile so that neither side waits for the other for ever.
  func flush(_ bounds: inout Bounds, _ statement: String) throws(PostgresError) {
    while true {
      switch PQflush(pointer) {
      case 0: return
      case 1:
        try wait(for: POLLIN | POLLOUT, &bounds, until: "sending: \(statement)")
        if PQconsumeInput(pointer) == 0 { throw connectionError(statement) }
      default: throw connectionError(statement)
      }
    }
  }

  /// The next result, or `nil` at the end of a statement's results.
  func nextResult(_ bounds: inout Bounds, _ statement: String) throws(PostgresError) -> ServerResult? {
    while PQisBusy(pointer) == 1 {
      try wait(for: POLLIN, &bounds, until: "running: \(statement)")
      if PQconsumeInput(pointer) == 0 { throw connectionError(statement) }
    }
    return PQgetResult(pointer).map { ServerResult($0) }
  }

  /// The last result of the statement just sent, after all of them were read. Throws the first refusal.
  func finish(_ bounds: inout Bounds, _ statement: String) throws(PostgresError) -> ServerResult {
    var last: ServerResult?
    var failure: PostgresError?
    while let result = try nextResult(&bounds, statement) {
      if failure == nil { failure = result.error(statement: statement) }
      last = result
      if result.status == PGRES_COPY_IN || result.status == PGRES_COPY_OUT { break }
    }
    if let failure { throw failure }
    guard let last else { throw connectionError(statement) }
    return last
  }

  /// Several statements in the simple protocol: only for the room's own text and the migrator's files.
  func runSimple(_ text: String, _ bounds: inout Bounds) throws(PostgresError) -> ServerResult {
    guard PQsendQuery(pointer, text) == 1 else { throw connectionError(text) }
    try flush(&bounds, text)
    return try finish(&bounds, text)
  }

  func prepare(_ name: String, _ text: String, _ parameters: [Parameter]) throws(PostgresError) {
    let types = parameters.map(\.type.rawValue)
    guard PQsendPrepare(pointer, name, text, Int32(types.count), types) == 1 else {
      throw connectionError(text)
    }
  }

  /// Queues one statement with its values: by the name of its prepared form, or as text. Results come in binary.
  func send(_ text: String, prepared name: String?, _ parameters: [Parameter]) throws(PostgresError) {
    for (index, parameter) in parameters.enumerated() {
      if let refusal = parameter.refusal {
        var error = PostgresError(.encoding, "value \(index + 1) cannot be sent: \(refusal)")
        error.statement = text
        throw error
      }
    }
    guard parameters.count <= 65_535 else {
      throw PostgresError(
        .encoding, "\(parameters.count) values in one statement, at most 65535 can be bound",
        hint: "Bind arrays and use unnest(…), or COPY")
    }
    let sent = withParameterPointers(parameters) { values, lengths, formats in
      if let name {
        PQsendQueryPrepared(pointer, name, Int32(parameters.count), values, lengths, formats, 1)
      } else {
        PQsendQueryParams(
          pointer, text, Int32(parameters.count), parameters.map(\.type.rawValue), values, lengths, formats, 1
        )
      }
    }
    guard sent == 1 else { throw connectionError(text) }
  }

  private func withParameterPointers<R>(
    _ parameters: [Parameter],
    _ body: ([UnsafePointer<CChar>?], [Int32], [Int32]) -> R
  ) -> R {
    // All values lie one after the other, each ended by a zero byte since libpq reads text values as C strings.
    var bytes: [CChar] = []
    bytes.reserveCapacity(parameters.reduce(0) { $0 + ($1.bytes?.count ?? 0) + 1 })
    var offsets: [Int?] = []
    for parameter in parameters {
      offsets.append(parameter.bytes == nil ? nil : bytes.count)
      for byte in parameter.bytes ?? [] { bytes.append(CChar(bitPattern: byte)) }
      bytes.append(0)
    }
    return bytes.withUnsafeBufferPointer { storage in
      body(
        offsets.map { offset in offset.flatMap { storage.baseAddress?.advanced(by: $0) } },
        parameters.map { Int32(truncatingIfNeeded: $0.bytes?.count ?? 0) }, parameters.map(\.format))
    }
  }
}
