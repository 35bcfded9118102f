import Autopilot
import Campaigns
import Foundation
import Ingestion
import Jobs
import Simulation

/// The replay itself: traffic up to the next scheduled round, the round, the files it ordered, and on.
struct DemoWeeks {
  private let runtime: Runtime
  private let display: ProgressDisplay
  private let campaign: Campaign
  private let audience: SimulatedAudience
  private let start: Date
  private let end: Date
  private(set) var sent = TrafficReport()
  private(set) var watch: Stopwatch

  init(run: DemoRun, campaign: Campaign, audience: SimulatedAudience) {
    runtime = run.runtime
    display = run.display
    self.campaign = campaign
    self.audience = audience
    start = run.start
    end = run.end
    watch = run.watch
  }

  mutating func play() async throws {
    var moment = start
    while moment < end {
      let due = try await nextRound()
      let stop = min(due, end)
      try await send(from: moment, until: stop)
      if due < end { try await round(due) }
      moment = stop
    }
  }

  private mutating func send(from: Date, until: Date) async throws {
    guard from < until else { return }
    let audience = audience
    let title = "Week \(week(of: until.addingTimeInterval(-1))) · people watch until \(Self.words(until))"
    let report = try await display.step(title, unit: "events") { step in
      try await audience.send(from..<until) {
        step.update(done: $0.sent, detail: "\(grouped($0.acknowledged)) stored")
      }
    }
    sent += report
    try await runtime.folder.foldAll()
    watch.lap("traffic")
  }

  /// The scheduled round at its logical time: the scheduler adds its job, a worker does it.
  private mutating func round(_ due: Date) async throws {
    let runtime = runtime
    let name = AutopilotSchedule.name(of: campaign.id)
    let before = Set(try await runtime.renditions.list(in: campaign.scope).map(\.fileName))
    let (campaign, from) = (campaign, due)
    try await display.step("Week \(week(of: due)) · autopilot looks, \(Self.words(due))", unit: "decisions") {
      step in
      let runs = try await runtime.scheduler.runDue(at: due)
      guard let run = runs.first(where: { $0.schedule == name }) else {
        throw CommandFailure("the round of \(Moment.text(due)) did not come due.")
      }
      try await awaitJob(run.job.id)
      let decisions = try await runtime.decisions.between(
        from, and: from.addingTimeInterval(1), in: campaign.scope)
      let kinds = Dictionary(grouping: decisions, by: \.kind).map { "\($0.key.rawValue) \($0.value.count)" }
      step.update(done: decisions.count, detail: kinds.sorted().joined(separator: ", "))
    }
    watch.lap("rounds")
    _ = try await runtime.awaitRenders(
      of: campaign, title: "Week \(week(of: due)) · rendering new versions", display: display, known: before)
    watch.lap("render")
  }

  private func awaitJob(_ id: JobID) async throws {
    while true {
      guard let job = try await runtime.queue.job(id) else {
        throw CommandFailure("the round's job \(id) is gone.")
      }
      switch job.state {
      case .completed: return
      case .discarded, .cancelled:
        throw CommandFailure("the autopilot's round failed: \(job.lastError ?? "it was called off")")
      case .available, .running, .retryable: try await Task.sleep(for: .milliseconds(50))
      }
    }
  }

  private func nextRound() async throws -> Date {
    let name = AutopilotSchedule.name(of: campaign.id)
    guard let schedule = try await runtime.schedules.all().first(where: { $0.name == name }) else {
      throw CommandFailure("campaign \(campaign.key) has no schedule.")
    }
    return schedule.nextRunAt
  }

  private func week(of moment: Date) -> Int {
    Int(moment.timeIntervalSince(start) / DemoWeek.seconds) + 1
  }

  /// `Sun 1 Nov 22:00`
  private static func words(_ moment: Date) -> String {
    var style = Date.VerbatimFormatStyle(
      format:
        "\(weekday: .abbreviated) \(day: .defaultDigits) \(month: .abbreviated) \(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits)",
      locale: Locale(identifier: "en_GB"), timeZone: .gmt, calendar: Calendar(identifier: .gregorian))
    style.timeZone = .gmt
    return moment.formatted(style)
  }
}

extension TrafficReport {
  fileprivate static func += (left: inout TrafficReport, right: TrafficReport) {
    left.sent += right.sent
    left.acknowledged += right.acknowledged
    left.duplicates += right.duplicates
    left.quarantined += right.quarantined
    left.rejected += right.rejected
    left.requests += right.requests
    left.retries += right.retries
  }
}
