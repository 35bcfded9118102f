/// The faces of a report.
public enum ReportFormat: String, Hashable, Sendable, CaseIterable {
  case text, markdown, html, json, csv

  public init(named name: String) throws(ReportingError) {
    guard let format = ReportFormat(rawValue: name) else { throw .unknownFormat(name) }
    self = format
  }

  public var fileExtension: String {
    switch self {
    case .text: "txt"
    case .markdown: "md"
    case .html: "html"
    case .json: "json"
    case .csv: "csv"
    }
  }

  public var mediaType: String {
    switch self {
    case .text: "text/plain; charset=utf-8"
    case .markdown: "text/markdown; charset=utf-8"
    case .html: "text/html; charset=utf-8"
    case .json: "application/json"
    case .csv: "text/csv; charset=utf-8; header=present"
    }
  }
}
