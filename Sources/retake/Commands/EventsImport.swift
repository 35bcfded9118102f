import ArgumentParser
import Campaigns
import Foundation
import Ingestion

extension EventsCommand {
  struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Store the events of a file, one JSON object per line (NDJSON), plain or gzip.",
      discussion: """
        Every event goes the way of those sent to POST /v1/events: stored once, whatever is sent or read again. An \
        interrupted reading goes on where it was when the same command is given again. Events older than \
        ingestion.accept_from are put in quarantine; for older ones set RETAKE_INGESTION_ACCEPT_FROM=2000d.

        Exit status: 0 every event is stored; 2 the file was read to its end and some were not; 1 it was not.
        """)

    @OptionGroup var common: CommonOptions

    @Argument(
      help: "The file; - for standard input.", completion: .file(extensions: ["ndjson", "jsonl", "gz"]))
    var file: String

    @Flag(help: "Read from the beginning even if the file was read before.")
    var again = false

    func run() async throws {
      let path = file == "-" ? nil : file
      let identity = try path.flatMap { try EventFileIdentity(path: $0) }
      try await withRuntime(common) { runtime in
        let workspace = try await runtime.workspace()
        let store = EventFileStore(runtime.database)
        var known: EventFileProgress?
        if let identity, !again { known = try await store.progress(of: identity, workspace: workspace.id) }
        if let known, let finished = known.finishedAt {
          Console.note(
            "\(file) was read to its end at \(Moment.text(finished)) already; --again reads it once more.")
          return try report(known)
        }
        if let known, known.linesDone > 0 {
          Console.note("Going on behind line \(grouped(known.linesDone)), where an earlier reading ended.")
        }
        let meter = ImportMeter(sizeBytes: identity?.sizeBytes, before: known)
        let title = "Importing \(identity?.name ?? (path ?? "standard input"))"
        let progress = try await ProgressDisplay().step(title, unit: "events") { step in
          try await runtime.withEventDoor { door in
            try await EventFileImport(database: runtime.database, door: door, workspace: workspace.id)
              .run(path: path, file: identity, again: again) { meter.show($0, on: step) }
          }
        }
        try report(progress)
      }
    }

    private func report(_ progress: EventFileProgress) throws {
      let counts = progress.counts
      Console.print(
        "\(grouped(counts.received)) events: \(grouped(counts.stored)) stored, \(grouped(counts.duplicate)) duplicate, "
          + "\(grouped(counts.quarantined)) quarantined, \(grouped(counts.rejected)) rejected")
      if progress.tookEverything { return }
      for rejection in progress.rejections {
        Console.print("  line \(rejection.line): \(rejection.code), \(rejection.message)")
      }
      let untold = counts.quarantined + counts.rejected - progress.rejections.count
      if untold > 0 { Console.print("  and \(grouped(untold)) more") }
      throw ExitCode(2)
    }
  }
}

/// Rate, share and time left of an import.
private struct ImportMeter {
  /// Of the file; nil for a pipe.
  let sizeBytes: Int64?
  private let before: Int
  private let startedAt = ContinuousClock.now

  init(sizeBytes: Int64?, before: EventFileProgress?) {
    self.sizeBytes = sizeBytes
    self.before = before?.counts.received ?? 0
  }

  func show(_ now: EventFileImport.Step, on step: ProgressDisplay.Step) {
    let elapsed = ContinuousClock.now - startedAt
    let took = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
    let done = now.progress.counts.received
    let rate = Double(done - before) / max(took, 0.001)
    var detail = "\(grouped(Int(rate)))/s"
    guard let sizeBytes, sizeBytes > 0 else { return step.update(done: done, detail: detail) }
    let share = min(1, Double(now.fileBytes) / Double(sizeBytes))
    // How many events there will be is known only at the end: as many per byte as so far.
    let total = share < 1 ? max(done + 1, Int(Double(done) / max(share, 1e-6))) : done
    if share < 1, rate > 0 {
      detail += ", \(Int(share * 100)) %, \(DurationText.short(Double(total - done) / rate)) left"
    }
    step.update(done: done, total: total, detail: detail)
  }
}

private enum DurationText {
  /// `0:42`, `12:05`, `1:02:03`
  static func short(_ seconds: Double) -> String {
    let whole = Int(min(seconds, 359_999).rounded(.up))
    let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
    return hours > 0
      ? String(format: "%d:%02d:%02d", hours, minutes, rest) : String(format: "%d:%02d", minutes, rest)
  }
}
