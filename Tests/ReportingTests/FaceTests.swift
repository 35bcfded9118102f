import Campaigns
import Foundation
import Reporting
import TestKit
import Testing

/// Faces of fixed models, compared with files in Tests/Golden. After a wanted change write them anew with
/// `RETAKE_UPDATE_GOLDEN=1 swift test --filter FaceTests` and read the difference.
@Suite("Faces of a report")
struct FaceTests {
  private static let folder = Repository.file("Tests/Golden/Reporting")
  private static let pages = Repository.file("dashboards/web")

  private func model(_ name: String) throws -> [WeeklyReport] {
    try JSONFace.reports(in: String(contentsOf: Self.folder.appending(path: name), encoding: .utf8))
  }

  private func hold(_ text: String, to name: String) throws {
    let file = Self.folder.appending(path: name)
    if ProcessInfo.processInfo.environment["RETAKE_UPDATE_GOLDEN"] != nil {
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
    #expect(try text == String(contentsOf: file, encoding: .utf8), "\(name) differs; see the suite's comment")
  }

  @Test("text, Markdown and CSV are what they were", arguments: ["model", "imported"])
  func golden(name: String) throws {
    let reports = try model("\(name).json")
    let renderer = ReportRenderer(pages: Self.pages)
    try hold(renderer.render(reports, as: .text), to: "\(name).80.txt")
    try hold(ReportRenderer(pages: Self.pages, width: 120).render(reports, as: .text), to: "\(name).120.txt")
    try hold(renderer.render(reports, as: .markdown), to: "\(name).md")
    try hold(renderer.render(reports, as: .csv), to: "\(name).csv")
  }

  /// Charts have tests of their own; here they are left out.
  @Test("the page is what it was", arguments: ["model", "imported"])
  func page(name: String) throws {
    let html = try ReportRenderer(pages: Self.pages).render(model("\(name).json"), as: .html)
    if let folder = ProcessInfo.processInfo.environment["RETAKE_WRITE_PAGES"] {
      try html.write(toFile: "\(folder)/\(name).html", atomically: true, encoding: .utf8)
    }
    let bare = html.replacing(#/<svg.*?</svg>\s*/#.dotMatchesNewlines(), with: "<svg/>")
    let body = bare.replacing(#/<style>.*?</style>/#.dotMatchesNewlines(), with: "<style/>")
    try hold(body, to: "\(name).html")
  }

  @Test("the page needs no other file and runs no script")
  func selfContained() throws {
    let html = try ReportRenderer(pages: Self.pages).render(model("model.json"), as: .html)
    #expect(!html.contains("<script"))
    #expect(!html.contains("<link"))
    #expect(!html.contains("url("))
    #expect(!html.contains("src="))
    #expect(html.contains("<svg"))
    let ids = html.matches(of: #/ id="([^"]+)"/#).map { String($0.output.1) }
    #expect(Set(ids).count == ids.count, "ids are unique")
    let anchors = html.matches(of: #/href="#([^"]+)"/#).map { String($0.output.1) }
    #expect(Set(anchors).isSubset(of: Set(ids)))
  }

  @Test("what people wrote cannot become markup, in any face")
  func escaping() throws {
    let reports = try model("imported.json")
    let html = try ReportRenderer(pages: Self.pages).render(reports, as: .html)
    #expect(!html.contains("<b>fitness</b>"))
    #expect(html.contains("&lt;b&gt;fitness&lt;/b&gt; &amp; sport"))
    let markdown = try ReportRenderer(pages: Self.pages).render(reports, as: .markdown)
    #expect(markdown.contains(#"\<b\>fitness\</b\>"#))
  }

  @Test("a brand's colour that is no colour does not reach the style")
  func colour() throws {
    var reports = try model("model.json")
    reports[0].campaign.colour = "red}</style><script>alert(1)</script>"
    let html = try ReportRenderer(pages: Self.pages).render(reports, as: .html)
    #expect(!html.contains("alert(1)"))
  }

  @Test("no line is wider than the terminal", arguments: [40, 60, 80, 100, 120, 200])
  func width(columns: Int) throws {
    for name in ["model.json", "imported.json"] {
      let text = try ReportRenderer(pages: Self.pages, width: columns).render(model(name), as: .text)
      for line in text.split(separator: "\n") { #expect(line.count <= columns, "\(line)") }
    }
  }

  @Test("colours change no letter and are absent unless wanted")
  func colours() throws {
    let plain = try ReportRenderer(pages: Self.pages).render(model("model.json"), as: .text)
    let coloured = try ReportRenderer(pages: Self.pages, isColoured: true).render(
      model("model.json"), as: .text)
    #expect(!plain.contains("\u{1B}"))
    #expect(coloured.contains("\u{1B}[32m"))
    #expect(coloured.replacing(#/\u{1B}\[\d+m/#, with: "") == plain)
  }

  @Test("JSON reads back as what was written, with stable keys")
  func json() throws {
    let reports = try model("model.json")
    let text = try ReportRenderer(pages: Self.pages).render(reports, as: .json)
    #expect(try JSONFace.reports(in: text) == reports)
    try hold(text, to: "model.json")
    for key in [
      "format", "reports", "campaign", "headlines", "decisions_since", "week_before",
      "cost_per_result_micros",
      "probability_best", "received",
    ] { #expect(text.contains("\"\(key)\" :"), "\(key)") }
  }

  @Test("CSV has one row per version and the same number of fields in each, formulas disarmed")
  func csv() throws {
    var reports = try model("model.json")
    reports[0].segments[0].name = "=HYPERLINK(1), \"x\""
    let text = try ReportRenderer(pages: Self.pages).render(reports, as: .csv)
    let rows = text.components(separatedBy: "\r\n").dropLast()
    let versions = reports.flatMap(\.segments).flatMap(\.rounds).flatMap(\.versions).count
    #expect(rows.count == versions + 1)
    #expect(text.contains("\"'=HYPERLINK(1), \"\"x\"\"\""))
  }

  @Test("a report is written whole under its name or not at all")
  func writing() async throws {
    try await withTemporaryFolder { folder in
      let file = folder.appending(path: "report.txt")
      try ReportRenderer.write("one", to: file)
      try ReportRenderer.write("two", to: file)
      #expect(try String(contentsOf: file, encoding: .utf8) == "two")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["report.txt"])
      let nowhere = folder.appending(path: "no/such/report.txt")
      #expect(throws: ReportingError.self) { try ReportRenderer.write("three", to: nowhere) }
    }
  }

  @Test("a missing template names the file and where it belongs")
  func missing() throws {
    let reports = try model("model.json")
    #expect {
      try ReportRenderer(pages: URL(filePath: "/nowhere")).render(reports, as: .html)
    } throws: { "\($0)".contains("/nowhere/report.html.mustache") && "\($0)".contains("dashboards/web") }
  }

  @Test("an unknown format lists those there are")
  func format() {
    #expect {
      try ReportFormat(named: "pdf")
    } throws: { "\($0)" == "There is no report format 'pdf'; choose one of text, markdown, html, json, csv." }
  }
}
