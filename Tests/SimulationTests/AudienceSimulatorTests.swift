import Campaigns
import Foundation
import Testing

@testable import Simulation

@Suite("Audience")
struct AudienceSimulatorTests {
  private func simulator(_ experiment: ExperimentView) throws -> AudienceSimulator {
    try #require(
      AudienceSimulator(
        truth: Fixtures.truth(), segment: experiment.segment, experiments: [experiment],
        placements: ["a.feed", "b.story"]))
  }

  private func events(_ experiment: ExperimentView, days: Range<Int>) throws -> [SimulatedEvent] {
    let simulator = try simulator(experiment)
    return Fixtures.hours(days).flatMap { simulator.events(in: $0) }
  }

  /// Clicks and impressions of a variant.
  private func counts(_ events: [SimulatedEvent], _ variant: UUID) -> (trials: Double, clicks: Double) {
    let sound = events.filter { $0.fault == nil && $0.variant == variant }
    return (
      Double(sound.count { $0.kind == .impression }), Double(sound.count { $0.kind == .click })
    )
  }

  @Test("The same truth gives the same events, whatever was asked before")
  func deterministic() throws {
    let one = try simulator(Fixtures.experiment("steady"))
    let hours = Fixtures.hours(3..<4)
    let forwards = hours.map { one.events(in: $0) }
    let backwards = Array(hours.reversed().map { one.events(in: $0) }.reversed())
    #expect(forwards == backwards)
    #expect(forwards[5].map(\.messageID).count == Set(forwards[5].map(\.messageID)).count)
  }

  @Test("Each version is clicked as often as the truth says", arguments: ["steady", "worn", "shifted"])
  func rates(segment: String) throws {
    let truth = try Fixtures.truth()
    let experiment = Fixtures.experiment(segment)
    for days in [0..<4, 18..<22] {
      let events = try events(experiment, days: days)
      for variant in experiment.variants {
        let (trials, clicks) = counts(events, variant.id)
        let expected =
          Fixtures.hours(days).reduce(0.0) { sum, hour in
            sum + (truth.expectedRate(of: variant, segment: segment, goal: .clickThrough, at: hour) ?? 0)
          } / Double(days.count * 24)
        // Four standard errors of a proportion, and a little for hours that weigh differently.
        let tolerance = 4 * (expected * (1 - expected) / trials).squareRoot() + 0.001
        #expect(abs(clicks / trials - expected) < tolerance, "\(segment) \(variant.name) \(days)")
      }
    }
  }

  @Test("Traffic follows shares, and new shares from their epoch on")
  func shares() throws {
    let experiment = Fixtures.experiment("steady", epochs: [(0, [0.4, 0.3, 0.3]), (2, [0.05, 0.9, 0.05])])
    for (days, shares) in [(0..<2, [0.4, 0.3, 0.3]), (2..<4, [0.05, 0.9, 0.05])] {
      let events = try events(experiment, days: days)
      let trials = experiment.variants.map { counts(events, $0.id).trials }
      let total = trials.reduce(0, +)
      for (count, share) in zip(trials, shares) { #expect(abs(count / total - share) < 0.015) }
    }
  }

  @Test("Days and hours are as busy as the truth says")
  func season() throws {
    let events = try events(Fixtures.experiment("steady"), days: 0..<7).filter {
      $0.kind == .impression && $0.fault == nil
    }
    let truth = try Fixtures.truth()
    for day in 0..<7 {
      let from = Int64(Fixtures.monday.timeIntervalSince1970 * 1000) + Int64(day) * 86_400_000
      let count = events.count { (from..<from + 86_400_000).contains($0.timestampMs) }
      let expected = 9000 * truth.dayOfWeek[day]
      #expect(abs(Double(count) - expected) < 4 * expected.squareRoot())
    }
    let evening = events.count { $0.timestampMs % 86_400_000 / 3_600_000 == 20 }
    let night = events.count { $0.timestampMs % 86_400_000 / 3_600_000 == 3 }
    #expect(evening > 10 * night)
  }

  @Test("The share of impressions shown to known viewers is the truth's, and each was shown one before")
  func repeatViewers() throws {
    var seen: Set<String> = []
    var repeated = 0
    var total = 0
    let simulator = try simulator(Fixtures.experiment("steady"))
    for hour in Fixtures.hours(0..<3) {
      // Within an hour a viewer's visits are in no order, so hours are looked at as a whole.
      let viewers = simulator.events(in: hour).filter { $0.kind == .impression && $0.fault == nil }.map(
        \.viewer)
      total += viewers.count
      repeated += viewers.count - Set(viewers).subtracting(seen).count
      seen.formUnion(viewers)
    }
    #expect(abs(Double(repeated) / Double(total) - 0.22) < 0.01)
  }

  @Test("No event comes before the one it follows, and values have a currency")
  func chains() throws {
    let events = try events(Fixtures.experiment("steady"), days: 0..<1).filter { $0.fault == nil }
    let impressions = Set(events.filter { $0.kind == .impression }.map { $0.messageID.dropLast(2) })
    for event in events where event.kind == .click {
      #expect(impressions.contains(event.messageID.dropLast(2)))
    }
    let conversions = events.filter { $0.kind == .conversion }
    #expect(!conversions.isEmpty)
    #expect(conversions.allSatisfy { ($0.valueMinor ?? -1) >= 0 && $0.currency == "EUR" })
    #expect(events.count { $0.kind == .complete } > 0)
  }

  @Test("Where no experiment runs nobody is shown anything")
  func nothing() throws {
    var ended = Fixtures.experiment("steady")
    ended.endedAt = Fixtures.monday.addingTimeInterval(86_400)
    let simulator = try simulator(ended)
    #expect(simulator.events(in: Fixtures.monday.addingTimeInterval(86_400)).isEmpty)
    #expect(simulator.events(in: Fixtures.monday.addingTimeInterval(-3600)).isEmpty)
    #expect(!simulator.events(in: Fixtures.monday.addingTimeInterval(82_800)).isEmpty)
    #expect(
      try AudienceSimulator(truth: Fixtures.truth(), segment: "?", experiments: [], placements: []) == nil)
  }

  @Test("Variants of a later generation all have the lift of the new")
  func laterGenerations() throws {
    let experiment = Fixtures.experiment("steady", generation: 2)
    let events = try events(experiment, days: 0..<4)
    for variant in experiment.variants {
      let (trials, clicks) = counts(events, variant.id)
      #expect(abs(clicks / trials - 0.06) < 4 * (0.06 * 0.94 / trials).squareRoot())
    }
  }

  @Test("Everybody keeps their device, most say which, and every type is seen about as often as it should")
  func devices() throws {
    let sound = try events(Fixtures.experiment("steady"), days: 0..<4).filter { !$0.isInvalidTraffic }
    let byViewer = Dictionary(grouping: sound, by: \.viewer).mapValues { Set($0.map(\.device)) }
    #expect(byViewer.values.allSatisfy { $0.count == 1 })
    let viewers = Double(byViewer.count)
    for (device, share) in [(DeviceType.phone, 0.58), (.desktop, 0.16), (.tv, 0.14), (.tablet, 0.07)] {
      let seen = Double(byViewer.values.count { $0 == [device] }) / viewers
      #expect(abs(seen - share) < 5 * (share * (1 - share) / viewers).squareRoot(), "\(device) \(seen)")
    }
    var bytes: [UInt8] = []
    try #require(sound.first { $0.device == .tv }).write(to: &bytes)
    #expect(String(decoding: bytes, as: UTF8.self).hasSuffix(",\"device\":\"tv\"}"))
  }
}
