extension SQL {
  public struct Interpolation: StringInterpolationProtocol {
    public typealias StringLiteralType = StaticString

    var fragments: [Fragment] = []

    public init(literalCapacity: Int, interpolationCount: Int) {
      fragments.reserveCapacity(2 * interpolationCount + 1)
    }

    public mutating func appendLiteral(_ literal: StaticString) {
      if literal.utf8CodeUnitCount > 0 { fragments.append(.literal(literal)) }
    }

    /// Binds a value.
    public mutating func appendInterpolation<T: PostgresEncodable>(_ value: T) {
      fragments.append(.parameter(Parameter(value)))
    }

    /// Binds a value or NULL. Stated on its own so that the compiler sees that an optional is meant.
    public mutating func appendInterpolation<T: PostgresEncodable>(_ value: T?) {
      fragments.append(.parameter(Parameter(value)))
    }

    /// Splices a part in, with its own values.
    public mutating func appendInterpolation(_ part: SQL) { fragments += part.fragments }

    /// Quotes a name known only at run time; dots separate schema and name.
    public mutating func appendInterpolation(identifier name: String) {
      fragments.append(.quoted(quotedIdentifier(name)))
    }

    /// Quotes text as a literal, for statements that cannot take parameters.
    public mutating func appendInterpolation(literal text: String) {
      fragments.append(.quoted(quotedLiteral(text)))
    }
  }
}

func quotedIdentifier(_ name: String) -> String {
  name.split(separator: ".", omittingEmptySubsequences: false)
    .map { part in "\"" + String(part.filter { $0 != "\0" }).doubling("\"") + "\"" }
    .joined(separator: ".")
}

/// `E''` where a backslash is in the text, so that the reading does not depend on `standard_conforming_strings`.
func quotedLiteral(_ text: String) -> String {
  let quoted = "'" + text.filter { $0 != "\0" }.doubling("'").doubling("\\") + "'"
  return text.contains("\\") ? " E" + quoted : quoted
}

extension String {
  fileprivate func doubling(_ character: Character) -> String {
    var result = ""
    result.reserveCapacity(utf8.count + 2)
    for scalar in unicodeScalars {
      result.unicodeScalars.append(scalar)
      if Character(scalar) == character { result.unicodeScalars.append(scalar) }
    }
    return result
  }
}
