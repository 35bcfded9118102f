/// Why a document was refused: every problem found in it, in the order of the text.
///
/// Prints one problem a line as `file:line:column: key.path: message`, the form editors jump to.
public struct DocumentError: Error, Sendable, CustomStringConvertible {
  /// One thing that is wrong, where it stands and what would be right.
  public struct Problem: Sendable, Hashable, CustomStringConvertible {
    /// The document's name as people know it, most often its path.
    public let file: String
    /// Counted from 1; 0 when the problem belongs to the file as a whole.
    public let line: Int
    /// Counted from 1, in Unicode scalars; 0 when the problem belongs to the file as a whole.
    public let column: Int
    /// Where in the document's structure: `placements[1].id`; empty at the root.
    public let path: String
    public let message: String

    public init(file: String, line: Int, column: Int, path: String, message: String) {
      self.file = file
      self.line = line
      self.column = column
      self.path = path
      self.message = message
    }

    public var description: String {
      let place = line > 0 ? "\(file):\(line):\(column)" : file
      return path.isEmpty ? "\(place): \(message)" : "\(place): \(path): \(message)"
    }
  }

  public let problems: [Problem]

  public init(problems: [Problem]) {
    self.problems = problems.sorted { ($0.file, $0.line, $0.column) < ($1.file, $1.line, $1.column) }
  }

  init(file: String, line: Int = 0, column: Int = 0, message: String) {
    self.init(problems: [
      Problem(file: file, line: line, column: column, path: "", message: message)
    ])
  }

  public var description: String {
    problems.map(\.description).joined(separator: "\n")
  }
}
