import Autopilot
import Campaigns
import Foundation
import Ingestion
import Jobs
import Simulation

/// One run of the demo: everything that a customer's four weeks would do, against the real parts.
struct DemoRun {
  let runtime: Runtime
  let display: ProgressDisplay
  let options: Demo
  let truth: Truth
  /// The first moment of the replayed weeks, a Monday.
  let start: Date
  /// The moment at which the replay ends: the start of this week.
  let end: Date
  private let folder: String
  var watch: Stopwatch

  init(runtime: Runtime, display: ProgressDisplay, watch: Stopwatch, options: Demo) throws {
    self.runtime = runtime
    self.display = display
    self.options = options
    self.watch = watch
    folder = options.example ?? runtime.installation.examples.appending(path: "perlune").path
    var truth = try Truth(path: "\(folder)/truth.yaml")
    end = DemoWeek.start(of: Date())
    start = end.addingTimeInterval(-Double(truth.weeks) * DemoWeek.seconds)
    truth.start = start
    if let seed = options.seed { truth.seed = seed }
    self.truth = truth
  }

  mutating func run() async throws {
    let workspace = try await freeWorkspace()
    display.say("Workspace \(workspace.name), data in \(runtime.dataFolder)")
    let (_, secret) = try await runtime.createKey("demo", scopes: [.ingest, .read], in: workspace)
    var campaign = try await apply(in: workspace)
    do {
      // One file per core; on one core two, for each waits for the disk now and then.
      let cores = min(8, max(2, ProcessInfo.processInfo.activeProcessorCount))
      var run = self
      try await runtime.working(concurrency: cores) {
        try await run.launch(campaign)
        campaign = try await run.runtime.campaigns.load(campaign.id)
        let service = DemoService(runtime: run.runtime, display: run.display, port: run.options.port)
        try await service.serving { base in
          try await run.finish(campaign, workspace, base: base, key: secret)
        }
      }
    } catch {
      await abandon(campaign)
      throw error
    }
  }

  /// `demo`, `demo-2` …: the first that is not there, so that no run meets another's data.
  private func freeWorkspace() async throws -> Workspace {
    let taken = Set(try await runtime.workspaces.list().map(\.name))
    var number = 1
    while taken.contains(number == 1 ? "demo" : "demo-\(number)") { number += 1 }
    return try await runtime.workspace(named: number == 1 ? "demo" : "demo-\(number)")
  }

  private mutating func apply(in workspace: Workspace) async throws -> Campaign {
    let (runtime, folder, start, end) = (runtime, folder, start, end)
    let campaign = try await display.step("Applying the campaign in \(folder)") { step in
      let report = try await runtime.apply(folder, in: workspace, at: start, isReplay: true)
      var campaign = report.campaign
      // The replayed weeks must lie within the campaign's days, whenever the demo is run.
      let (first, last) = (Day.containing(start), Day.containing(end))
      if (campaign.startsOn ?? first) > first || (campaign.endsOn ?? last) < last {
        campaign.startsOn = min(campaign.startsOn ?? first, first)
        campaign.endsOn = max(campaign.endsOn ?? last, last)
        try await runtime.campaigns.update(campaign)
      }
      let segments = report.segments.map(\.key).joined(separator: ", ")
      step.update(done: 0, detail: "\(campaign.name): \(segments)")
      return campaign
    }
    watch.lap("apply")
    return campaign
  }

  /// The first versions: designed, rendered, on air from the first hour of the replay.
  private mutating func launch(_ campaign: Campaign) async throws {
    let variants = try await runtime.launcher.order(
      campaign, time: LogicalTime(at: start.addingTimeInterval(-1), isReplay: true))
    display.say("\(variants.count) versions designed, for \(campaign.placements.joined(separator: ", "))")
    _ = try await runtime.awaitRenders(of: campaign, title: "Rendering the first versions", display: display)
    let onAir = Set(try await runtime.experiments.list(in: campaign.scope).map(\.segment))
    let segments = try await runtime.segments.list(in: campaign.scope)
    if let missing = segments.first(where: { !onAir.contains($0.id) }) {
      throw CommandFailure("segment \(missing.key) did not go on air although its files are rendered.")
    }
    watch.lap("render")
  }

  /// The weeks, the report, the summary; then up until Ctrl-C, unless told otherwise.
  private mutating func finish(
    _ campaign: Campaign, _ workspace: Workspace, base: URL, key: APIKeySecret
  ) async throws {
    var weeks = DemoWeeks(
      run: self, campaign: campaign,
      audience: SimulatedAudience(truth: truth, campaign: campaign.key, base: base, key: key.text))
    try await weeks.play()
    watch = weeks.watch
    let report = try await DemoReport(run: self, campaign: campaign, workspace: workspace).write()
    watch.lap("report")
    var ledger = DemoLedger(run: self, campaign: campaign, workspace: workspace)
    ledger.report = report
    ledger.dashboardURL = "\(base.absoluteString)/key?key=\(key.text)"
    var summary = try await ledger.summary(sent: weeks.sent)
    try await ledger.check(summary)
    watch.lap("check")
    // From here on the campaign lives in the present, as any other.
    try await AutopilotSchedule.apply(
      campaign, timeZone: runtime.settings.autopilot.timeZone,
      time: LogicalTime(at: Date(), isReplay: false), on: runtime.database)
    summary.seconds = watch.seconds
    if let file = options.summary { try OutputFile.write(try summary.json(), to: file) }
    for line in DemoStory(summary, goal: campaign.goal).lines { display.say(line) }
    guard !options.once else { return }
    display.say("The dashboard stays up. Ctrl-C stops it.")
    do {
      while true { try await Task.sleep(for: .seconds(3600)) }
    } catch is CancellationError {
      display.say("Stopping.")
    }
  }

  /// A run that did not come to its end must not go on in the background of a later program.
  private func abandon(_ campaign: Campaign) async {
    let runtime = runtime
    // A task of its own: ours may be cancelled, which is why we are here.
    await Task {
      do {
        try await runtime.schedules.setEnabled(false, name: AutopilotSchedule.name(of: campaign.id))
        let open = try await runtime.jobs(
          JobKind.render.name, of: campaign, states: [.available, .running, .retryable])
        for job in open { try await runtime.queue.cancel(job.id, at: Date()) }
      } catch {
        display.say(
          "warning: what was left to do for campaign \(campaign.key) could not be called off: \(error)")
      }
    }.value
  }
}

/// ISO weeks in UTC.
enum DemoWeek {
  static let seconds = 7 * 86_400.0

  /// Monday, 00:00 UTC, of the week that holds `moment`.
  static func start(of moment: Date) -> Date {
    // 1970-01-05 was a Monday.
    let monday = 4 * 86_400.0
    let weeks = ((moment.timeIntervalSince1970 - monday) / seconds).rounded(.down)
    return Date(timeIntervalSince1970: monday + weeks * seconds)
  }
}
