public import Campaigns
import Statistics

/// One metric over a round's versions.
public struct MetricResult: Hashable, Sendable, Codable {
  public var key: String
  public var name: String
  public var words: String
  public var unit: Metric.Unit
  public var better: Metric.Direction
  /// Best first where versions may be compared; empty when the metric cannot be told at all.
  public var versions: [Version]
  /// Why there are no figures, or no differences.
  public var missing: String?

  public struct Version: Hashable, Sendable, Codable {
    public var variant: Identifier<Variant>
    public var name: String
    /// In the metric's unit, with its own interval at the round's alpha; a fact without one has low = high = value.
    public var value: Estimate?
    /// Against which other version, by how much; simultaneously over all pairs of the round.
    public var contrast: Contrast?
    /// Whether it is shown to do better or worse than the version it is compared with, the metric's direction
    /// considered; nil while that is open.
    public var isBetter: Bool?
    public var sentence: String?
    /// Behind the contrast, so that a report can tell it at another level; not part of what is written.
    var difference: IntervalEstimate?
    var logRatio: IntervalEstimate?

    enum CodingKeys: CodingKey { case variant, name, value, contrast, isBetter, sentence }

    public init(
      variant: Identifier<Variant>, name: String, value: Estimate?, contrast: Contrast? = nil,
      isBetter: Bool? = nil, sentence: String? = nil
    ) {
      self.variant = variant
      self.name = name
      self.value = value
      self.contrast = contrast
      self.isBetter = isBetter
      self.sentence = sentence
    }
  }

  init(_ metric: Metric, versions: [Version], missing: String?) {
    key = metric.key
    name = metric.name
    words = metric.words
    unit = metric.unit
    better = metric.better
    self.versions = versions
    self.missing = missing
  }
}

extension Figure {
  /// A metric's figure: `2.13%`, `0.00213`, `4.2 s`, `0.31 EUR`.
  public static func metric(_ value: Double, unit: Metric.Unit, currency: String?) -> String {
    switch unit {
    case .share: percent(value)
    case .number: decimal(value, digits: digits(forMagnitude: value) + (abs(value) < 10 ? 1 : 0))
    case .seconds: decimal(value, digits: 2) + " s"
    case .money: money(value, currency: currency)
    }
  }
}
