internal import Documents
internal import Foundation

/// What a `campaign.yaml` says, with the places of what other files are held against.
struct CampaignFile {
  var key: String
  var name: String
  var brandPath: String
  var goal: Goal
  var startsOn: String?
  var endsOn: String?
  var languages: [String]
  var placements: [String]
  var budget: Money?
  var document: CampaignDocument
  var colours: [Located<String>]
  var photos: [Located<String>]

  static func read(_ path: String, placements known: [String]) throws -> CampaignFile {
    try Document(path: path).read { root in
      let map = root.mapping(allowed: [
        "schema", "key", "name", "brand", "goal", "starts", "ends", "languages", "placements", "budget",
        "duration", "versions_per_segment", "policy", "brief", "factors",
      ])
      map.schema("retake.campaign/1")
      let languages = unique(map.require("languages"), count: 1...40) { $0.language() }
      let startsOn = map.optional("starts")?.day()
      let endsOn = map.optional("ends")?.day()
      if let startsOn, let endsOn, !startsOn.isEmpty, !endsOn.isEmpty, endsOn < startsOn {
        map.require("ends").problem("the last day \(endsOn) is before the first, \(startsOn)")
      }
      let versions = map.int("versions_per_segment", in: 2...12)
      var factors = FactorReader(file: path, languages: languages)
      let policy = PolicyFile.read(map.require("policy"), versions: versions)
      let brief = brief(map.require("brief"), languages: languages)
      let read = map.uniqueList("factors", count: 1...FactorKind.allCases.count, key: \.key) {
        factors.read($0)
      }
      factors.check(read, versions: versions, at: map.require("factors"))
      let brandNode = map.require("brand")
      let brandFile = brandNode.string(length: 1...255)
      if brandFile.hasPrefix("/") || brandFile.split(separator: "/").contains("..") {
        brandNode.problem("must be a file inside the campaign's folder, such as brand.yaml")
      }
      return CampaignFile(
        key: map.require("key").key(), name: map.string("name", length: 1...120),
        brandPath: "\((path as NSString).deletingLastPathComponent)/\(brandFile)",
        goal: map.oneOf("goal", Goal.self, what: "goal"), startsOn: startsOn, endsOn: endsOn,
        languages: languages,
        placements: unique(map.require("placements"), count: 1...100) {
          $0.known(in: known, what: "placement")
        },
        budget: map.optional("budget").map(MoneyFile.read),
        document: CampaignDocument(
          brief: brief, factors: read, policy: policy,
          durationMs: Int(map.duration("duration", in: .seconds(3) ... .seconds(60)) / .milliseconds(1)),
          versionsPerSegment: versions),
        colours: factors.colours, photos: factors.photos)
    }
  }

  private static func brief(_ node: DocumentNode, languages: [String]) -> Brief {
    let map = node.mapping(allowed: ["product", "insight", "promise", "proof", "legal"])
    return Brief(
      product: map.require("product").localised(languages),
      promise: map.require("promise").localised(languages, length: 1...120),
      proof: map.require("proof").localised(languages, length: 1...160),
      legal: map.require("legal").localised(languages, length: 1...240),
      insight: map.require("insight").localised(languages, length: 1...1000))
  }

  private static func unique(
    _ node: DocumentNode, count: ClosedRange<Int>, of item: (DocumentNode) -> String
  ) -> [String] {
    var seen: Set<String> = []
    return node.list(count: count) { node in
      let value = item(node)
      if !value.isEmpty, !seen.insert(value).inserted { node.problem("\"\(value)\" is there twice") }
      return value
    }
  }
}

/// The key `policy` of a campaign.
enum PolicyFile {
  static func read(_ node: DocumentNode, versions: Int) -> DecisionPolicy {
    let map = node.mapping(allowed: [
      "confidence", "minimum_lift", "regenerate", "allocation_floor", "planned_impressions_per_segment",
      "schedule",
    ])
    return DecisionPolicy(
      confidence: map.double("confidence", in: 0.5001...0.9999),
      minimumLift: map.optionalDouble("minimum_lift", in: 0...10) ?? 0,
      regenerate: map.bool("regenerate"),
      allocationFloor: map.double(
        "allocation_floor", in: AllocationEpoch.floor...(1 / Double(max(2, versions)))),
      plannedImpressionsPerSegment: Int64(
        map.int("planned_impressions_per_segment", in: 100...1_000_000_000_000)),
      schedule: map.require("schedule").parsed(
        "a cron expression of five fields such as \"0 6 * * 1\"", standIn: ""
      ) { text in
        text.split(separator: " ").count == 5 && text.wholeMatch(of: #/[0-9A-Za-z*\/,\- ]+/#) != nil
          ? text : nil
      })
  }
}
