import CPostgres

extension Connection {
  /// Runs one statement by the cheapest way the cache knows.
  func run(_ text: String, _ parameters: [Parameter], on wire: Wire, _ bounds: inout Wire.Bounds)
    throws(PostgresError) -> ServerResult
  {
    var name: String?
    switch cache.way(for: text, parameters) {
    case .asText: break
    case .prepared(let known): name = known
    case .prepareFirst(let new):
      try wire.prepare(new, text, parameters)
      try wire.flush(&bounds, text)
      _ = try wire.finish(&bounds, text)
      cache.didPrepare(text, parameters, name: new)
      name = new
    }
    do {
      try wire.send(text, prepared: name, parameters)
      try wire.flush(&bounds, text)
      return try checked(try wire.finish(&bounds, text), text, on: wire, &bounds)
    } catch {
      // The table changed under the prepared form: "cached plan must not change result type" (0A000), or somebody
      // deallocated it (26000). Outside of a transaction the statement simply runs again, as text.
      guard name != nil, error.sqlState == "0A000" || error.sqlState == "26000" else { throw error }
      cache.forget()
      guard wire.transactionStatus == PQTRANS_IDLE else { throw error }
      try wire.send(text, prepared: nil, parameters)
      try wire.flush(&bounds, text)
      return try wire.finish(&bounds, text)
    }
  }

  /// A COPY sent as a query would leave the connection waiting for data: it is ended and refused.
  private func checked(
    _ result: ServerResult, _ text: String, on wire: Wire, _ bounds: inout Wire.Bounds
  ) throws(PostgresError) -> ServerResult {
    guard result.status == PGRES_COPY_IN || result.status == PGRES_COPY_OUT else { return result }
    if result.status == PGRES_COPY_OUT { close() } else { PQputCopyEnd(wire.pointer, "use copyIn") }
    if self.wire != nil {
      do { _ = try wire.finish(&bounds, text) } catch  where error.kind == .server {}
    }
    throw PostgresError(.server, "COPY cannot run as a query", hint: "Use Connection.copyIn")
  }
}
