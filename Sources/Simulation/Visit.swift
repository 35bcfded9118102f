import Campaigns
import Foundation

/// What one viewer does with one impression.
struct Visit {
  var random: RandomStream
  let viewer: String
  let variant: UUID
  /// Unique to the impression; every event adds its kind.
  let message: String
  /// What the viewer watches on; nil when the player does not say.
  let device: DeviceType?

  mutating func run(
    from hourMs: Int64, clickRate: Double, _ rates: Truth.Rates, _ truth: Truth, _ placements: [String],
    into events: inout [SimulatedEvent]
  ) {
    let shown = hourMs + Int64(random.index(below: 3_600_000))
    let placement = placements.isEmpty ? nil : placements[random.index(below: placements.count)]
    func event(_ kind: EventKind, after milliseconds: Int64) -> SimulatedEvent {
      SimulatedEvent(
        kind: kind, variant: variant, viewer: viewer, timestampMs: shown + milliseconds,
        messageID: "\(message)-\(kind.rawValue)", placement: placement, device: device)
    }
    let first = events.count
    events.append(event(.impression, after: 0))
    for (kind, after) in watch(rates) { events.append(event(kind, after: after)) }
    if random.happens(clickRate) {
      let clicked = 1_500 + Int64(random.index(below: 8_000))
      events.append(event(.click, after: clicked))
      if random.happens(rates.conversion) {
        var conversion = event(.conversion, after: clicked + 20_000 + Int64(random.index(below: 900_000)))
        if let value = truth.conversionValue {
          let amount = max(value.mean + value.spread * random.normal(), 0)
          conversion.valueMinor = Int64((amount * 100).rounded())
          conversion.currency = value.currency
        }
        events.append(conversion)
      }
    }
    if random.happens(rates.hide) { events.append(event(.hide, after: 3_000)) }
    for index in first..<events.count { spoil(events[index], truth.traffic, into: &events) }
  }

  /// From seen to completed, along six seconds.
  private mutating func watch(_ rates: Truth.Rates) -> [(EventKind, Int64)] {
    var happened: [(EventKind, Int64)] = []
    guard random.happens(rates.viewable) else { return happened }
    happened.append((.viewable, 2_000))
    guard random.happens(rates.start) else { return happened }
    happened.append((.start, 2_050))
    if random.happens(rates.mute) { happened.append((.mute, 2_600)) }
    let stages: [(EventKind, Double, Int64)] = [
      (.firstQuartile, rates.firstQuartile, 3_550), (.midpoint, rates.midpoint, 5_050),
      (.thirdQuartile, rates.thirdQuartile, 6_550), (.complete, rates.complete, 8_050),
    ]
    var last: Int64 = 2_050
    for (kind, rate, after) in stages {
      guard random.happens(rate) else {
        if random.happens(rates.skip) { happened.append((.skip, last + 700)) }
        break
      }
      happened.append((kind, after))
      last = after
    }
    return happened
  }

  /// Adds broken events of the kinds real clients send; the sound one stays, so that rates are not touched.
  private mutating func spoil(
    _ sound: SimulatedEvent, _ traffic: Truth.Traffic, into events: inout [SimulatedEvent]
  ) {
    if random.happens(traffic.badTimestamp) {
      var event = sound
      // A clock that starts at zero, or one set years ahead.
      event.timestampMs =
        random.happens(0.5) ? sound.timestampMs % 86_400_000 : sound.timestampMs + 4 * 365 * 86_400_000
      event.messageID += "-t"
      event.fault = .badTimestamp
      events.append(event)
    }
    if random.happens(traffic.malformed) {
      var event = sound
      event.messageID += "-m"
      event.fault = .malformed
      events.append(event)
    }
  }
}
