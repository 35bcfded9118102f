public import Foundation
import Mustache

/// One file that needs nothing else: style and charts are inside. Prints well, follows the reader's light or dark
/// scheme, and reads on a telephone.
public struct HTMLFace: Sendable {
  private let pages: URL

  /// - Parameter pages: the folder with `report.html.mustache` and `report.css`.
  public init(pages: URL) { self.pages = pages }

  public func render(_ reports: [WeeklyReport]) throws(ReportingError) -> String {
    let template = try template()
    let title =
      reports.count == 1 ? "\(reports[0].campaign.name), week \(reports[0].week)" : "Weekly report"
    let page: [String: Any] = [
      "title": title, "style": try text(of: "report.css"),
      "reports": reports.enumerated().map { HTMLView(report: $1, prefix: "r\($0)").values },
    ]
    return template.render(page)
  }

  private func template() throws(ReportingError) -> MustacheTemplate {
    let name = "report.html.mustache"
    let text = try text(of: name)
    do {
      return try MustacheTemplate(string: text)
    } catch {
      throw .template(pages.appending(path: name).path, "\(error)")
    }
  }

  private func text(of name: String) throws(ReportingError) -> String {
    let file = pages.appending(path: name)
    do {
      return try String(contentsOf: file, encoding: .utf8)
    } catch {
      throw .template(file.path, error.localizedDescription)
    }
  }
}
