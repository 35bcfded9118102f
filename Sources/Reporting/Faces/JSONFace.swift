import Foundation

/// `{"format": "retake.weekly_report/1", "reports": [...]}`; keys in snake case and in order of the alphabet.
public struct JSONFace: Sendable {
  public static let format = "retake.weekly_report/1"

  public struct Document: Codable {
    public var format: String
    public var reports: [WeeklyReport]
  }

  public init() {}

  public func render(_ reports: [WeeklyReport]) throws(ReportingError) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.dateEncodingStrategy = .iso8601
    do {
      let document = Document(format: Self.format, reports: reports)
      return String(decoding: try encoder.encode(document), as: UTF8.self) + "\n"
    } catch {
      throw .cannotEncode("\(error)")
    }
  }

  /// Reads what `render` wrote.
  public static func reports(in text: String) throws -> [WeeklyReport] {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    decoder.dateDecodingStrategy = .iso8601
    return try decoder.decode(Document.self, from: Data(text.utf8)).reports
  }
}
