public import Campaigns
public import Foundation

/// What a simulated audience really does: traffic is made from it, and what the analysis claims is checked against
/// it. Read from `truth.yaml` by ``Truth/init(path:)``.
public struct Truth: Hashable, Sendable {
  /// Chances that an event follows, given the one before it.
  public struct Rates: Hashable, Sendable {
    /// Given an impression; the others given the one above, unless said.
    public var viewable = 0.92
    public var start = 0.97
    public var firstQuartile = 0.74
    public var midpoint = 0.80
    public var thirdQuartile = 0.86
    public var complete = 0.90
    /// Given an impression, of a version whose lift is 1 on a day without trend.
    public var click = 0.025
    /// Given a click.
    public var conversion = 0.06
    /// Given a start that did not complete.
    public var skip = 0.18
    /// Given a start.
    public var mute = 0.05
    /// Given an impression.
    public var hide = 0.004
  }

  /// A version keeps its lift for some days, then the distance to the floor halves every `halfLifeDays`.
  public struct WearOut: Hashable, Sendable {
    public var variant: String
    /// Since the variant became active.
    public var afterDays: Double
    public var halfLifeDays: Double
    /// The share of its lift that is left in the end.
    public var floor: Double
  }

  /// From a day on, every version's click rate is multiplied.
  public struct TrendShift: Hashable, Sendable {
    /// Counted from 1.
    public var day: Int
    public var multiplier: Double
  }

  public struct Audience: Hashable, Sendable {
    public var impressionsPerDay: Double
    public var rates: Rates
    /// Multiplies the click rate, by the name of a variant of the first generation.
    public var lift: [String: Double]
    /// For every variant of a later generation.
    public var newLift: Double
    public var wearOut: WearOut?
    public var trendShift: TrendShift?
  }

  /// What real clients do to a collector.
  public struct Traffic: Hashable, Sendable {
    /// Impressions shown to somebody who was shown one in the seven days before.
    public var repeatViewers = 0.0
    /// Events sent a second time, same id and timestamp.
    public var duplicates = 0.0
    /// Extra events from 1970 or years ahead, per event.
    public var badTimestamp = 0.0
    /// Extra events without their type, per event.
    public var malformed = 0.0
    /// Extra impressions by programs that say what they are, per impression; some click.
    public var bots = 0.0
    /// Extra clicks faster than a person, per impression that is a viewer's first.
    public var instantClicks = 0.0
  }

  public struct ConversionValue: Hashable, Sendable {
    public var mean: Double
    public var spread: Double
    /// ISO 4217.
    public var currency: String
  }

  public var seed: UInt64
  /// First moment of traffic: midnight, UTC.
  public var start: Date
  public var weeks: Int
  /// Monday first; the mean is 1.
  public var dayOfWeek: [Double]
  /// 24 of them, UTC; the mean is 1.
  public var hourOfDay: [Double]
  public var conversionValue: ConversionValue?
  /// Per thousand impressions, in the minor unit of its currency; nil where spend is not simulated.
  public var costPerThousand: Money?
  public var traffic: Traffic
  /// By the segment's key.
  public var audiences: [String: Audience]

  public var end: Date { start.addingTimeInterval(Double(weeks) * 7 * 86_400) }

  /// A day on a phone, in the audience's own time: quiet at night, a small peak at noon, the largest in the evening.
  public static let usualHourOfDay: [Double] = {
    let weights: [Double] = [
      30, 18, 12, 10, 12, 22, 45, 70, 85, 90, 95, 105, 120, 115, 105, 105, 115, 130, 150, 170, 185, 175, 125,
      70,
    ]
    let mean = weights.reduce(0, +) / 24
    return weights.map { $0 / mean }
  }()
}
