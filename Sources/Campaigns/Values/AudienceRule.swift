/// Who belongs to a segment: everyone for whom all conditions hold.
///
/// As JSON: `{"all": [{"attribute": "age", "between": [18, 29]}, {"attribute": "country", "in": ["FR", "BE"]}]}`.
public struct AudienceRule: Hashable, Sendable, Codable {
  public struct Condition: Hashable, Sendable {
    public enum Test: Hashable, Sendable {
      case among([String])
      /// Least and most, both included.
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

  /// The countries (ISO 3166-1 alpha-2) the audience is limited to; nil when it is not.
  public var countries: [String]? {
    for condition in all where condition.attribute == "country" {
      if case .among(let countries) = condition.test { return countries }
    }
    return nil
  }
}

extension AudienceRule.Condition: Codable {
  private enum CodingKeys: String, CodingKey {
    case attribute
    case among = "in"
    case between
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    attribute = try container.decode(String.self, forKey: .attribute)
    if let bounds = try container.decodeIfPresent([Double].self, forKey: .between) {
      guard bounds.count == 2, bounds[0] <= bounds[1] else {
        throw DecodingError.dataCorruptedError(
          forKey: .between, in: container, debugDescription: "between takes [least, most]")
      }
      test = .between(bounds[0], bounds[1])
    } else {
      test = .among(try container.decode([String].self, forKey: .among))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(attribute, forKey: .attribute)
    switch test {
    case .among(let values): try container.encode(values, forKey: .among)
    case .between(let least, let most): try container.encode([least, most], forKey: .between)
    }
  }
}
