import Analysis
import Campaigns
import Foundation
import Postgres
import TestKit
import Testing

@Suite("Gross and net")
struct TrafficAccountTests {
  private func account(_ net: Int64, _ filtered: [(TrafficFilter, Int64)], kind: EventKind = .impression)
    -> TrafficAccount
  {
    var account = TrafficAccount()
    account.add(net, of: kind, reason: nil)
    for (reason, events) in filtered { account.add(events, of: kind, reason: reason) }
    return account
  }

  @Test("Gross is net and what every rule filtered, however accounts are put together")
  func sums() {
    let one = account(1000, [(.declaredBot, 8), (.excess, 2)])
    let two = account(500, [(.excess, 20)]) + account(7, [], kind: .click)
    for sum in [one + two, two + one] {
      let line = sum[.impression]
      #expect(line.net == 1500 && line.filteredEvents == 30 && line.gross == 1530)
      #expect(line.filtered == [.init(reason: .excess, events: 22), .init(reason: .declaredBot, events: 8)])
      #expect(sum.lines.map(\.kind) == [.impression, .click] && sum[.click].share == 0)
    }
    #expect(TrafficAccount().isEmpty && TrafficAccount()[.impression].share == nil)
  }

  @Test("The sentence tells shares by rule, gross and net, and clicks only where some were filtered")
  func sentence() {
    let impressions = account(1_220_000, [(.declaredBot, 9_880), (.impossibleSequence, 4_687)])
    #expect(
      impressions.sentence
        == "Filtered traffic: 1.2% of impressions (declared bots 0.8%, impossible sequences 0.4%), "
        + "gross 1,234,567, net 1,220,000.")
    let clicks = impressions + account(100, [], kind: .click)
    #expect(clicks.sentence == impressions.sentence)
    #expect(
      (account(1000, []) + account(90, [(.impossibleSequence, 10)], kind: .click)).sentence
        == "Filtered traffic: none of 1,000 impressions; 10.0% of clicks (impossible sequences 10.0%), gross 100, net 90."
    )
    #expect(TrafficAccount().sentence == nil)
    #expect(account(99_999, [(.excess, 1)]).sentence?.contains("<0.1% of impressions") == true)
  }

  @Test("JSON tells gross, net and share, and reads back as what was written")
  func json() throws {
    let account = account(3, [(.prefetch, 1)], kind: .firstQuartile)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let data = try encoder.encode(account)
    #expect(
      String(decoding: data, as: UTF8.self)
        == #"{"lines":[{"filtered":[{"events":1,"reason":"prefetch"}],"gross":4,"kind":"first_quartile","net":3,"share":0.25}]}"#
    )
    #expect(try JSONDecoder().decode(TrafficAccount.self, from: data) == account)
  }

  @Test("An analysis counts net, tells both of its own round's hours, and agrees with the tables")
  func stored() async throws {
    try await withTestDatabase { database in
      let scenario = Scenario()
      let stored = try await StoredScenario(scenario, in: database)
      let (a, b) = (scenario.variant(0).id, scenario.variant(1).id)
      func filter(
        _ variant: Identifier<Variant>, day: Double, _ traffic: Int16, _ kind: EventKind, _ events: Int64
      )
        async throws
      {
        try await database.execute(
          """
          INSERT INTO rollup_filtered_hour (campaign_id, variant_id, placement, hour, traffic, kind, events)
          VALUES (\(stored.campaign.id.uuid), \(variant.uuid), 1, \(scenario.start + day * Scenario.day), \(traffic),
            \(kind.rawValue), \(events))
          """)
      }
      try await filter(a, day: 1, 1, .impression, 100)
      try await filter(a, day: 2, 4, .click, 30)
      try await filter(b, day: 2, 99, .impression, 5)
      // Before the round, and after what is looked at.
      try await filter(a, day: -1, 1, .impression, 1000)
      try await filter(a, day: 14, 1, .impression, 1000)
      let moment = scenario.start + 14 * Scenario.day
      let analysis = try #require(
        try await Analyst(database).analyse(campaign: stored.campaign, at: moment).first)
      #expect(analysis[a]?.traffic[.impression].filtered == [.init(reason: .declaredBot, events: 100)])
      #expect(analysis[a]?.traffic[.click].filtered == [.init(reason: .impossibleSequence, events: 30)])
      #expect(analysis[b]?.traffic[.impression].filtered == [.init(reason: .other, events: 5)])
      for result in analysis.variants {
        #expect(result.traffic[.impression].net == result.counts.impressions)
        #expect(result.traffic[.click].net == result.counts.clicks)
      }
      #expect(analysis.traffic[.impression].filteredEvents == 105)
    }
  }

  @Test(
    "Much filtered traffic is mentioned from 5% on, and forbids no claim",
    arguments: [(0.049, false), (0.05, true)])
  func much(share: Double, isMentioned: Bool) throws {
    var inputs = Scenario().inputs()
    for variant in inputs.variants {
      let filtered = Int64((share * 100_000).rounded())
      inputs.traffic[variant.id] = account(100_000 - filtered, [(.declaredBot, filtered)])
    }
    let analysis = try SegmentAnalysis(of: inputs)
    #expect(analysis.checks.map(\.kind) == (isMentioned ? [.invalidTraffic] : []))
    #expect(analysis.allowsClaims)
  }

  @Test(
    "A version with much more filtered traffic than the others is named; by a little, or by chance, it is not"
  )
  func outlier() throws {
    func check(_ filtered: [Int64], of gross: Int64) throws -> HealthCheck? {
      var inputs = Scenario().inputs()
      for (variant, count) in zip(inputs.variants, filtered) {
        inputs.traffic[variant.id] = account(gross - count, [(.excess, count)])
      }
      return try SegmentAnalysis(of: inputs).checks.first { $0.kind == .invalidTraffic }
    }
    #expect(
      try check([100, 300, 100], of: 10_000)?.sentence.contains("Of version B it is 3.0%, of the others 1.0%")
        == true)
    #expect(try check([100, 190, 100], of: 10_000) == nil)
    #expect(try check([1, 3, 1], of: 100) == nil)
    #expect(try check([0, 0, 0], of: 10_000) == nil)
  }
}
