import Campaigns
import FoundationEssentials
import Hummingbird

extension Request {
  /// A time in the query, RFC 3339.
  func moment(_ name: String) throws(Problem) -> Date? {
    guard let text = uri.queryParameters.get(name) else { return nil }
    for fractional in [true, false] {
      let style = Date.ISO8601FormatStyle(includingFractionalSeconds: fractional)
      if let date = try? style.parse(text) { return date }
    }
    throw Problem.badRequest(
      "\(name)=\"\(text)\" is not a time; write it as 2026-11-16T22:00:00Z.", code: "time_malformed")
  }

  /// An id in the query.
  func identifier<Subject>(_ name: String) throws(Problem) -> Identifier<Subject>? {
    guard let text = uri.queryParameters.get(name) else { return nil }
    guard let uuid = UUID(uuidString: text) else {
      throw Problem.badRequest("\(name)=\"\(text)\" is not an id; ids are UUIDs.", code: "id_malformed")
    }
    return Identifier(uuid)
  }

  /// How many items a page may have: `limit`, 1 to 500, 100 when not said.
  func limit() throws(Problem) -> Int {
    guard let text = uri.queryParameters.get("limit") else { return 100 }
    guard let limit = Int(text), (1...500).contains(limit) else {
      throw Problem.badRequest("limit=\"\(text)\" is not a number from 1 to 500.", code: "limit_malformed")
    }
    return limit
  }
}
