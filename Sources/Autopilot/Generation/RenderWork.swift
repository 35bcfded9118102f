import Campaigns
import Creative
import Engine
public import Jobs
public import Postgres

/// The work of a `render` job: one file of one variant. The last file of a variant makes it ready, the last ready
/// variant lets its generation enter.
public struct RenderWork: Sendable {
  private let database: Database
  private let maker: any RenditionMaking
  private let launcher: GenerationLauncher

  public init(database: Database, maker: any RenditionMaking, launcher: GenerationLauncher) {
    self.database = database
    self.maker = maker
    self.launcher = launcher
  }

  public func run(_ order: RenderOrder, _ context: JobContext) async throws {
    let campaign = try await CampaignStore(database).load(order.campaign)
    let variant = try await VariantStore(database).find(order.variant, in: campaign.scope)
    // Retired before it was made, or given up: nobody needs the file any more.
    guard variant.status != .retired, variant.status != .failed else { return }
    do {
      try await make(order, campaign, context)
    } catch let error as CancellationError {
      throw error
    } catch {
      let isHopeless = error is CreativeError || error is CampaignsError
      if isHopeless || context.isLastAttempt { try await giveUp(order, campaign, context) }
      if isHopeless { throw Unrecoverable("\(error)") }
      throw error
    }
    try await settle(order, campaign, context) { connection in
      let made = try await RenditionStore(connection).list(in: campaign.scope, variant: order.variant)
      let isComplete = Set(campaign.placements).isSubset(of: made.map(\.placement))
      return isComplete ? .ready : nil
    }
  }

  /// The maker tells its progress on its own thread; at most ten times it reaches the job's row.
  private func make(_ order: RenderOrder, _ campaign: Campaign, _ context: JobContext) async throws {
    let (steps, continuation) = AsyncStream.makeStream(of: Int.self, bufferingPolicy: .bufferingNewest(1))
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        var told = 0
        for await tenths in steps where tenths > told {
          told = tenths
          try await context.report(progress: Double(tenths) / 10)
        }
      }
      group.addTask {
        defer { continuation.finish() }
        _ = try await maker.make(
          variant: order.variant, placement: order.placement, in: campaign.scope, at: order.at
        ) { done, total in
          continuation.yield(total > 0 ? done * 10 / total : 0)
        }
      }
      try await group.waitForAll()
    }
  }

  private func giveUp(_ order: RenderOrder, _ campaign: Campaign, _ context: JobContext) async throws {
    try await settle(order, campaign, context) { _ in .failed }
  }

  /// Moves a variant that is being rendered on, and lets the generation enter if it was the last to wait for.
  private func settle(
    _ order: RenderOrder, _ campaign: Campaign, _ context: JobContext,
    _ next: (Connection) async throws -> Variant.Status?
  ) async throws {
    try await database.transaction { connection in
      try await context.confirmLease(on: connection)
      let variants = VariantStore(connection)
      let segmentID = try await variants.find(order.variant, in: campaign.scope).segment
      try await AutopilotStore(connection).lock(segmentID)
      // Read again behind the lock: a sister job may have been faster.
      guard try await variants.find(order.variant, in: campaign.scope).status == .rendering,
        let status = try await next(connection)
      else { return }
      try await variants.setStatus(
        status, of: order.variant, in: campaign.scope, at: order.time.moment(now: context.now))
      let segment = try await SegmentStore(connection).find(segmentID, in: campaign.scope)
      try await launcher.tryStart(
        segment, of: campaign, time: order.time, now: context.now, on: connection)
    }
  }
}
