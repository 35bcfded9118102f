import Campaigns
import Foundation
import Postgres
import TestKit

@testable import Autopilot
@testable import Jobs

/// The sample campaign in a database of its own, with files nobody encoded and traffic as a test wants it.
struct Stage {
  /// Monday 2026-11-02, 06:00 UTC.
  static let launch = Date(timeIntervalSince1970: 1_793_599_200)
  static let week: TimeInterval = 7 * 86_400
  /// The first time the sample campaign's schedule is due after the launch: Sunday 8 November 2026, 22:00 UTC.
  static let sundayEvening = launch + 6 * 86_400 + 16 * 3_600

  let database: Database
  let campaign: Campaign
  let maker: FakeMaker
  /// The machine's clock, long after the replayed campaign.
  let clock = FixedClock(Date(timeIntervalSince1970: 1_800_000_000))

  static func with(broken: Set<String> = [], _ body: (Stage) async throws -> Void) async throws {
    try await withTestDatabase { database in
      try await withTemporaryFolder { folder in
        var randomness = SeededGenerator(seed: 7)
        let workspace = try await WorkspaceStore(database).ensure(
          name: "acme", id: .new(at: launch, using: &randomness), at: launch)
        let files = try CampaignFolder.read(
          at: Repository.file("examples/perlune").path,
          placements: ["tiktok.infeed", "facebook.feed_square", "youtube.bumper"], at: launch)
        let report = try await CampaignApplier(
          database: database, vault: AssetVault(dataFolder: folder.path)
        ).apply(files, workspace: workspace.id, at: launch, using: &randomness)
        try await body(
          Stage(database: database, campaign: report.campaign, maker: FakeMaker(database, broken: broken)))
      }
    }
  }

  var scope: CampaignScope { campaign.scope }
  var queue: JobQueue { JobQueue(database: database) }
  var launcher: GenerationLauncher { GenerationLauncher(database: database) }
  var round: AutopilotRound { AutopilotRound(database: database) }

  func replay(_ at: Date) -> LogicalTime { LogicalTime(at: at, isReplay: true) }

  /// Does every job there is, one after the other, as a worker would; gives how many.
  @discardableResult
  func work() async throws -> Int {
    var handlers = JobHandlers()
    AutopilotJobs(database: database, maker: maker).register(in: &handlers)
    var done = 0
    while let job = try await queue.claim(
      kinds: handlers.kinds, limit: 1, worker: "stage", lease: 60, at: clock.now
    ).first {
      let context = JobContext(job: job, queue: queue, now: { clock.now })
      do {
        try await handlers.handler(of: job.kind)?(job.payload, context)
        try await queue.complete(job.lease, at: clock.now)
      } catch {
        try await queue.fail(job.lease, error: ErrorText.of(error), retryAt: clock.now, at: clock.now)
      }
      done += 1
    }
    return done
  }

  /// The first generation, on air.
  func launched() async throws {
    try await launcher.order(campaign, time: replay(Self.launch))
    try await work()
  }

  @discardableResult
  func run(_ at: Date) async throws -> RoundReport {
    try await round.run(campaign.id, time: replay(at), now: clock.now)
  }

  func segments() async throws -> [Segment] { try await SegmentStore(database).list(in: scope) }

  func variants(_ segment: Segment) async throws -> [Variant] {
    try await VariantStore(database).list(in: scope, segment: segment.id)
  }

  func experiments(_ segment: Segment) async throws -> [Experiment] {
    try await ExperimentStore(database).list(in: scope, segment: segment.id)
  }

  func decisions(_ segment: Segment) async throws -> [Decision] {
    try await Array(DecisionStore(database).page(in: scope, segment: segment.id).items.reversed())
  }

  /// `promote B` and so on.
  func told(_ decisions: [Decision], _ segment: Segment) async throws -> [String] {
    let names = Dictionary(uniqueKeysWithValues: try await variants(segment).map { ($0.id, $0.name) })
    return decisions.map { "\($0.kind.rawValue) \($0.variant.flatMap { names[$0] } ?? "-")" }
  }

  /// Exactly as many clicks as the rates promise, every hour from `start` up to `end`, in all segments.
  /// - Parameter rate: clicks per impression of a version (by name) so many days after the launch.
  func traffic(
    from start: Date, to end: Date, perHour: Double = 400, rate: (Segment, String, Int) -> Double
  ) async throws {
    for segment in try await segments() {
      let names = Dictionary(uniqueKeysWithValues: try await variants(segment).map { ($0.id, $0.name) })
      let experiments = try await experiments(segment)
      var (variantIDs, hours, impressions, clicks) = ([UUID](), [Date](), [Int64](), [Int64]())
      var (shown, clicked) = ([UUID: Double](), [UUID: Double]())
      for hour in stride(from: start.timeIntervalSince1970, to: end.timeIntervalSince1970, by: 3600) {
        let moment = Date(timeIntervalSince1970: hour)
        let running = experiments.last { $0.startedAt <= moment }
        let day = Int(moment.timeIntervalSince(Self.launch) / 86_400)
        for share in running?.epoch(at: moment)?.shares ?? [] {
          let id = share.variant.uuid
          let shows = shown[id, default: 0] + perHour * share.share
          let hits =
            clicked[id, default: 0]
            + perHour * share.share * rate(segment, names[share.variant] ?? "", day)
          variantIDs.append(id)
          hours.append(moment)
          impressions.append(Int64(shows) - Int64(shown[id, default: 0]))
          clicks.append(Int64(hits) - Int64(clicked[id, default: 0]))
          (shown[id], clicked[id]) = (shows, hits)
        }
      }
      try await database.execute(
        """
        INSERT INTO rollup_hour (campaign_id, variant_id, placement, hour, impressions, clicks)
        SELECT \(campaign.id.uuid), variant_id, 1, hour, impressions, clicks
        FROM unnest(\(variantIDs)::uuid[], \(hours)::timestamptz[], \(impressions)::bigint[], \(clicks)::bigint[])
          AS r (variant_id, hour, impressions, clicks)
        """)
    }
  }
}
