public import Campaigns
public import FoundationEssentials
public import Postgres

/// What ad platforms have already added up, into segments, versions and insights.
///
/// A Meta export becomes: a segment for each age band and gender, with the rule that says so; in it a version for
/// each ad (for the research set without ad names: each of the advertiser's campaigns); an experiment that is marked
/// as not randomised, since the platform chose who saw what; and an insight for each row. The rest of the row's
/// identity (ad id, interest, country …) is its breakdown.
public struct InsightImporter: Sendable {
  private let database: Database

  public init(database: Database) { self.database = database }

  /// Where a file comes from.
  public enum Source: String, Hashable, Sendable, CaseIterable {
    case meta
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
    public var conversions: Int64 = 0
    public var spendMicros: Int64 = 0
    /// ISO 4217; nil when the file does not say.
    public var currency: String?
    public var changedNothing: Bool { added == 0 && corrected == 0 && !madeCampaign && madeVariants == 0 }
  }

  /// Imports all of the file or nothing. Importing the same file again changes nothing.
  /// - Parameter campaign: key of a campaign made by earlier imports, or of none yet.
  /// - Throws: ``InsightImportError`` with every line that is wrong (the first twenty).
  public func run(
    _ file: [UInt8], from source: Source, campaign: String, workspace: Identifier<Workspace>, at moment: Date,
    randomness: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
  ) async throws -> Summary {
    guard campaign.wholeMatch(of: #/[a-z][a-z0-9_-]{0,62}/#) != nil else {
      throw InsightImportError.campaign(
        "\"\(campaign)\" cannot be a campaign's key: use up to 63 lower-case letters, digits and hyphens")
    }
    let export = try MetaExport(file)
    return try await database.transaction { connection in
      var store = InsightStore(connection: connection, moment: moment, randomness: randomness)
      return try await store.write(export, source: source, campaign: campaign, workspace: workspace)
    }
  }
}
