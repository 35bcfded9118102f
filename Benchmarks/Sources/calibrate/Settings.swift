/// What the command line asks for.
struct Settings {
  var isQuick = false
  var isJSON = false
  /// Only simulations whose names begin so.
  var only = ""
  /// Where the page is written.
  var page: String?

  static let usage = "calibrate [--quick] [--json] [--only NAME] [--page FILE]"

  init(_ arguments: some Sequence<String>) throws {
    var rest = Array(arguments)[...]
    while let argument = rest.popFirst() {
      switch argument {
      case "--quick": isQuick = true
      case "--json": isJSON = true
      case "--only": only = try Self.value(of: argument, &rest)
      case "--page": page = try Self.value(of: argument, &rest)
      default: throw Complaint("calibrate knows no '\(argument)'. \(Self.usage)")
      }
    }
  }

  private static func value(of option: String, _ rest: inout ArraySlice<String>) throws -> String {
    guard let value = rest.popFirst() else { throw Complaint("\(option) needs a value. \(usage)") }
    return value
  }
}

struct Complaint: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
