import Campaigns
import Foundation

/// What a collector must store and not count, beside a real visit and without touching it.
struct InvalidTraffic {
  var random: RandomStream
  let traffic: Truth.Traffic
  /// Unique to the impression; every event adds its own mark.
  let message: String

  /// Programs that say what they are, as servers report them.
  static let userAgents = [
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/130.0.0.0 Safari/537.36",
    "python-requests/2.32.3",
  ]

  /// A click 30 ms after an impression. It must be the viewer's first: an earlier one would explain the click.
  mutating func instantClick(on impression: SimulatedEvent, into events: inout [SimulatedEvent]) {
    guard random.happens(traffic.instantClicks) else { return }
    var click = impression
    click.kind = .click
    click.timestampMs += 30
    click.messageID = "\(message)-i"
    click.isInvalidTraffic = true
    events.append(click)
  }

  /// An impression by a program, and now and then a click.
  /// - Parameter variant: what the program's viewer id is assigned to; nil when it is shown nothing.
  mutating func bot(
    from hourMs: Int64, _ placements: [String], variant: (String) -> UUID?,
    into events: inout [SimulatedEvent]
  ) {
    guard random.happens(traffic.bots) else { return }
    let viewer = "bot-\(message)"
    guard let variant = variant(viewer) else { return }
    var event = SimulatedEvent(
      kind: .impression, variant: variant, viewer: viewer,
      timestampMs: hourMs + Int64(random.index(below: 3_600_000)), messageID: "\(message)-b1",
      placement: placements.isEmpty ? nil : placements[random.index(below: placements.count)])
    event.userAgent = Self.userAgents[random.index(below: Self.userAgents.count)]
    event.isInvalidTraffic = true
    events.append(event)
    if random.happens(0.2) {
      event.kind = .click
      event.timestampMs += 2_500
      event.messageID = "\(message)-b8"
      events.append(event)
    }
  }
}
