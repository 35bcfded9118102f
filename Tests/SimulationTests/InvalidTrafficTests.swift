import Campaigns
import Foundation
import Testing

@testable import Simulation

@Suite("Invalid traffic")
struct InvalidTrafficTests {
  private func events(_ change: (inout Truth.Traffic) -> Void, days: Range<Int> = 0..<3) throws
    -> [SimulatedEvent]
  {
    var truth = try Fixtures.truth()
    change(&truth.traffic)
    let experiment = Fixtures.experiment("steady")
    let simulator = try #require(
      AudienceSimulator(
        truth: truth, segment: "steady", experiments: [experiment], placements: ["a.feed", "b.story"]))
    return Fixtures.hours(days).flatMap { simulator.events(in: $0) }
  }

  @Test("What real viewers do is the same with invalid traffic and without")
  func untouched() throws {
    let without = try events { ($0.bots, $0.instantClicks) = (0, 0) }
    let with = try events { ($0.bots, $0.instantClicks) = (0.05, 0.05) }
    #expect(without.allSatisfy { !$0.isInvalidTraffic })
    #expect(with.filter { !$0.isInvalidTraffic } == without)
    #expect(Set(with.map(\.messageID)).count == with.count)
  }

  @Test("As much of it comes as the truth says, each of its kind")
  func shares() throws {
    let all = try events { ($0.bots, $0.instantClicks, $0.repeatViewers) = (0.02, 0.01, 0.2) }
    let impressions = Double(all.count { $0.kind == .impression && !$0.isInvalidTraffic && $0.fault == nil })
    let bots = Double(all.count { $0.kind == .impression && $0.isInvalidTraffic })
    let instant = Double(all.count { $0.isInvalidTraffic && $0.userAgent == nil })
    // Four standard errors of a proportion.
    #expect(abs(bots / impressions - 0.02) < 4 * (0.02 / impressions).squareRoot())
    #expect(abs(instant / impressions - 0.008) < 4 * (0.008 / impressions).squareRoot() + 0.001)
    #expect(all.allSatisfy { ($0.userAgent != nil) == ($0.isInvalidTraffic && $0.viewer.hasPrefix("bot-")) })
  }

  @Test("An instant click follows its viewer's first impression of the version by 30 ms")
  func instant() throws {
    let all = try events { ($0.bots, $0.instantClicks, $0.repeatViewers) = (0, 0.02, 0.3) }
    let clicks = all.filter(\.isInvalidTraffic)
    #expect(clicks.count > 20)
    for click in clicks {
      #expect(
        all.contains {
          $0.kind == .impression && $0.viewer == click.viewer && $0.variant == click.variant
            && $0.timestampMs == click.timestampMs - 30
        })
    }
  }

  @Test("A body tells the bot's user agent, and its batch how many are to be stored and not counted")
  func batches() throws {
    var truth = try Fixtures.truth()
    (truth.traffic.bots, truth.traffic.instantClicks, truth.traffic.duplicates) = (0.05, 0.02, 0)
    let simulator = try #require(
      AudienceSimulator(
        truth: truth, segment: "steady", experiments: [Fixtures.experiment("steady")], placements: []))
    let hours = Fixtures.hours(0..<1)
    let wanted = hours.flatMap { simulator.events(in: $0) }.count(where: \.isInvalidTraffic)
    let end = try #require(hours.last) + 3600
    var expected = ExpectedCounts()
    var bodies = ""
    for batch in TrafficBatches(simulators: [simulator], truth: truth, hours: hours[0]..<end) {
      expected += batch.expected
      bodies += String(decoding: batch.body, as: UTF8.self)
    }
    #expect(wanted > 0 && expected.filtered == wanted && expected.filtered < expected.stored)
    #expect(InvalidTraffic.userAgents.contains { bodies.contains("\"user_agent\":\"\($0)\"") })
  }
}
