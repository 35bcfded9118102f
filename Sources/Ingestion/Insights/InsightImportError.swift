/// Why figures were not imported: nothing of them was.
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

  /// A column that must be there.
  public struct MissingColumn: Hashable, Sendable, CustomStringConvertible {
    /// What it may be called.
    public var names: [String]
    /// A header that may be meant.
    public var nearest: String?

    public var description: String {
      let name =
        names.count == 1
        ? names[0] : "\(names.dropLast().joined(separator: ", ")) or \(names[names.count - 1])"
      return name + (nearest.map { " (is \"\($0)\" meant?)" } ?? "")
    }
  }

  case unreadable(String)
  case missingColumns([MissingColumn], found: [String])
  case rows([Problem])
  /// The campaign cannot take these figures.
  case campaign(String)

  public var description: String {
    switch self {
    case .unreadable(let reason): reason
    case .missingColumns(let columns, let found):
      """
      the file lacks: \(columns.map(\.description).joined(separator: "; ")). \
      Its columns are: \(found.filter { !$0.isEmpty }.joined(separator: ", ")). \
      Export with the missing ones, or say with --from csv --mapping FILE what the columns are
      """
    case .rows(let problems): problems.map(\.description).joined(separator: "\n")
    case .campaign(let reason): reason
    }
  }
}
