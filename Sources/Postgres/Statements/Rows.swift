import CPostgres

/// What a statement gave back. Values are read from libpq's result when asked for, without a copy in between.
public struct Rows: RandomAccessCollection, Sendable {
  let result: ServerResult

  public var startIndex: Int { 0 }
  public var endIndex: Int { result.rowCount }
  public subscript(position: Int) -> Row { Row(result: result, index: position) }

  /// How many rows an INSERT, UPDATE, DELETE, MERGE, COPY or SELECT touched.
  public var affected: Int { result.affected }

  public var columns: [String] { (0..<result.columnCount).map { result.name(of: $0) } }

  /// All rows as tuples. Fails when the number of columns, a type, or a NULL is not what the types say.
  public func decode<each T: PostgresDecodable>(_ types: repeat (each T).Type) throws(PostgresError)
    -> [(repeat each T)]
  {
    var decoded: [(repeat each T)] = []
    decoded.reserveCapacity(count)
    for row in self { decoded.append(try row.decode(repeat each types)) }
    return decoded
  }
}

public struct Row: Sendable {
  let result: ServerResult
  let index: Int

  public func decode<each T: PostgresDecodable>(_ types: repeat (each T).Type) throws(PostgresError)
    -> (repeat each T)
  {
    var wanted = 0
    repeat count(each types, &wanted)
    guard wanted == result.columnCount else {
      let names = (0..<result.columnCount).map { result.name(of: $0) }
      throw PostgresError(
        .decoding,
        "the row has \(result.columnCount) columns (\(names.joined(separator: ", "))), read as \(wanted)")
    }
    var column = 0
    return (repeat try next((each T).self, &column))
  }

  /// One column by its name.
  public func decode<T: PostgresDecodable>(_ name: String, as type: T.Type = T.self) throws(PostgresError)
    -> T
  {
    guard let column = (0..<result.columnCount).first(where: { result.name(of: $0) == name }) else {
      let names = (0..<result.columnCount).map { result.name(of: $0) }
      throw PostgresError(
        .decoding, "there is no column \(name)", hint: "There are: \(names.joined(separator: ", "))")
    }
    return try value(type, column)
  }

  private func count<T>(_ type: T.Type, _ total: inout Int) { total += 1 }

  private func next<T: PostgresDecodable>(_ type: T.Type, _ column: inout Int) throws(PostgresError) -> T {
    defer { column += 1 }
    return try value(type, column)
  }

  private func value<T: PostgresDecodable>(_ type: T.Type, _ column: Int) throws(PostgresError) -> T {
    do {
      return try T.decode(result.cell(row: index, column: column))
    } catch {
      var error = error
      error.message = "column \(column + 1) (\(result.name(of: column))), row \(index + 1): \(error.message)"
      error.column = result.name(of: column)
      throw error
    }
  }
}
