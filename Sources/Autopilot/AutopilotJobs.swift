public import Jobs
public import Postgres

/// What the autopilot's jobs do: the composition root registers them with its worker.
public struct AutopilotJobs: Sendable {
  private let round: AutopilotRound
  private let render: RenderWork

  public init(database: Database, maker: any RenditionMaking, identifiers: IdentifierSource = .live) {
    round = AutopilotRound(database: database, identifiers: identifiers)
    render = RenderWork(
      database: database, maker: maker,
      launcher: GenerationLauncher(database: database, identifiers: identifiers))
  }

  public func register(in handlers: inout JobHandlers) {
    handlers.register(.render) { [render] order, context in try await render.run(order, context) }
    handlers.register(.autopilot) { [round] order, context in
      _ = try await round.run(order.campaign, time: order.time, now: context.now)
    }
  }
}
