import Analysis
import ArgumentParser
import Campaigns
import Foundation
import Ingestion
import Statistics

struct Power: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "How many impressions and days a lift takes to be shown, and what a given traffic can show.",
    discussion: """
      With --rate and --lift it plans; with --campaign it takes today's traffic and rate from the database and says of each \
      segment's round when it may come to a verdict. Claims are looked at whenever one likes and still keep their error \
      rate; what one look at a fixed size would need stands beside it.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json
  }

  @OptionGroup var common: CommonOptions

  @Option(
    help: ArgumentHelp("Rate of the versions that do no better: 5% or 0.05.", valueName: "share"),
    transform: Share.parse)
  var rate: Double?

  @Option(
    help: ArgumentHelp(
      "What the better version does more: 10% or 0.1 turns 5% into 5.5%.", valueName: "share"),
    transform: Share.parse)
  var lift: Double = 0.1

  @Option(help: "Versions that share the traffic evenly.")
  var versions: Int = 2

  @Option(
    help: ArgumentHelp("Chance of ever claiming what is not so.", valueName: "share"), transform: Share.parse)
  var alpha: Double = 0.05

  @Option(
    help: ArgumentHelp("Chance of finding the lift that is there.", valueName: "share"),
    transform: Share.parse)
  var power: Double = 0.8

  @Option(help: ArgumentHelp("Impressions a day, all versions together.", valueName: "impressions"))
  var perDay: Double?

  @Option(help: "Days for which the smallest lift that can be shown is told.")
  var days: Double = 28

  @Option(help: ArgumentHelp("Take traffic and rate from this campaign.", valueName: "key"))
  var campaign: String?

  @Option(help: "Only this segment of the campaign.")
  var segment: String?

  @Option(help: .moment("What was known then; now when not said."))
  var at: Moment?

  @Option(help: "text or json.")
  var format: Format = .text

  private var demand: ExperimentPlan.Demand {
    ExperimentPlan.Demand(
      baseline: rate ?? 0, lift: lift, arms: versions, alpha: alpha, power: power, unitsPerDay: perDay)
  }

  func validate() throws {
    guard lift > 0 else {
      throw ValidationError(
        lift == 0
          ? "--lift is 0: no number of impressions tells equal versions apart."
          : "--lift is below 0. Say what the better version does more: to tell 4% from 5%, --rate 4% --lift 25%."
      )
    }
    guard alpha > 0, alpha < 1 else { throw ValidationError("--alpha lies between 0 and 100%, such as 5%.") }
    guard power > 0, power < 1 else { throw ValidationError("--power lies between 0 and 100%, such as 80%.") }
    guard (2...1000).contains(versions) else { throw ValidationError("--versions takes 2 to 1000.") }
    guard days > 0, days <= 36_500 else {
      throw ValidationError("--days takes more than 0 and at most 36500.")
    }
    if let perDay, !(perDay > 0) {
      throw ValidationError("--per-day is above 0; without traffic nothing is ever shown.")
    }
    if campaign != nil {
      guard rate == nil, perDay == nil else {
        throw ValidationError("--campaign brings its own rate and traffic; leave --rate and --per-day out.")
      }
      return
    }
    guard segment == nil, at == nil else { throw ValidationError("--segment and --at need --campaign.") }
    guard let rate else { throw ValidationError("Say --rate, or --campaign to take it from one.") }
    guard rate > 0, rate < 1 else {
      throw ValidationError("--rate lies between 0 and 100%, ends excluded: of nothing nothing can be told.")
    }
    guard rate * (1 + lift) < 1 else {
      throw ValidationError(
        "\(Figure.percent(rate)) and \(Figure.signedPercent(lift, digits: 0)) would be a rate of 100% or more."
      )
    }
  }

  func run() async throws {
    guard let campaign else {
      try tell(try RatePlan(demand, days: days)) { RatePlanText($0).text }
      return
    }
    try await withRuntime(common) { runtime in
      let campaign = try await runtime.campaign(campaign)
      let known = try await runtime.segments.list(in: campaign.scope)
      if let segment, !known.contains(where: { $0.key == segment }) {
        throw CommandFailure(
          "campaign \(campaign.key) has no segment \"\(segment)\". It has: "
            + known.map(\.key).joined(separator: ", ") + ".")
      }
      try await runtime.folder.foldAll()
      let analyses = try await runtime.analyst.analyse(
        campaign: campaign, segment: known.first { $0.key == segment }?.id, at: at?.date ?? Date())
      let plans = analyses.map { SegmentPlan($0, lift: lift, power: power, days: days) }
      try tell(plans) { SegmentPlansText($0, lift: lift, power: power, days: days).text }
    }
  }

  private func tell<Value: Encodable>(_ value: Value, asText text: (Value) -> String) throws {
    switch format {
    case .text: Console.print(text(value))
    case .json:
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      encoder.keyEncodingStrategy = .convertToSnakeCase
      Console.print(String(decoding: try encoder.encode(value), as: UTF8.self))
    }
  }
}

/// A share on the command line: `5%` or `0.05`.
enum Share {
  static func parse(_ text: String) throws -> Double {
    let isPercent = text.hasSuffix("%")
    let digits = (isPercent ? String(text.dropLast()) : text).trimmingCharacters(in: .whitespaces)
    guard let number = Double(digits), number.isFinite else {
      throw ValidationError("\"\(text)\" is no share. Write 5% or 0.05.")
    }
    guard isPercent || abs(number) <= 1 else {
      throw ValidationError("\(text) is more than all. Write \(text)% if per cent are meant.")
    }
    return isPercent ? number / 100 : number
  }
}
