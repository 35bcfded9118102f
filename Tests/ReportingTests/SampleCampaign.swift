import Campaigns
import Foundation
import Postgres
import TestKit

/// Four weeks of an invented campaign, as they would lie in the database on Monday, 23 November 2026: one segment
/// in its second round, one with a version that wears out, one whose audience changed.
struct SampleCampaign {
  static let start = Date(timeIntervalSince1970: 1_792_972_800)  // Monday, 26 October 2026
  static let end = start + 28 * day
  static let day = 86_400.0
  static let workspaceName = "studio"

  let database: Database
  let workspace: Workspace
  let campaign: Campaign
  private var noise = SeededGenerator(seed: 47)

  static func id<Subject>(_ number: Int) -> Identifier<Subject> {
    let digits = String(number)
    let padded = String(repeating: "0", count: 12 - digits.count) + digits
    return Identifier(UUID(uuidString: "01930000-0000-7000-8000-\(padded)") ?? UUID())
  }

  static func make(in database: Database) async throws -> SampleCampaign {
    var sample = try await SampleCampaign(database)
    try await sample.fill()
    return sample
  }

  private init(_ database: Database) async throws {
    self.database = database
    workspace = try await WorkspaceStore(database).ensure(
      name: Self.workspaceName, id: Self.id(1), at: Self.start)
    campaign = Self.campaign(workspace: workspace)
    try await BrandStore(database).insert(Self.brand(workspace: workspace))
    try await CampaignStore(database).insert(campaign)
  }

  // MARK: - Rows

  private static func brand(workspace: Workspace) -> Brand {
    Brand(
      id: id(2), workspace: workspace.id, key: "perlune", name: "Perlune",
      document: BrandDocument(
        tagline: [:], colours: ["primary": "#123b5d"], headingFont: "Inter", bodyFont: "Inter", tone: "",
        legal: [:], assets: [:]))
  }

  private static func campaign(workspace: Workspace) -> Campaign {
    let empty: LocalisedText = [:]
    return Campaign(
      id: id(3), workspace: workspace.id, brand: id(2), key: "perlune-one-launch",
      name: "Perlune One, launch",
      status: .running, goal: .clickThrough, languages: ["en", "fr"],
      placements: ["tiktok.infeed", "facebook.feed_square", "youtube.bumper"], startsOn: "2026-10-26",
      endsOn: nil, budget: Money(minorUnits: 1_200_000, currency: "EUR"),
      document: CampaignDocument(
        brief: Brief(product: empty, promise: empty, proof: empty, legal: empty), factors: factors,
        policy: DecisionPolicy(
          confidence: 0.95, regenerate: true, allocationFloor: 0.05, plannedImpressionsPerSegment: 60_000,
          schedule: "0 6 * * 1"), durationMs: 6_000, versionsPerSegment: 3))
  }

  private static let factors = [
    Factor(
      key: "hook",
      levels: [
        Level(
          key: "burden", text: ["en": "Still carrying water home?", "fr": "Encore un pack d’eau à porter ?"]),
        Level(
          key: "recipe",
          text: ["en": "Tap water. One twist. Fizz.", "fr": "Eau du robinet. Un tour. Des bulles."]),
        Level(key: "sound", text: ["en": "Hear that? Pssst.", "fr": "Vous entendez ? Pschitt."]),
      ]),
    Factor(
      key: "pace",
      levels: [
        Level(key: "calm", value: "80"), Level(key: "steady", value: "100"),
        Level(key: "brisk", value: "120"),
      ]),
    Factor(
      key: "call_to_action",
      levels: [
        Level(key: "find", text: ["en": "Find yours", "fr": "Trouver la mienne"]),
        Level(key: "trial", text: ["en": "Try it for 30 days", "fr": "L’essayer 30 jours"]),
      ]),
  ]

  private func segment(_ number: Int, _ key: String, _ name: String, _ language: String, _ audience: Int64)
    -> Segment
  {
    Segment(
      id: Self.id(10 + number), campaign: campaign.id, key: key, name: name, language: language,
      audience: audience, rule: AudienceRule(all: []))
  }

  private func variant(
    _ number: Int, _ name: String, of segment: Segment, generation: Int = 1, parent: Int? = nil,
    levels: [String], status: Variant.Status, from: Date, retired: Date? = nil
  ) -> Variant {
    Variant(
      id: Self.id(100 + number), campaign: campaign.id, segment: segment.id, name: name, origin: .designed,
      generation: generation, parent: parent.map { Self.id(100 + $0) },
      levels: ["hook": levels[0], "pace": levels[1], "call_to_action": levels[2]], status: status,
      createdAt: from, activatedAt: from, retiredAt: retired)
  }

  private func start(
    _ number: Int, round: Int, of segment: Segment, at moment: Date, variants: [Int], shares: [Double]
  ) async throws {
    try await ExperimentStore(database).start(
      Experiment(
        id: Self.id(200 + number), campaign: campaign.id, segment: segment.id, round: round,
        goal: .clickThrough, alpha: 0.05, plannedImpressions: 60_000, randomised: true,
        control: Self.id(100 + variants[0]), startedAt: moment,
        epochs: [Self.epoch(1, at: moment, variants: variants, shares: shares)]))
  }

  private static func epoch(
    _ number: Int, at moment: Date, variants: [Int], shares: [Double]
  ) -> AllocationEpoch {
    AllocationEpoch(
      number: number, startsAt: moment,
      shares: zip(variants, shares).map { AllocationEpoch.Share(variant: id(100 + $0), share: $1) })
  }

  private mutating func fill() async throws {
    let (segments, variants) = (SegmentStore(database), VariantStore(database))
    let second = Self.start + 14 * Self.day
    let board = JSONB(text: "{}")

    let young = segment(1, "young-city-fr", "Young city dwellers, France and Belgium", "fr", 1_450_000)
    try await segments.insert(young, position: 0)
    for variant in [
      variant(
        1, "A", of: young, levels: ["burden", "calm", "find"], status: .retired, from: Self.start,
        retired: second),
      variant(2, "B", of: young, levels: ["recipe", "brisk", "trial"], status: .active, from: Self.start),
      variant(
        3, "C", of: young, levels: ["sound", "steady", "find"], status: .retired, from: Self.start,
        retired: second),
      variant(
        4, "D", of: young, generation: 2, parent: 2, levels: ["recipe", "brisk", "find"], status: .active,
        from: second),
      variant(
        5, "E", of: young, generation: 2, parent: 2, levels: ["recipe", "steady", "trial"], status: .active,
        from: second),
    ] { try await variants.insert(variant, storyboard: board) }
    try await start(1, round: 1, of: young, at: Self.start, variants: [1, 2, 3], shares: [0.34, 0.33, 0.33])
    try await ExperimentStore(database).end(Self.id(201), in: campaign.scope, at: second)
    try await start(2, round: 2, of: young, at: second, variants: [2, 4, 5], shares: [0.34, 0.33, 0.33])
    try await traffic(days: 0..<14, perDay: 2_700, [1: 0.34, 2: 0.33, 3: 0.33]) {
      [1: 0.025, 2: 0.034, 3: 0.025][$0] ?? 0 + 0 * Double($1)
    }
    try await traffic(days: 14..<28, perDay: 2_700, [2: 0.34, 4: 0.33, 5: 0.33]) {
      [2: 0.034, 4: 0.047, 5: 0.033][$0] ?? 0 + 0 * Double($1)
    }

    let commuters = segment(2, "commuters-gb", "Commuters, United Kingdom and Ireland", "en", 2_100_000)
    try await segments.insert(commuters, position: 1)
    for (number, name, levels) in [
      (6, "A", ["burden", "calm", "find"]), (7, "B", ["sound", "steady", "trial"]),
      (8, "C", ["recipe", "brisk", "trial"]),
    ] {
      try await variants.insert(
        variant(number, name, of: commuters, levels: levels, status: .active, from: Self.start),
        storyboard: board)
    }
    try await start(
      3, round: 1, of: commuters, at: Self.start, variants: [6, 7, 8], shares: [0.34, 0.33, 0.33])
    try await ExperimentStore(database).open(
      Self.epoch(2, at: Self.start + 21 * Self.day, variants: [6, 7, 8], shares: [0.4, 0.4, 0.2]),
      in: try await ExperimentStore(database).find(Self.id(203), in: campaign.scope))
    let worn = { (day: Int) in day < 7 ? 1.0 : 0.45 + 0.55 * pow(0.5, Double(day - 6) / 4) }
    try await traffic(days: 0..<21, perDay: 2_900, [6: 0.34, 7: 0.33, 8: 0.33]) {
      $0 == 8 ? 0.033 * worn($1) : 0.028
    }
    try await traffic(days: 21..<28, perDay: 2_900, [6: 0.4, 7: 0.4, 8: 0.2]) {
      $0 == 8 ? 0.033 * worn($1) : 0.028
    }

    let hikers = segment(3, "hikers-alps", "Hikers, French-speaking Alps", "fr", 780_000)
    try await segments.insert(hikers, position: 2)
    for (number, name, levels) in [
      (9, "A", ["recipe", "calm", "trial"]), (10, "B", ["burden", "steady", "find"]),
      (11, "C", ["sound", "brisk", "find"]),
    ] {
      try await variants.insert(
        variant(number, name, of: hikers, levels: levels, status: .active, from: Self.start),
        storyboard: board)
    }
    try await start(
      4, round: 1, of: hikers, at: Self.start, variants: [9, 10, 11], shares: [0.34, 0.33, 0.33])
    try await traffic(days: 0..<28, perDay: 2_300, [9: 0.34, 10: 0.33, 11: 0.33]) {
      ([9: 0.0235, 10: 0.022, 11: 0.021][$0] ?? 0) * ($1 < 21 ? 1 : 0.55)
    }
    try await decisions(young: young, commuters: commuters)
    try await count()
  }

  /// Rollups of two hours a day and the platform's bill for each day.
  private mutating func traffic(
    days: Range<Int>, perDay: Double, _ shares: [Int: Double], rate: (Int, Int) -> Double
  ) async throws {
    let season = [0.92, 0.95, 1.00, 0.98, 1.05, 1.12, 0.98]
    for day in days {
      for (number, share) in shares.sorted(by: { $0.key < $1.key }) {
        let impressions = drawn(perDay * season[day % 7] * share)
        let clicks = drawn(Double(impressions) * rate(number, day))
        let moment = Self.start + Double(day) * Self.day
        let variant = Self.id(100 + number) as Identifier<Variant>
        for (hour, part) in [(9, 0.4), (19, 0.6)] {
          try await database.execute(
            """
            INSERT INTO rollup_hour (campaign_id, variant_id, placement, hour, impressions, clicks, conversions)
            VALUES (\(campaign.id.uuid), \(variant.uuid), 1, \(moment + Double(hour) * 3_600),
              \(Int64((Double(impressions) * part).rounded())), \(Int64((Double(clicks) * part).rounded())),
              \(Int64((Double(clicks) * part * 0.06).rounded())))
            """)
        }
        try await filtered(variant, moment, impressions: impressions, clicks: clicks)
        try await database.execute(
          """
          INSERT INTO insight (campaign_id, variant_id, source, period, breakdown, impressions, clicks,
            conversions, spend_micros, imported_at)
          VALUES (\(campaign.id.uuid), \(variant.uuid), 'mapped',
            daterange((\(moment)::timestamptz AT TIME ZONE 'UTC')::date,
              (\(moment + Self.day)::timestamptz AT TIME ZONE 'UTC')::date), '', \(impressions), \(clicks), 0,
            \(impressions * 7_500), \(moment))
          """)
      }
    }
  }

  /// One impression in a hundred is a bot's, a few are too many of one viewer; some clicks are too fast.
  private func filtered(
    _ variant: Identifier<Variant>, _ moment: Date, impressions: Int64, clicks: Int64
  ) async throws {
    for (traffic, kind, events) in [
      (Int16(1), EventKind.impression, impressions / 100), (5, .impression, impressions / 400),
      (1, .click, clicks / 50),
      (4, .click, clicks / 15),
    ] where events > 0 {
      try await database.execute(
        """
        INSERT INTO rollup_filtered_hour (campaign_id, variant_id, placement, hour, traffic, kind, events)
        VALUES (\(campaign.id.uuid), \(variant.uuid), 1, \(moment + 19 * 3_600), \(traffic), \(kind.rawValue),
          \(events))
        """)
    }
  }

  /// A count with the spread of a Poisson variable (normal approximation by twelve uniforms).
  private mutating func drawn(_ mean: Double) -> Int64 {
    let spread = (0..<12).reduce(-6.0) { sum, _ in sum + noise.uniform() }
    return Int64(max(0, (mean + spread * mean.squareRoot()).rounded()))
  }

  private func decisions(young: Segment, commuters: Segment) async throws {
    let monday = Self.start + 21 * Self.day + 6 * 3_600
    let rows: [(Int, Segment, Int?, Decision.Kind, String, Date)] = [
      (
        301, commuters, 8, .reallocate,
        "Version C is behind; it keeps 20% of traffic while the test goes on.", monday
      ),
      (302, young, 4, .promote, "Version D is shown to be the best of its round.", monday + 7 * Self.day),
      (
        303, commuters, 8, .retire, "Version C wears out and is shown to be worse than A.",
        monday + 7 * Self.day
      ),
      (
        304, commuters, nil, .regenerate, "Two new versions descend from A: a new hook and a brisker pace.",
        monday + 7 * Self.day
      ),
    ]
    for (number, segment, variant, kind, reason, moment) in rows {
      try await DecisionStore(database).insert(
        Decision(
          id: Self.id(number), campaign: campaign.id, segment: segment.id,
          experiment: nil, variant: variant.map { Self.id(100 + $0) }, kind: kind, reason: reason,
          evidence: "{}", decidedBy: "autopilot", decidedAt: moment))
    }
  }

  private func count() async throws {
    try await database.execute(
      """
      INSERT INTO ingest_count (workspace_id, hour, received, stored, duplicate, quarantined, rejected)
      VALUES (\(workspace.id.uuid), \(Self.end - 3 * Self.day), 214391, 209803, 4288, 171, 129)
      """)
  }
}

/// An advertising account as a platform exports it: no dates, arms that nobody randomised.
struct ImportedAccount {
  let campaign: Campaign

  static func make(in database: Database) async throws -> ImportedAccount {
    let workspace = try await WorkspaceStore(database).ensure(
      name: SampleCampaign.workspaceName, id: SampleCampaign.id(1), at: SampleCampaign.start)
    let empty: LocalisedText = [:]
    let campaign = Campaign(
      id: SampleCampaign.id(5), workspace: workspace.id, brand: nil, key: "account-916",
      name: "Facebook account 916", status: .ended, goal: .clickThrough, languages: ["en"], placements: [],
      startsOn: nil, endsOn: nil, budget: nil,
      document: CampaignDocument(
        brief: Brief(product: empty, promise: empty, proof: empty, legal: empty), factors: [],
        policy: DecisionPolicy(
          confidence: 0.95, regenerate: false, allocationFloor: 0.05, plannedImpressionsPerSegment: 1_000_000,
          schedule: "0 6 * * 1"), durationMs: 0, versionsPerSegment: 0))
    try await CampaignStore(database).insert(campaign)
    var noise = SeededGenerator(seed: 916)
    for (position, name) in [
      "Women 30 to 34", "Women 35 to 39", "Men 30 to 34",
      "Men 45 to 49, interested in <b>fitness</b> & sport",
    ].enumerated() {
      let segment = Segment(
        id: SampleCampaign.id(20 + position), campaign: campaign.id, key: "s\(position)", name: name,
        language: "en", audience: nil, rule: AudienceRule(all: []))
      try await SegmentStore(database).insert(segment, position: position)
      for arm in 0..<6 {
        let variant = Variant(
          id: SampleCampaign.id(400 + position * 10 + arm), campaign: campaign.id, segment: segment.id,
          name: "Ad \(7_087_46 + position * 100 + arm * 7)", origin: .imported, generation: 1, parent: nil,
          levels: [:],
          status: .active, createdAt: SampleCampaign.start, activatedAt: SampleCampaign.start)
        try await VariantStore(database).insert(variant, storyboard: nil)
        let impressions = Int64(40_000 + noise.uniform() * 3_000_000)
        let clicks = Int64(Double(impressions) * (0.00012 + 0.0001 * noise.uniform()))
        try await database.execute(
          """
          INSERT INTO insight (campaign_id, variant_id, source, period, breakdown, impressions, clicks,
            conversions, spend_micros, imported_at)
          VALUES (\(campaign.id.uuid), \(variant.id.uuid), 'meta', '(,)', \(name), \(impressions), \(clicks),
            \(Int64(Double(clicks) * 0.06)), \(Int64(Double(clicks) * (1_180_000 + 900_000 * noise.uniform()))), \(SampleCampaign.start))
          """)
      }
    }
    return ImportedAccount(campaign: campaign)
  }
}
