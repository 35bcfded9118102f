import Autopilot
import Campaigns
import Foundation
import Jobs
import Postgres

/// How far the files of a campaign are.
struct RenderingState {
  var total = 0
  var made = 0
  /// Render jobs that were given up, with why.
  var failures: [String] = []
  /// What runs now, in words.
  var current = ""
  /// Frames done, as a part of one file, summed over the running ones.
  var underWay = 0.0

  var isDone: Bool { made + failures.count >= total }
}

extension Runtime {
  /// A campaign's jobs of one kind.
  func jobs(_ kind: String, of campaign: Campaign, states: Set<Job.State>) async throws -> [Job] {
    try await queue.jobs(of: campaign.id, limit: 10_000)
      .filter { $0.kind == kind && states.contains($0.state) }
  }

  /// - Parameter known: files that existed before, which do not count.
  func renderingState(of campaign: Campaign, known: Set<String>) async throws -> RenderingState {
    let made = try await renditions.list(in: campaign.scope).filter { !known.contains($0.fileName) }.count
    let jobs = try await jobs(
      JobKind.render.name, of: campaign, states: [.available, .running, .retryable, .discarded])
    let open = jobs.filter { $0.state != .discarded }
    let running = jobs.filter { $0.state == .running }
    var state = RenderingState(total: made + open.count, made: made)
    state.failures = jobs.filter { $0.state == .discarded }.map { $0.lastError ?? "for no stated reason" }
    state.total += state.failures.count
    state.underWay = running.reduce(0) { $0 + ($1.progress ?? 0) }
    let orders = try running.map { try $0.payload.decode(RenderOrder.self).placement }
    state.current = Set(orders).sorted().joined(separator: ", ")
    return state
  }

  /// Runs jobs here until every ordered file of the campaign is made.
  /// - Throws: `CommandFailure` when one could not be.
  @discardableResult
  func renderOrdered(of campaign: Campaign, display: ProgressDisplay) async throws -> Int {
    try await working { try await awaitRenders(of: campaign, title: "Rendering", display: display) }
  }

  /// Waits, with a bar, until every ordered file of the campaign is made by whoever works.
  /// - Returns: how many were made.
  func awaitRenders(
    of campaign: Campaign, title: String, display: ProgressDisplay, known: Set<String> = []
  ) async throws -> Int {
    let first = try await renderingState(of: campaign, known: known)
    if first.total == 0 { return 0 }
    return try await display.step(title, unit: "files", total: first.total) { step in
      var state = first
      while true {
        step.update(done: state.made, total: state.total, underWay: state.underWay, detail: state.current)
        if !state.failures.isEmpty {
          throw CommandFailure(
            "\(state.failures.count) of \(state.total) files could not be rendered: \(state.failures[0])")
        }
        if state.isDone { break }
        try await Task.sleep(for: .milliseconds(250))
        state = try await renderingState(of: campaign, known: known)
      }
      step.update(done: state.made, detail: "")
      return state.made
    }
  }
}
