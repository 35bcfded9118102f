import CPostgres

/// Owns a `PGresult`. Reading one from several threads is safe once it is complete (libpq documentation, 34.20), and
/// nobody changes it here: that is why it is Sendable, which the compiler cannot see through a pointer.
final class ServerResult: @unchecked Sendable {
  let pointer: OpaquePointer
  let rowCount: Int
  let columnCount: Int

  init(_ pointer: OpaquePointer) {
    self.pointer = pointer
    rowCount = Int(PQntuples(pointer))
    columnCount = Int(PQnfields(pointer))
  }

  deinit { PQclear(pointer) }

  var status: ExecStatusType { PQresultStatus(pointer) }

  var affected: Int { Int(String(cString: PQcmdTuples(pointer))) ?? 0 }

  func name(of column: Int) -> String {
    guard let name = PQfname(pointer, Int32(column)) else { return "?" }
    return String(cString: name)
  }

  func cell(row: Int, column: Int) -> Cell {
    let row = Int32(row)
    let column = Int32(column)
    let type = PostgresType(PQftype(pointer, column))
    if PQgetisnull(pointer, row, column) == 1 { return Cell(bytes: nil, type: type) }
    let bytes = UnsafeRawBufferPointer(
      start: PQgetvalue(pointer, row, column), count: Int(PQgetlength(pointer, row, column)))
    return Cell(bytes: bytes, type: type)
  }

  /// The server's refusal, or `nil` when the statement went well.
  func error(statement: String?) -> PostgresError? {
    switch status {
    case PGRES_FATAL_ERROR, PGRES_BAD_RESPONSE, PGRES_NONFATAL_ERROR: break
    default: return nil
    }
    let sqlState = field("C")
    let whole = String(cString: PQresultErrorMessage(pointer))
    var error = PostgresError(
      sqlState == nil ? .connection : .server, field("M") ?? whole.trimmingLines, sqlState: sqlState,
      hint: field("H"))
    error.detail = field("D")
    error.constraint = field("n")
    error.table = field("t")
    error.column = field("c")
    error.statement = statement
    switch sqlState {
    case "57014": error.kind = error.message.contains("timeout") ? .timeout : .cancelled
    case "55P03": error.kind = .timeout
    case "57P01", "57P02", "57P03", "57P05", "53300": error.kind = .connection
    case let state? where state.hasPrefix("08"): error.kind = .connection
    default: break
    }
    return error
  }

  /// A field of the error report by its code (PG_DIAG_… of postgres_ext.h are these characters).
  private func field(_ code: Unicode.Scalar) -> String? {
    PQresultErrorField(pointer, Int32(code.value)).map { String(cString: $0) }
  }
}

extension String {
  /// libpq ends its messages with a line break and may indent further lines.
  var trimmingLines: String {
    split(whereSeparator: \.isNewline).map { $0.drop(while: \.isWhitespace) }.joined(separator: "; ")
  }
}
