public import Campaigns

/// What results are broken down by, and the one value of it they are of.
public struct Part: Hashable, Sendable {
  public enum Dimension: String, Hashable, Sendable, Codable, CaseIterable {
    /// Within a segment.
    case placement, device
    /// Over the segments that are spoken to in one.
    case language
  }

  public var dimension: Dimension
  /// A placement's id, empty where events did not say; a device type's name; a language (BCP 47).
  public var value: String

  public init(_ dimension: Dimension, _ value: String) {
    self.dimension = dimension
    self.value = value
  }

  /// `in tiktok.infeed`, `on phones`, `in segments that speak de`.
  public var inWords: String {
    switch dimension {
    case .placement: value.isEmpty ? "in places unnamed" : "in \(value)"
    case .device: "on " + Self.devices(value)
    case .language: "in segments that speak \(value)"
    }
  }

  /// Whether it is what events did not say.
  var isUnknown: Bool {
    switch dimension {
    case .placement, .language: value.isEmpty
    case .device: value == DeviceType.unknown.name
    }
  }

  private static func devices(_ name: String) -> String {
    switch name {
    case DeviceType.tv.name: "televisions"
    case DeviceType.other.name: "other devices"
    case DeviceType.unknown.name: "devices unknown"
    default: name + "s"
    }
  }
}

/// A version's counts in one epoch and part.
public struct PartCell: Hashable, Sendable {
  public var part: Part
  public var cell: RollupCell

  public init(part: Part, cell: RollupCell) {
    self.part = part
    self.cell = cell
  }
}

/// One part of a round, by the goal. Written with the dimension as the key of its value: `{"placement": "tiktok.infeed",
/// "impressions": …, "result": …}`.
public struct PartResult: Hashable, Sendable {
  public var part: Part
  public var impressions: Int64
  public var result: MetricResult
}

extension PartResult: Codable {
  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }

    static let impressions = Key(stringValue: "impressions")
    static let result = Key(stringValue: "result")
    init(_ dimension: Part.Dimension) { stringValue = dimension.rawValue }
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    guard let dimension = Part.Dimension.allCases.first(where: { container.contains(Key($0)) }) else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: container.codingPath, debugDescription: "a result of no placement, device or language"))
    }
    part = Part(dimension, try container.decode(String.self, forKey: Key(dimension)))
    impressions = try container.decode(Int64.self, forKey: .impressions)
    result = try container.decode(MetricResult.self, forKey: .result)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(part.value, forKey: Key(part.dimension))
    try container.encode(impressions, forKey: .impressions)
    try container.encode(result, forKey: .result)
  }
}
