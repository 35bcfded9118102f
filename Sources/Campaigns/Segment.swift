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

/// All conditions must hold.
public struct AudienceRule: Hashable, Sendable, Codable {
  public struct Condition: Hashable, Sendable, Codable {
    public enum Test: Hashable, Sendable, Codable {
      case among([String])
      case between(Double, Double)
    }

    /// age, gender, country, language, interest, device …
    public var attribute: String
    public var test: Test

    public init(attribute: String, test: Test) {
      self.attribute = attribute
      self.test = test
    }
  }

  public var all: [Condition]

  public init(all: [Condition]) { self.all = all }
}
