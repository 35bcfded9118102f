public import Analysis
public import Autopilot
public import Campaigns
public import Delivery
public import Foundation
import Hummingbird
public import Ingestion
public import Jobs
public import Postgres
public import Reporting

/// Everything the routes call: one value, made by the composition root.
public struct Backend: Sendable {
  public struct Limits: Sendable {
    /// Bytes of a request body as sent, and once inflated.
    public var maxBodyBytes: Int
    public var maxInflatedBytes: Int
    /// Bytes of all bodies that are held at once; never less than one body of the largest kind takes.
    public var maxHeldBodyBytes: Int

    public init(
      maxBodyBytes: Int = 4 << 20, maxInflatedBytes: Int = 32 << 20, maxHeldBodyBytes: Int = 64 << 20
    ) {
      self.maxBodyBytes = maxBodyBytes
      self.maxInflatedBytes = maxInflatedBytes
      self.maxHeldBodyBytes = max(maxHeldBodyBytes, maxBodyBytes + maxInflatedBytes)
    }
  }

  let database: Database
  /// Where keys are looked up: as impatient as ingestion, so that requests do not pile up before they are let in.
  let accessDatabase: Database
  let migrator: Migrator
  let door: EventDoor
  let writer: EventWriter
  /// Secrets that rotate; nil where one serves for ever.
  let pseudonyms: PseudonymKeeper?
  /// Where requests go while the database is away, and what brings them back; nil where there is no such place.
  let spool: Spool?
  let replayer: SpoolReplayer?
  let folder: EventFolding
  let eventUpkeep: EventUpkeep
  let applier: CampaignApplier
  let launcher: GenerationLauncher
  let queue: JobQueue
  /// The ids a campaign may name, from config/placements.yaml.
  let placementIDs: [String]
  let renditionsFolder: URL
  /// Templates, style and script of the dashboard.
  let pagesFolder: URL
  /// What analyses tell beside the goal, from config/metrics.yaml.
  let metrics: [Metric]
  /// In which the campaigns' schedules are read, such as `Europe/Paris`.
  let timeZone: String
  let limits: Limits
  let bodyBudget: BodyBudget
  /// How many events a workspace may send; nil: as many as it likes.
  let rateLimit: EventRateLimit?
  let links: LinkKeyRing
  let clickTargets: ClickTargetCache
  let anonymousViewers: AnonymousViewers
  let linkCounters = LinkCounters()
  /// How others reach the service, without a slash at the end; nil: as the request at hand did.
  let baseURL: String?
  let now: @Sendable () -> Date

  public init(
    database: Database, migrator: Migrator, door: EventDoor, writer: EventWriter,
    pseudonyms: PseudonymKeeper? = nil, folder: EventFolding, eventUpkeep: EventUpkeep,
    applier: CampaignApplier, launcher: GenerationLauncher, queue: JobQueue, placementIDs: [String],
    renditionsFolder: URL, pagesFolder: URL, metrics: [Metric] = [], timeZone: String = "UTC",
    limits: Limits = Limits(),
    spool: Spool? = nil, replayer: SpoolReplayer? = nil, accessDatabase: Database? = nil,
    rateLimit: EventRateLimit? = nil, linkLifetime: TimeInterval = 90 * 86_400, baseURL: String? = nil,
    now: @escaping @Sendable () -> Date = { Date() }
  ) {
    self.database = database
    self.migrator = migrator
    self.door = door
    self.writer = writer
    self.pseudonyms = pseudonyms
    self.spool = spool
    self.replayer = replayer
    self.accessDatabase = accessDatabase ?? database
    self.folder = folder
    self.eventUpkeep = eventUpkeep
    self.applier = applier
    self.launcher = launcher
    self.queue = queue
    self.placementIDs = placementIDs
    self.renditionsFolder = renditionsFolder
    self.pagesFolder = pagesFolder
    self.metrics = metrics
    self.timeZone = timeZone
    self.limits = limits
    bodyBudget = BodyBudget(limit: limits.maxHeldBodyBytes)
    self.rateLimit = rateLimit
    links = LinkKeyRing(store: LinkSecretStore(database), lifetime: linkLifetime)
    clickTargets = ClickTargetCache(store: ClickTargetStore(database))
    anonymousViewers = AnonymousViewers(database)
    self.baseURL = baseURL
    self.now = now
  }

  var workspaces: WorkspaceStore { WorkspaceStore(database) }
  var keys: KeyStore { KeyStore(database) }
  var brands: BrandStore { BrandStore(database) }
  var campaigns: CampaignStore { CampaignStore(database) }
  var segments: SegmentStore { SegmentStore(database) }
  var variants: VariantStore { VariantStore(database) }
  var renditions: RenditionStore { RenditionStore(database) }
  var experiments: ExperimentStore { ExperimentStore(database) }
  var verdicts: VerdictStore { VerdictStore(database) }
  var decisions: DecisionStore { DecisionStore(database) }
  var schedules: ScheduleStore { ScheduleStore(database: database) }
  var clickTargetStore: ClickTargetStore { ClickTargetStore(database) }
  var analyst: Analyst { Analyst(database) }

  func newID<Subject>() -> Identifier<Subject> {
    var randomness = SystemRandomNumberGenerator()
    return .new(at: now(), using: &randomness)
  }

  /// The campaign that stands in the path at `:campaign`, by key, in the asking key's workspace.
  func campaign(_ context: ServiceRequestContext) async throws -> Campaign {
    let identity = try context.requireIdentity()
    return try await campaigns.find(
      key: try context.parameters.require("campaign"), workspace: identity.workspace.id)
  }
}
