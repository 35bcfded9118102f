import CPostgres

extension Connection {
  /// Sends all statements without waiting for answers in between. They are one transaction, or a part of the open
  /// one: when one fails the rest is skipped, and its error is thrown.
  @discardableResult
  public func pipeline(_ statements: [SQL]) async throws(PostgresError) -> [Rows] {
    if statements.isEmpty { return [] }
    let rendered = statements.map(\.rendered)
    return try await exchange("pipeline of \(statements.count) statements") {
      (wire, bounds) throws(PostgresError) in
      guard PQenterPipelineMode(wire.pointer) == 1 else { throw wire.connectionError() }
      var expected: [Expected] = []
      var refusal: PostgresError?
      do throws(PostgresError) {
        for (text, parameters) in rendered {
          try self.queue(text, parameters, on: wire, &expected)
          // Answers are read while sending, else both sides' buffers could fill and wait for each other.
          if expected.count % 64 == 0 { try wire.flush(&bounds, text) }
        }
      } catch  where error.kind == .encoding {
        refusal = error
      }
      let rows = try self.collect(expected, on: wire, &bounds, abandoning: refusal)
      PQexitPipelineMode(wire.pointer)
      return rows
    }
  }

  private enum Expected {
    case prepared(text: String, parameters: [Parameter], name: String)
    case rows(text: String)
  }

  private func queue(_ text: String, _ parameters: [Parameter], on wire: Wire, _ expected: inout [Expected])
    throws(PostgresError)
  {
    var name: String?
    switch cache.way(for: text, parameters) {
    case .asText: break
    case .prepared(let known): name = known
    case .prepareFirst(let new):
      try wire.prepare(new, text, parameters)
      expected.append(.prepared(text: text, parameters: parameters, name: new))
      // Known from here on for the rest of the pipeline; forgotten should the pipeline fail.
      cache.didPrepare(text, parameters, name: new)
      name = new
    }
    try wire.send(text, prepared: name, parameters)
    expected.append(.rows(text: text))
  }

  private func collect(
    _ expected: [Expected], on wire: Wire, _ bounds: inout Wire.Bounds, abandoning refusal: PostgresError?
  ) throws(PostgresError) -> [Rows] {
    if refusal != nil {
      // What is queued must not be committed: a statement that cannot succeed ends the transaction before the sync.
      try wire.send("SELECT 1/0 /* a value could not be sent */", prepared: nil, [])
    }
    guard PQpipelineSync(wire.pointer) == 1 else { throw wire.connectionError() }
    try wire.flush(&bounds, "pipeline")
    var rows: [Rows] = []
    var failure = refusal
    for item in expected {
      let text: String
      switch item {
      case .prepared(let prepared, _, _): text = prepared
      case .rows(let plain): text = plain
      }
      while let result = try wire.nextResult(&bounds, text) {
        if failure == nil { failure = result.error(statement: text) }
        if case .rows = item { rows.append(Rows(result: result)) }
      }
    }
    if refusal != nil { while try wire.nextResult(&bounds, "") != nil {} }
    // The sync's own result, which no NULL follows.
    _ = try wire.nextResult(&bounds, "sync")
    if let failure {
      cache.forget()
      PQexitPipelineMode(wire.pointer)
      throw failure
    }
    return rows
  }
}
