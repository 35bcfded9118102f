/// Who allows what, where and until when.
public struct Licence: Hashable, Sendable, Codable {
  /// What machines may do with a file.
  public struct AIPermissions: Hashable, Sendable, Codable {
    /// Change it: remove a background, extend a border.
    public var edit: Bool
    /// Make new pictures or sounds from it.
    public var generate: Bool
    public var train: Bool

    public init(edit: Bool = false, generate: Bool = false, train: Bool = false) {
      self.edit = edit
      self.generate = generate
      self.train = train
    }
  }

  public var owner: String
  public var terms: String
  /// ISO 3166-1 alpha-2; empty means everywhere.
  public var territories: [String]
  /// Placement ids (`tiktok.infeed`) or platforms (`tiktok`); empty means everywhere.
  public var channels: [String]
  /// First and last day, `YYYY-MM-DD`, both inclusive and of UTC; nil means no end on that side.
  public var from: String?
  public var until: String?
  /// The line to print; nil where none is due.
  public var attribution: String?
  public var ai: AIPermissions

  public init(
    owner: String, terms: String, territories: [String] = [], channels: [String] = [],
    from: String? = nil, until: String? = nil, attribution: String? = nil, ai: AIPermissions = .init()
  ) {
    self.owner = owner
    self.terms = terms
    self.territories = territories
    self.channels = channels
    self.from = from
    self.until = until
    self.attribution = attribution
    self.ai = ai
  }

  /// Why the file may not be used for one purpose.
  public enum Refusal: Hashable, Sendable, CustomStringConvertible {
    case notBefore(String)
    case expired(String)
    case channel(String, allowed: [String])
    case territory(String, allowed: [String])

    public var description: String {
      switch self {
      case .notBefore(let day): "its licence begins on \(day)"
      case .expired(let day): "its licence ended on \(day)"
      case .channel(let placement, let allowed):
        "its licence does not cover \(placement), only \(allowed.joined(separator: ", "))"
      case .territory(let country, let allowed):
        "its licence does not cover \(country), only \(allowed.joined(separator: ", "))"
      }
    }
  }

  /// What forbids showing the file, or nil when nothing does.
  /// - Parameters:
  ///   - placement: where it is shown (`tiktok.infeed`).
  ///   - day: `YYYY-MM-DD`, UTC.
  ///   - countries: ISO 3166-1 alpha-2 of everyone who may see it; nil when they may be anywhere.
  public func refusal(placement: String, on day: String, countries: [String]?) -> Refusal? {
    if let from, day < from { return .notBefore(from) }
    if let until, day > until { return .expired(until) }
    let platform = String(placement.prefix { $0 != "." })
    if !channels.isEmpty, !channels.contains(placement), !channels.contains(platform) {
      return .channel(placement, allowed: channels)
    }
    if !territories.isEmpty {
      guard let countries, !countries.isEmpty else {
        return .territory("an audience that is not limited to countries", allowed: territories)
      }
      if let outside = countries.first(where: { !territories.contains($0) }) {
        return .territory(outside, allowed: territories)
      }
    }
    return nil
  }
}
