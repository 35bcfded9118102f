import CPostgres

extension Wire {
  /// Signature, no flags, no header extension (PostgreSQL documentation, COPY, "Binary Format").
  private static let copyHeader: [UInt8] =
    [0x50, 0x47, 0x43, 0x4F, 0x50, 0x59, 0x0A, 0xFF, 0x0D, 0x0A, 0x00] + [UInt8](repeating: 0, count: 8)

  func beginCopy(_ bounds: inout Bounds, _ statement: String) throws(PostgresError) {
    try sendCopy(Self.copyHeader, &bounds, statement)
  }

  func sendCopy(_ bytes: UnsafeRawBufferPointer, _ bounds: inout Bounds, _ statement: String)
    throws(PostgresError)
  {
    guard !bytes.isEmpty else { return }
    while true {
      switch PQputCopyData(
        pointer, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(bytes.count))
      {
      case 1: return try flush(&bounds, statement)
      case 0: try flush(&bounds, statement)
      default: throw connectionError(statement)
      }
    }
  }

  private func sendCopy(_ bytes: [UInt8], _ bounds: inout Bounds, _ statement: String) throws(PostgresError) {
    let sent = bytes.withUnsafeBytes { raw in
      Result { () throws(PostgresError) in try sendCopy(raw, &bounds, statement) }
    }
    try sent.get()
  }

  /// Ends the data; with a reason the server throws all of it away.
  func endCopy(refusing reason: String?, _ bounds: inout Bounds, _ statement: String) throws(PostgresError) {
    if reason == nil { try sendCopy([0xFF, 0xFF], &bounds, statement) }
    while true {
      switch PQputCopyEnd(pointer, reason) {
      case 1: return try flush(&bounds, statement)
      case 0: try flush(&bounds, statement)
      default: throw connectionError(statement)
      }
    }
  }
}
