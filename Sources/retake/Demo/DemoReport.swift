import Campaigns
import Foundation
import Reporting

/// The weekly report at the end of a demo: printed, and written as a page and as text.
struct DemoReport {
  let run: DemoRun
  let campaign: Campaign
  let workspace: Workspace

  func write() async throws -> DemoSummary.ReportFiles {
    let runtime = run.runtime
    let week = ISOWeek(lastCompleteBefore: run.end)
    let report = try await runtime.reporter.report(campaign: campaign, week: week, at: run.end)
    let renderer = runtime.reportRenderer(
      width: min(120, Console.columns(of: STDOUT_FILENO)), isColoured: Console.outputIsTerminal)
    Console.print(try renderer.render([report], as: .text))

    let folder = runtime.settings.dataFolder.appending(path: "reports/\(workspace.name)")
    try OutputFile.makeFolder(folder)
    let name = "\(campaign.key)-\(week)"
    let text = folder.appending(path: "\(name).txt").path
    let html = folder.appending(path: "\(name).html").path
    let plain = runtime.reportRenderer()
    try OutputFile.write(try plain.render([report], as: .text), to: text)
    try OutputFile.write(try plain.render([report], as: .html), to: html)
    return DemoSummary.ReportFiles(text: text, html: html)
  }
}
