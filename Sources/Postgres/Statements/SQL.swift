/// A statement, or a part of one. Its text can only come from the source code: literals are `StaticString`s, so
/// run-time text becomes a bound parameter and never SQL, and the compiler refuses the rest.
///
///     let old: SQL = "created_at < \(date)"
///     try await database.execute("DELETE FROM job WHERE \(old) AND state = \("done")")
///
/// Interpolated values bind, an interpolated `SQL` is spliced in, `nil` binds NULL. Names that are known only at run
/// time are quoted by `\(identifier:)`, and values in statements that take no parameters (DDL) by `\(literal:)`.
public struct SQL: ExpressibleByStringInterpolation, Sendable {
  public typealias StringLiteralType = StaticString

  enum Fragment: Sendable {
    case literal(StaticString)
    case quoted(String)
    case parameter(Parameter)
  }

  var fragments: [Fragment]

  init(fragments: [Fragment]) { self.fragments = fragments }

  public init(stringLiteral value: StaticString) { fragments = [.literal(value)] }

  public init(stringInterpolation: Interpolation) { fragments = stringInterpolation.fragments }

  public static func + (left: SQL, right: SQL) -> SQL { SQL(fragments: left.fragments + right.fragments) }

  public static func += (left: inout SQL, right: SQL) { left.fragments += right.fragments }

  public var isEmpty: Bool { fragments.isEmpty }

  /// Text as PostgreSQL gets it, with `$1`, `$2` … where values are bound.
  var rendered: (text: String, parameters: [Parameter]) {
    var text = ""
    var parameters: [Parameter] = []
    for fragment in fragments {
      switch fragment {
      case .literal(let literal):
        literal.withUTF8Buffer { text += String(decoding: $0, as: UTF8.self) }
      case .quoted(let quoted): text += quoted
      case .parameter(let parameter):
        parameters.append(parameter)
        text += "$\(parameters.count)"
      }
    }
    return (text, parameters)
  }

  /// The text with `$1` in place of values: what a log may show.
  public var text: String { rendered.text }
}

extension Sequence where Element == SQL {
  /// Splices statements' parts together: `conditions.joined(separator: " AND ")`.
  public func joined(separator: SQL) -> SQL {
    var joined = SQL(fragments: [])
    for (index, part) in enumerated() {
      if index > 0 { joined += separator }
      joined += part
    }
    return joined
  }
}
