import ArgumentParser
import Foundation
import Simulation

struct Simulate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Post the traffic of a simulated audience, whose truth is known, to a running service.",
    discussion: "The same truth, seed and experiments give the same events. Needs a key with ingest and read."
  )

  @Argument(
    help: "The truth, such as examples/perlune/truth.yaml.", completion: .file(extensions: ["yaml", "yml"]))
  var truth: String

  @Option(help: "The service.")
  var url: String = "http://127.0.0.1:8080"

  @Option(help: "An API key that opens ingest and read (or RETAKE_KEY).")
  var key: String?

  @Option(help: "The campaign's key.")
  var campaign: String

  @Option(help: .moment("First moment of the truth, instead of the one in the file."))
  var start: Moment?

  @Option(help: .moment("Send only what happens from here on."))
  var from: Moment?

  @Option(help: .moment("Send only what happens before."))
  var until: Moment?

  @Option(help: "Another seed than the file's.")
  var seed: UInt64?

  @Flag(help: "Make the traffic and count it; send nothing.")
  var dryRun = false

  func run() async throws {
    guard let base = URL(string: url), base.scheme == "http" || base.scheme == "https", base.host() != nil
    else {
      throw ValidationError("--url must be a web address such as http://127.0.0.1:8080, but is \"\(url)\".")
    }
    guard let key = key ?? ProcessInfo.processInfo.environment["RETAKE_KEY"] else {
      throw ValidationError(
        "--key (or RETAKE_KEY) is missing. Make one: retake key create NAME --scope ingest --scope read")
    }
    var truth = try Truth(path: truth)
    if let start { truth.start = start.date }
    if let seed { truth.seed = seed }
    let hours = (from?.date ?? truth.start)..<max(from?.date ?? truth.start, until?.date ?? truth.end)
    let audience = SimulatedAudience(truth: truth, campaign: campaign, base: base, key: key)

    if dryRun {
      let expected = try await audience.count(hours)
      Console.print(
        "\(grouped(expected.sent)) events: \(grouped(expected.stored)) to be stored, "
          + "\(grouped(expected.duplicate)) duplicate, \(grouped(expected.quarantined)) to be quarantined, "
          + "\(grouped(expected.rejected)) to be rejected; \(grouped(expected.filtered)) of those to be stored are "
          + "invalid traffic")
      return
    }
    let report = try await ProgressDisplay().step("Sending traffic", unit: "events") { step in
      try await audience.send(hours) { step.update(done: $0.sent) }
    }
    Console.print(
      "sent \(report.sent), acknowledged \(report.acknowledged), duplicate \(report.duplicates), "
        + "quarantined \(report.quarantined), rejected \(report.rejected), in \(report.requests) requests"
        + (report.retries > 0 ? " (\(report.retries) repeated)" : ""))
    guard report.answered == report.sent else {
      throw CommandFailure(
        "\(report.sent - report.answered) of \(report.sent) events were not accounted for by the service's answers"
      )
    }
  }
}

/// The simulated people of a campaign in front of a running service; knows no more than any client does.
struct SimulatedAudience {
  let truth: Truth
  let campaign: String
  let base: URL
  let key: String

  private static let connections = 4

  /// Posts what happens in these hours under the experiments that the service has now.
  func send(_ hours: Range<Date>, progress: (TrafficReport) -> Void) async throws -> TrafficReport {
    let transport = transport
    return try await TrafficSender(transport: transport, connections: Self.connections)
      .send(try await batches(hours, transport), progress: progress)
  }

  func count(_ hours: Range<Date>) async throws -> ExpectedCounts {
    var expected = ExpectedCounts()
    for batch in try await batches(hours, transport) {
      try Task.checkCancellation()
      expected += batch.expected
    }
    return expected
  }

  private var transport: HTTPTransport {
    HTTPTransport(base: base, key: key, connections: Self.connections)
  }

  private func batches(_ hours: Range<Date>, _ transport: HTTPTransport) async throws -> TrafficBatches {
    let client = ServiceClient(transport: transport)
    let experiments = try await client.experiments(campaign: campaign)
    guard !experiments.isEmpty else {
      throw CommandFailure(
        "campaign \"\(campaign)\" has no experiment yet, so nobody is shown anything; launch it and wait for its files"
      )
    }
    let placements = try await client.placements(campaign: campaign)
    let simulators = truth.audiences.keys.sorted().compactMap {
      AudienceSimulator(truth: truth, segment: $0, experiments: experiments, placements: placements)
    }
    return TrafficBatches(simulators: simulators, truth: truth, hours: hours)
  }
}
