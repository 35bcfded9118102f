import Campaigns
import Delivery
public import Foundation

/// The people of one segment: who is shown what, and what they do. Pure: the same truth and experiments give the
/// same events, hour by hour, in whatever order hours are asked for.
public struct AudienceSimulator: Sendable {
  private let truth: Truth
  private let audience: Truth.Audience
  private let segment: String
  private let place: UInt64
  private let placements: [String]
  private let experiments: [Prepared]
  /// Impressions of each hour from the truth's start.
  private let counts: [Int]

  private struct Prepared {
    var view: ExperimentView
    var id: Identifier<Experiment>
    var epochs: [AllocationEpoch]
    var variants: [UUID: ExperimentView.Variant]
  }

  /// - Returns: nil when the truth does not know the segment.
  public init?(truth: Truth, segment: String, experiments: [ExperimentView], placements: [String]) {
    guard let audience = truth.audiences[segment] else { return nil }
    self.truth = truth
    self.audience = audience
    self.segment = segment
    self.placements = placements
    let place = placeNumber(segment)
    self.place = place
    self.experiments = experiments.filter { $0.segment == segment }.sorted { $0.round < $1.round }.map {
      view in
      Prepared(
        view: view, id: Identifier(view.id),
        epochs: view.epochs.sorted { $0.startsAt < $1.startsAt }.map { epoch in
          AllocationEpoch(
            number: epoch.number, startsAt: epoch.startsAt,
            shares: epoch.shares.map { .init(variant: Identifier($0.variantId), share: $0.share) })
        }, variants: Dictionary(view.variants.map { ($0.id, $0) }) { first, _ in first })
    }
    counts = (0..<truth.weeks * 7 * 24).map { hour in
      var random = RandomStream(truth.seed, place, UInt64(hour), 0)
      return random.poisson(mean: truth.impressions(of: audience, hour: Self.time(hour, truth)))
    }
  }

  private static func time(_ hour: Int, _ truth: Truth) -> Date {
    truth.start.addingTimeInterval(Double(hour) * 3600)
  }

  /// Everything that begins in one hour: empty when no experiment runs then or the truth has no traffic.
  public func events(in hour: Date) -> [SimulatedEvent] {
    let number = Int((hour.timeIntervalSince(truth.start) / 3600).rounded(.down))
    guard counts.indices.contains(number) else { return [] }
    let time = Self.time(number, truth)
    guard
      let experiment = experiments.last(where: {
        $0.view.startedAt <= time && time < $0.view.endedAt ?? .distantFuture
      }), let epoch = experiment.epochs.last(where: { $0.startsAt <= time })
    else { return [] }
    var rates: [UUID: Double] = [:]
    for variant in experiment.view.variants {
      rates[variant.id] = truth.clickRate(of: variant, in: audience, at: time)
    }
    var events: [SimulatedEvent] = []
    events.reserveCapacity(counts[number] * 6)
    for index in 0..<counts[number] {
      let viewer = viewer(hour: number, index: index)
      guard let variant = Assignment.variant(viewer: viewer, experiment: experiment.id, epoch: epoch) else {
        continue
      }
      let message = "\(segment)-\(number)-\(index)"
      let first = events.count
      var visit = Visit(
        random: RandomStream(truth.seed, place, UInt64(number), UInt64(index) << 2 | 2), viewer: viewer,
        variant: variant.uuid, message: message, device: device(of: viewer))
      visit.run(
        from: Int64(time.timeIntervalSince1970) * 1000, clickRate: rates[variant.uuid] ?? 0, audience.rates,
        truth, placements, into: &events)
      var invalid = InvalidTraffic(
        random: RandomStream(truth.seed, place, UInt64(number), UInt64(index) << 2 | 3),
        traffic: truth.traffic, message: message)
      if viewer == name(hour: number, index: index) { invalid.instantClick(on: events[first], into: &events) }
      invalid.bot(
        from: Int64(time.timeIntervalSince1970) * 1000, placements,
        variant: { Assignment.variant(viewer: $0, experiment: experiment.id, epoch: epoch)?.uuid },
        into: &events)
    }
    events.sort { ($0.timestampMs, $0.messageID) < ($1.timestampMs, $1.messageID) }
    return events
  }

  /// A new viewer, or one of the seven days before: found by walking back to that impression, without memory.
  private func viewer(hour: Int, index: Int) -> String {
    var (hour, index) = (hour, index)
    while true {
      var random = RandomStream(truth.seed, place, UInt64(hour), UInt64(index) << 2 | 1)
      guard random.happens(truth.traffic.repeatViewers) else { break }
      let earlier = hour - random.index(below: min(hour, 7 * 24) + 1)
      let limit = earlier == hour ? index : counts[earlier]
      guard limit > 0 else { break }
      (hour, index) = (earlier, random.index(below: limit))
    }
    return name(hour: hour, index: index)
  }

  /// Everybody keeps theirs. Which it is makes no difference to what they do; of some players nobody knows.
  private func device(of viewer: String) -> DeviceType? {
    var random = RandomStream(truth.seed, placeNumber(viewer), 4)
    return switch random.uniform() {
    case ..<0.58: .phone
    case ..<0.74: .desktop
    case ..<0.88: .tv
    case ..<0.95: .tablet
    default: nil
    }
  }

  private func name(hour: Int, index: Int) -> String { "\(segment)-\(hour)-\(index)-\(truth.seed)" }
}
