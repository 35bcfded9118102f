/// Why a file of insights was not imported: nothing of it was.
public enum InsightImportError: Error, Hashable, Sendable, CustomStringConvertible {
  /// One thing that is wrong in a file.
  public struct Problem: Hashable, Sendable, CustomStringConvertible {
    /// Counted from 1.
    public var line: Int
    /// The column's header; nil when the whole row is wrong.
    public var column: String?
    public var message: String

    public var description: String {
      "line \(line)" + (column.map { ", column \($0)" } ?? "") + ": \(message)"
    }
  }

  case unreadable(String)
  /// Columns that must be there, each as the names it may have.
  case missingColumns([String])
  case rows([Problem])
  /// The campaign cannot take insights.
  case campaign(String)

  public var description: String {
    switch self {
    case .unreadable(let reason): reason
    case .missingColumns(let columns):
      "the file lacks: \(columns.joined(separator: "; ")). Export from Ads Manager with these columns"
    case .rows(let problems): problems.map(\.description).joined(separator: "\n")
    case .campaign(let reason): reason
    }
  }
}
