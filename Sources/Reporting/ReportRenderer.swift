public import Foundation

/// Turns reports into text of any format, and writes it whole or not at all.
public struct ReportRenderer: Sendable {
  /// Columns of the terminal; only the text face asks.
  public var width: Int
  /// ANSI colours; only the text face asks.
  public var isColoured: Bool
  /// The folder with `report.html.mustache` and `report.css`; only the HTML face asks.
  public var pages: URL

  public init(pages: URL, width: Int = 80, isColoured: Bool = false) {
    self.pages = pages
    self.width = width
    self.isColoured = isColoured
  }

  public func render(_ reports: [WeeklyReport], as format: ReportFormat) throws(ReportingError) -> String {
    switch format {
    case .text:
      let face = TextFace(width: width, isColoured: isColoured)
      return reports.map { face.render($0) }.joined(separator: "\n\n")
    case .markdown: return reports.map { MarkdownFace().render($0) }.joined(separator: "\n---\n\n")
    case .html: return try HTMLFace(pages: pages).render(reports)
    case .json: return try JSONFace().render(reports)
    case .csv: return CSVFace().render(reports)
    }
  }

  /// Writes beside the destination first and renames: a reader sees the old file or the new one, never a part.
  public static func write(_ text: String, to file: URL) throws(ReportingError) {
    let part = file.deletingLastPathComponent()
      .appending(path: ".\(file.lastPathComponent).\(ProcessInfo.processInfo.processIdentifier).part")
    do {
      try Data(text.utf8).write(to: part)
      // Foundation's own replacement needs the destination to exist; rename(2) does not care.
      guard rename(part.path, file.path) == 0 else {
        let problem = String(cString: strerror(errno))
        try FileManager.default.removeItem(at: part)
        throw ReportingError.cannotWrite(file.path, problem)
      }
    } catch let error as ReportingError {
      throw error
    } catch {
      throw .cannotWrite(file.path, error.localizedDescription)
    }
  }
}
