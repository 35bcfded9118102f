public import Campaigns
import Cryptography
public import FoundationEssentials
public import Postgres

/// What ad platforms have already added up, into segments, versions and insights.
///
/// A platform's export becomes: a segment for each age band and gender, with the rule that says so; in it a version
/// for each ad (for the research set without ad names: each of the advertiser's campaigns); an experiment that is
/// marked as not randomised, since the platform chose who saw what; and an insight for each row. The rest of the row's
/// identity (ad id, interest, country …) is its breakdown.
///
/// Of one source, version, period and breakdown there is one row of figures. Importing it again with other figures
/// replaces them and keeps the old ones as a revision.
public struct InsightImporter: Sendable {
  let database: Database

  public init(database: Database) { self.database = database }

  /// Ad platforms whose exports are built in.
  public enum Platform: String, Hashable, Sendable, CaseIterable {
    case meta
    case googleAds = "google-ads"
    case tikTok = "tiktok"

    public var mapping: InsightMapping {
      switch self {
      case .meta: .meta
      case .googleAds: .googleAds
      case .tikTok: .tikTok
      }
    }
  }

  /// Who brings figures, and from where.
  public struct Origin: Hashable, Sendable {
    /// Empty for a request.
    public var fileName: String
    /// A person or a key.
    public var importedBy: String

    public init(fileName: String, importedBy: String) {
      self.fileName = fileName
      self.importedBy = importedBy
    }
  }

  public struct Summary: Hashable, Sendable {
    public var rows = 0
    public var added = 0
    /// Rows whose figures the platform has corrected since the last import.
    public var corrected = 0
    public var unchanged: Int { rows - added - corrected }
    public var madeCampaign = false
    public var madeSegments = 0
    public var madeVariants = 0
    /// Of the whole file.
    public var impressions: Int64 = 0
    public var clicks: Int64 = 0
    public var milliconversions: Int64 = 0
    public var spendMicros: Int64 = 0
    /// ISO 4217; nil when the file does not say.
    public var currency: String?
    /// What a person should know of how the file was read.
    public var notes: [String] = []
    public var conversions: Double { Double(milliconversions) / 1000 }
    public var changedNothing: Bool { added == 0 && corrected == 0 && !madeCampaign && madeVariants == 0 }
  }

  /// Imports all of the file or nothing. Importing the same file again changes nothing.
  /// - Parameters:
  ///   - mapping: how to read it.
  ///   - campaign: key of a campaign made by earlier imports, or of none yet.
  /// - Throws: ``InsightImportError`` with every line that is wrong (the first twenty).
  public func run(
    _ file: [UInt8], as mapping: InsightMapping, campaign: String, workspace: Identifier<Workspace>,
    from origin: Origin, at moment: Date,
    randomness: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
  ) async throws -> Summary {
    guard campaign.wholeMatch(of: #/[a-z][a-z0-9_-]{0,62}/#) != nil else {
      throw InsightImportError.campaign(
        "\"\(campaign)\" cannot be a campaign's key: use up to 63 lower-case letters, digits and hyphens")
    }
    let batch = try InsightExport(file, mapping: mapping).batch
    let sha256 = file.withUnsafeBytes { SHA256.hash($0).bytes }
    return try await database.transaction { connection in
      try await InsightStore.lock([campaign], in: workspace, on: connection)
      var catalogue = InsightCatalogue(connection: connection, moment: moment, randomness: randomness)
      let (owner, variants) = try await catalogue.place(batch, in: campaign, workspace)
      var randomness = randomness
      let written = try await InsightStore(connection: connection, moment: moment).write(
        batch, ids: variants, campaign: owner, id: .version7(at: moment, using: &randomness), origin: origin,
        sha256: sha256)
      var summary = catalogue.summary
      summary.rows = batch.insights.count
      (summary.added, summary.corrected) = (written.added, written.changed)
      summary.currency = batch.currency
      summary.notes = batch.notes
      for insight in batch.insights { summary.add(insight.figures) }
      return summary
    }
  }
}

extension InsightImporter.Summary {
  fileprivate mutating func add(_ figures: Insight.Figures) {
    impressions += figures.impressions
    clicks += figures.clicks
    milliconversions += figures.milliconversions
    spendMicros += figures.spendMicros
  }
}
