/// An audience of a campaign: a rule over attributes, spoken to in one language.
public struct Segment: Hashable, Sendable, Codable, Identifiable {
  public let id: Identifier<Segment>
  public let campaign: Identifier<Campaign>
  public var key: String
  public var name: String
  /// BCP 47, as in the campaign's languages.
  public var language: String
  /// Estimated viewers.
  public var audience: Int64?
  public var rule: AudienceRule

  public init(
    id: Identifier<Segment>, campaign: Identifier<Campaign>, key: String, name: String, language: String,
    audience: Int64?, rule: AudienceRule
  ) {
    self.id = id
    self.campaign = campaign
    self.key = key
    self.name = name
    self.language = language
    self.audience = audience
    self.rule = rule
  }
}
