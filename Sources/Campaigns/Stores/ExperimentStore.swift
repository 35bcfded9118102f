public import FoundationEssentials
public import Postgres

/// Tables `experiment`, `allocation` and `allocation_share`.
public struct ExperimentStore: Sendable {
  private let database: any Queryable

  /// - Parameter database: the pool, or the connection of a transaction to take part in.
  public init(_ database: any Queryable) { self.database = database }

  private static let columns: SQL = """
    id, campaign_id, segment_id, round, goal, alpha, planned_impressions, randomised, control_variant_id,
    started_at, ended_at
    """

  /// Every round of every segment, or of one, oldest first.
  public func list(in scope: CampaignScope, segment: Identifier<Segment>? = nil) async throws -> [Experiment]
  {
    try await read(
      """
      SELECT \(Self.columns) FROM experiment
      WHERE campaign_id = \(scope.sql) AND segment_id = coalesce(\(segment?.uuid), segment_id)
      ORDER BY segment_id, round
      """)
  }

  /// - Throws: `CampaignsError.notFound`.
  public func find(_ id: Identifier<Experiment>, in scope: CampaignScope) async throws -> Experiment {
    let experiments = try await read(
      "SELECT \(Self.columns) FROM experiment WHERE id = \(id.uuid) AND campaign_id = \(scope.sql)")
    guard let experiment = experiments.first else {
      throw CampaignsError.notFound(what: "experiment", name: "\(id)")
    }
    return experiment
  }

  /// The round that has not ended in a segment, nil when there is none.
  public func running(segment: Identifier<Segment>, in scope: CampaignScope) async throws -> Experiment? {
    try await read(
      """
      SELECT \(Self.columns) FROM experiment
      WHERE segment_id = \(segment.uuid) AND campaign_id = \(scope.sql) AND ended_at IS NULL
      """
    ).first
  }

  /// Starts a round with its first epoch, in one statement: both or neither.
  /// - Throws: `CampaignsError.refused` without an epoch or while another round runs in the segment.
  public func start(_ experiment: Experiment) async throws {
    guard let epoch = experiment.epochs.first, experiment.epochs.count == 1 else {
      throw CampaignsError.refused("an experiment starts with exactly one epoch of shares")
    }
    try await translating(
      \.isUniqueViolation,
      to:
        "segment \(experiment.segment) has a running experiment or one of round \(experiment.round) already; "
        + "end it before a new round starts"
    ) {
      try await database.execute(
        """
        WITH new_experiment AS (
          INSERT INTO experiment (id, campaign_id, segment_id, round, goal, alpha, planned_impressions,
            randomised, control_variant_id, started_at, ended_at)
          VALUES (\(experiment.id.uuid), \(experiment.campaign.uuid), \(experiment.segment.uuid),
            \(Int32(experiment.round)), \(experiment.goal.rawValue), \(experiment.alpha),
            \(experiment.plannedImpressions), \(experiment.randomised), \(experiment.control.uuid),
            \(experiment.startedAt), \(experiment.endedAt))
        ), \(Self.insertion(of: epoch, experiment: experiment.id, campaign: experiment.campaign))
        """)
    }
  }

  /// New shares from a whole hour on.
  /// - Throws: `CampaignsError.refused` when shares of that hour or number stand already.
  public func open(_ epoch: AllocationEpoch, in experiment: Experiment) async throws {
    try await translating(
      \.isUniqueViolation,
      to: "experiment \(experiment.id) has shares number \(epoch.number) or from that hour already"
    ) {
      try await database.execute(
        """
        WITH \(Self.insertion(of: epoch, experiment: experiment.id, campaign: experiment.campaign))
        """)
    }
  }

  /// Ends a round; one that has ended keeps its end.
  public func end(_ id: Identifier<Experiment>, in scope: CampaignScope, at moment: Date) async throws {
    let count = try await database.execute(
      """
      UPDATE experiment SET ended_at = coalesce(ended_at, \(moment))
      WHERE id = \(id.uuid) AND campaign_id = \(scope.sql)
      """)
    guard count == 1 else { throw CampaignsError.notFound(what: "experiment", name: "\(id)") }
  }

  private static func insertion(
    of epoch: AllocationEpoch, experiment: Identifier<Experiment>, campaign: Identifier<Campaign>
  ) -> SQL {
    """
    new_allocation AS (
      INSERT INTO allocation (campaign_id, experiment_id, epoch, starts_at)
      VALUES (\(campaign.uuid), \(experiment.uuid), \(Int32(epoch.number)), \(epoch.startsAt)))
    INSERT INTO allocation_share (campaign_id, experiment_id, epoch, variant_id, position, share)
    SELECT \(campaign.uuid), \(experiment.uuid), \(Int32(epoch.number)), variant_id, position - 1, share
    FROM unnest(\(epoch.shares.map(\.variant.uuid))::uuid[], \(epoch.shares.map(\.share))::float8[])
      WITH ORDINALITY AS s (variant_id, share, position)
    """
  }

  private func read(_ sql: SQL) async throws -> [Experiment] {
    let rows = try await database.query(sql).decode(
      UUID.self, UUID.self, UUID.self, Int32.self, String.self, Double.self, Int64.self, Bool.self, UUID.self,
      Date.self, Date?.self)
    let epochs = try await epochs(of: rows.map(\.0))
    return try rows.map { row in
      Experiment(
        id: Identifier(row.0), campaign: Identifier(row.1), segment: Identifier(row.2), round: Int(row.3),
        goal: try stored(row.4, in: "experiment"), alpha: row.5, plannedImpressions: row.6,
        randomised: row.7, control: Identifier(row.8), startedAt: row.9, endedAt: row.10,
        epochs: epochs[row.0] ?? [])
    }
  }

  private func epochs(of experiments: [UUID]) async throws -> [UUID: [AllocationEpoch]] {
    guard !experiments.isEmpty else { return [:] }
    let rows = try await database.query(
      """
      SELECT experiment_id, epoch, starts_at, variant_id, share
      FROM allocation JOIN allocation_share USING (campaign_id, experiment_id, epoch)
      WHERE experiment_id = ANY (\(experiments)) ORDER BY experiment_id, epoch, position, variant_id
      """
    ).decode(UUID.self, Int32.self, Date.self, UUID.self, Double.self)
    var epochs: [UUID: [AllocationEpoch]] = [:]
    for (experiment, number, startsAt, variant, share) in rows {
      var known = epochs[experiment, default: []]
      if known.last?.number != Int(number) {
        known.append(AllocationEpoch(number: Int(number), startsAt: startsAt, shares: []))
      }
      known[known.count - 1].shares.append(.init(variant: Identifier(variant), share: share))
      epochs[experiment] = known
    }
    return epochs
  }
}
