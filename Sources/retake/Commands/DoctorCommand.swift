import ArgumentParser
import Foundation
import Ingestion
import Postgres

struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract:
      "Look whether ingestion is well: database, partitions, folding, counters, spool, disk, settings.",
    discussion: """
      Changes nothing, and may be asked while the service runs. Exit status: 0 when all is well, 1 for warnings, \
      2 for problems.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json
  }

  @OptionGroup var common: CommonOptions

  @Flag(help: "Count every event to compare with the counters, however many there are; slow on large tables.")
  var count = false

  @Option(help: "text or json.")
  var format: Format = .text

  func run() async throws {
    let report = Doctor().examine(try await evidence())
    switch format {
    case .text: Console.print(DoctorText(report, isColoured: Console.outputIsTerminal).text)
    case .json:
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      Console.print(String(decoding: try encoder.encode(report), as: UTF8.self))
    }
    if report.standing != .ok { throw ExitCode(Int32(report.standing.rank)) }
  }

  /// A database that does not answer is a finding, not a failure of the command.
  private func evidence() async throws -> DoctorEvidence {
    let environment = ProcessInfo.processInfo.environment
    let settings = try common.settings(
      try Installation.find(environment: environment), environment: environment)
    let nothing = DoctorEvidence(at: Date(), server: "nobody asked")
    var evidence = nothing
    do {
      evidence = try await withRuntime(common, schema: .any) { runtime in
        var seen = nothing
        let look = DoctorLook(
          aheadDays: runtime.partitionsAheadDays, policy: try runtime.retentionPolicy(),
          countsUpTo: count ? .max : 5_000_000)
        await look.ask(runtime.database, migrator: runtime.migrator, into: &seen)
        return seen
      }
    } catch let error as PostgresError {
      evidence.server = .unknown(reason: error.message)
    }
    evidence.at = Date()
    evidence.spool = DoctorLook.spool(
      in: settings.dataFolder.appending(path: "spool"),
      SpoolSettings(
        budgetBytes: settings.ingestion.spoolBytes, reserveBytes: settings.ingestion.diskReserveBytes))
    evidence.disk = DoctorLook.disk("data folder", at: settings.dataFolder.path)
    evidence.reserveBytes = settings.ingestion.diskReserveBytes
    evidence.contradictions = settings.contradictions
    return evidence
  }
}

/// A report for a terminal: a mark, the check, what was found, and under it what to do.
struct DoctorText {
  private let report: DoctorReport
  private let isColoured: Bool

  init(_ report: DoctorReport, isColoured: Bool) {
    self.report = report
    self.isColoured = isColoured
  }

  var text: String {
    let width = report.findings.map(\.check.count).max() ?? 0
    var lines: [String] = []
    for finding in report.findings {
      let name = finding.check.padding(toLength: width, withPad: " ", startingAt: 0)
      lines.append("\(mark(finding.standing))  \(name)  \(finding.message)")
      if let remedy = finding.remedy {
        lines.append(String(repeating: " ", count: 7 + 2 + width + 2) + "-> \(remedy)")
      }
    }
    return lines.joined(separator: "\n") + "\n\n" + summary
  }

  private var summary: String {
    let problems = report.findings.count { $0.standing == .problem }
    let warnings = report.findings.count { $0.standing == .warning }
    let parts = [(problems, "problem"), (warnings, "warning")].filter { $0.0 > 0 }
      .map { "\($0.0) \($0.1)\($0.0 == 1 ? "" : "s")" }
    return parts.isEmpty ? "All is well." : parts.joined(separator: ", ") + "."
  }

  /// Seven columns wide.
  private func mark(_ standing: DoctorReport.Standing) -> String {
    let word = standing.rawValue.padding(toLength: 7, withPad: " ", startingAt: 0)
    guard isColoured else { return word }
    let colour =
      switch standing {
      case .ok: "32"
      case .warning: "33"
      case .problem: "31;1"
      }
    return "\u{1B}[\(colour)m\(word)\u{1B}[0m"
  }
}
