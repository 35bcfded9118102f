internal import Documents
public import FoundationEssentials

/// A campaign as files: `campaign.yaml`, the brand file it names, `segments.yaml` and the assets beside them,
/// read strictly and held against each other.
public struct CampaignFolder: Sendable {
  public struct SegmentEntry: Hashable, Sendable {
    public var key: String
    public var name: String
    public var language: String
    public var audience: Int64?
    public var rule: AudienceRule
  }

  public let brandKey: String
  public let brandName: String
  public let brand: BrandDocument
  public let key: String
  public let name: String
  public let goal: Goal
  public let languages: [String]
  public let placements: [String]
  public let startsOn: String?
  public let endsOn: String?
  public let budget: Money?
  public let document: CampaignDocument
  public let segments: [SegmentEntry]
  /// Where the assets' files lie, by SHA-256.
  public let assetPaths: [String: String]

  /// - Parameters:
  ///   - path: the folder.
  ///   - placements: the ids a campaign may name, from config/placements.yaml.
  ///   - moment: the day licences must hold on when the campaign states none of its own.
  /// - Throws: `DocumentError` with every problem of all three files.
  public static func read(
    at path: String, placements: [String], at moment: Date
  ) throws -> CampaignFolder {
    var problems: [DocumentError.Problem] = []
    func attempt<Value>(_ read: () throws -> Value) throws -> Value? {
      do {
        return try read()
      } catch let error as DocumentError {
        problems += error.problems
        return nil
      }
    }
    let folder = path.hasSuffix("/") ? String(path.dropLast()) : path
    let campaign = try attempt { try CampaignFile.read("\(folder)/campaign.yaml", placements: placements) }
    let brand = try attempt { try BrandFile.read(campaign?.brandPath ?? "\(folder)/brand.yaml") }
    let segments = try attempt { try SegmentsFile.read("\(folder)/segments.yaml") }
    let check = CrossCheck(
      campaign: campaign, brand: brand, segments: segments, today: Day.containing(moment))
    problems += check.problems()
    guard problems.isEmpty, let campaign, let brand, let segments else {
      throw DocumentError(problems: problems)
    }
    return CampaignFolder(campaign: campaign, brand: brand, segments: segments)
  }

  private init(campaign: CampaignFile, brand: BrandFile, segments: SegmentsFile) {
    brandKey = brand.key
    brandName = brand.name
    self.brand = brand.document
    key = campaign.key
    name = campaign.name
    goal = campaign.goal
    languages = campaign.languages
    placements = campaign.placements
    startsOn = campaign.startsOn
    endsOn = campaign.endsOn
    budget = campaign.budget
    document = campaign.document
    self.segments = segments.segments.map {
      SegmentEntry(
        key: $0.key, name: $0.name, language: $0.language.value, audience: $0.audience, rule: $0.rule)
    }
    assetPaths = brand.sources
  }
}
