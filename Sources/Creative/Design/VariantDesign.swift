public import Campaigns

/// A version that is to be made: a level for every factor, and why.
public struct VariantDesign: Hashable, Sendable, Codable {
  /// Factor key -> level key.
  public var levels: [String: String]
  /// The variant it descends from; nil in the first generation.
  public var parent: Identifier<Variant>?
  /// For people; stored with the variant.
  public var rationale: String

  public init(levels: [String: String], parent: Identifier<Variant>? = nil, rationale: String) {
    self.levels = levels
    self.parent = parent
    self.rationale = rationale
  }
}
