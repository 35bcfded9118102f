/// Why a report could not be made or written.
public enum ReportingError: Error, Hashable, CustomStringConvertible {
  /// What was given, and what would be right.
  case invalidWeek(String, String)
  case unknownFormat(String)
  case weekNotBegun(ISOWeek)
  /// A template or style that the HTML face needs: path, what is the matter.
  case template(String, String)
  /// Path, what the system said.
  case cannotWrite(String, String)
  case cannotEncode(String)

  public var description: String {
    switch self {
    case .invalidWeek(let given, let hint): "'\(given)' is not a week: \(hint)."
    case .unknownFormat(let given):
      "There is no report format '\(given)'; choose one of "
        + ReportFormat.allCases.map(\.rawValue).joined(separator: ", ") + "."
    case .weekNotBegun(let week): "Week \(week) has not begun, so there is nothing to report yet."
    case .template(let path, let problem):
      "The report's template \(path) cannot be used: \(problem). It belongs to Retake's installation (dashboards/web)."
    case .cannotWrite(let path, let problem): "The report could not be written to \(path): \(problem)."
    case .cannotEncode(let problem): "The report could not be put into JSON: \(problem)."
    }
  }
}
