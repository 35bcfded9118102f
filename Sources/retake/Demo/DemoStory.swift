import Campaigns
import Foundation

/// What a demo showed, in a few lines.
struct DemoStory {
  private let summary: DemoSummary
  private let goal: Goal

  init(_ summary: DemoSummary, goal: Goal) {
    self.summary = summary
    self.goal = goal
  }

  var lines: [String] {
    var lines = ["", "What happened"]
    lines += summary.segments.flatMap(segment)
    let events = summary.events
    lines.append(
      "Events: \(grouped(events.sent)) sent, \(grouped(events.stored)) stored, \(grouped(events.duplicates)) duplicate, "
        + "\(grouped(events.quarantined)) quarantined, \(grouped(events.rejected)) rejected; none lost.")
    let judged = summary.verdicts.compactMap(\.holdsTruth)
    lines.append(
      "Truth: \(judged.filter { $0 }.count) of \(judged.count) intervals hold what the simulated audience really does."
    )
    lines.append(
      "Files: \(counted(summary.renditions.count, "videos")), "
        + "\(counted(summary.regenerated.count, "versions")) made anew.")
    lines.append("Report: \(summary.report.html)")
    lines.append("Dashboard: \(summary.dashboardUrl)")
    lines.append(String(format: "Done in %.0f seconds.", summary.seconds["total"] ?? 0))
    return lines
  }

  private func segment(_ key: String) -> [String] {
    var parts: [String] = []
    let verdicts = summary.verdicts.filter { $0.segment == key }
    // Who beats all others has beaten each of them: losers are told where there is no winner.
    let claim = verdicts.contains { $0.verdict == "winner" } ? "winner" : "loser"
    for kind in [claim, "fatigued", "shifted", "invalid"] {
      parts += verdicts.filter { $0.verdict == kind }.map(\.sentence)
    }
    if parts.isEmpty { parts.append("No difference between the versions is shown yet.") }
    let remade = Dictionary(grouping: summary.regenerated.filter { $0.segment == key }, by: \.generation)
    for (generation, versions) in remade.sorted(by: { $0.key < $1.key }) {
      let names = versions.map(\.variant).sorted().joined(separator: ", ")
      parts.append("Regenerated: \(names) (generation \(generation)).")
    }
    let retired = summary.variants.filter { $0.segment == key && $0.status == "retired" }.map(\.name)
    if !retired.isEmpty { parts.append("Retired: \(retired.joined(separator: ", ")).") }
    return ["  \(key)"] + parts.map { "    \($0)" }
  }
}
