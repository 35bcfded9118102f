import CPostgres

extension Connection {
  /// COPY BINARY of rows that are encoded while they are sent, 256 KiB at a time. `encode` appends one row's fields
  /// in the order of `columns`; it runs on the connection's thread. Gives the number of rows stored.
  ///
  ///     try await connection.copyIn(table: "event", columns: ["id", "kind"], rows: events) { event, row in
  ///       row.append(event.id)
  ///       row.append(event.kind)
  ///     }
  @discardableResult
  public func copyIn<S: Sequence & Sendable>(
    table: String, columns: [String], rows: S,
    encode: @Sendable (S.Element, inout BinaryCopyWriter) throws -> Void
  ) async throws -> Int {
    try await copy(table, columns) { (send) throws(CopyFailure) in
      var writer = BinaryCopyWriter(columnCount: columns.count, capacity: Self.portion + 64 * 1024)
      for row in rows {
        writer.beginRow()
        do { try encode(row, &writer) } catch { throw CopyFailure.caller(error) }
        if writer.byteCount >= Self.portion { try Self.drain(&writer, send) }
      }
      try Self.drain(&writer, send)
    }
  }

  /// COPY BINARY of rows encoded before, by whichever task had the time.
  @discardableResult
  public func copyIn(table: String, columns: [String], rows writer: BinaryCopyWriter) async throws -> Int {
    guard writer.columnCount == columns.count else {
      throw PostgresError(
        .encoding, "COPY: the rows have \(writer.columnCount) fields, the columns are \(columns.count)")
    }
    return try await copy(table, columns) { (send) throws(CopyFailure) in
      var writer = writer
      do { try writer.check() } catch { throw .caller(error) }
      // In pieces, so that the server works on the first while libpq copies the next.
      let sent = writer.buffer.bytes.withUnsafeBytes { bytes in
        Result { () throws(PostgresError) in
          var start = 0
          while start < bytes.count {
            let end = min(start + Self.portion, bytes.count)
            try send(bytes.part(start..<end))
            start = end
          }
        }
      }
      if case .failure(let error) = sent { throw .wire(error) }
    }
  }

  private static var portion: Int { 256 * 1024 }

  private enum CopyFailure: Error {
    case caller(any Error)
    case wire(PostgresError)
  }

  private typealias Send = (UnsafeRawBufferPointer) throws(PostgresError) -> Void

  private static func drain(_ writer: inout BinaryCopyWriter, _ send: Send) throws(CopyFailure) {
    do {
      try writer.check()
    } catch {
      throw .caller(error)
    }
    // Closures of withUnsafeBytes and typed errors do not mix in this compiler: a Result does.
    let sent = writer.buffer.bytes.withUnsafeBytes { bytes in
      Result { () throws(PostgresError) in try send(bytes) }
    }
    if case .failure(let error) = sent { throw .wire(error) }
    writer.drain()
  }

  private func copy(_ table: String, _ columns: [String], _ write: (Send) throws(CopyFailure) -> Void)
    async throws
    -> Int
  {
    let names = columns.map { quotedIdentifier($0) }.joined(separator: ", ")
    let text = "COPY \(quotedIdentifier(table)) (\(names)) FROM STDIN (FORMAT binary)"
    var callersError: (any Error)?
    do throws(PostgresError) {
      return try await exchange(text) {
        (wire: Wire, bounds: inout Wire.Bounds) throws(PostgresError) -> Int in
        guard try wire.runSimple(text, &bounds).status == PGRES_COPY_IN else {
          throw wire.connectionError(text)
        }
        try wire.beginCopy(&bounds, text)
        do throws(CopyFailure) {
          try write { (bytes) throws(PostgresError) in try wire.sendCopy(bytes, &bounds, text) }
        } catch {
          switch error {
          case .wire(let error): throw error
          case .caller(let error):
            callersError = error
            try wire.endCopy(refusing: "the rows cannot be sent", &bounds, text)
          }
          return try wire.finish(&bounds, text).affected
        }
        try wire.endCopy(refusing: nil, &bounds, text)
        return try wire.finish(&bounds, text).affected
      }
    } catch {
      throw callersError ?? error
    }
  }
}
