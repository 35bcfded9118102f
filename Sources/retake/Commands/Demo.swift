import ArgumentParser
import Foundation

struct Demo: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Watch the whole loop on a sample campaign: versions, traffic, verdicts, new versions, report.",
    discussion: """
      Four past weeks are replayed against a real database and a real HTTP service; the audience is simulated from a \
      stated truth. Every run works in a workspace of its own. At the end the dashboard stays up until Ctrl-C.
      """)

  @OptionGroup var common: CommonOptions

  @Flag(help: "Leave at the end instead of keeping the dashboard up.")
  var once = false

  @Option(help: ArgumentHelp("Write what happened as JSON.", valueName: "file"))
  var summary: String?

  @Option(help: "Port of the service (service.port); a free one when it is taken.")
  var port: Int?

  @Option(help: "Another seed of the simulated audience than the one in its truth.")
  var seed: UInt64?

  @Option(
    help: ArgumentHelp("Campaign folder with a truth.yaml, instead of examples/perlune.", valueName: "folder")
  )
  var example: String?

  func validate() throws {
    guard port.map({ (0...65_535).contains($0) }) ?? true else {
      throw ValidationError("--port must be 0 to 65535.")
    }
  }

  func run() async throws {
    let display = ProgressDisplay()
    var watch = Stopwatch()
    if let summary { try OutputFile.checkWritable(summary) }
    let starting = display.begin("Starting the database")
    do {
      try await withRuntime(common) { runtime in
        starting.end(.done)
        watch.lap("setup")
        var demo = try DemoRun(runtime: runtime, display: display, watch: watch, options: self)
        try await demo.run()
      }
    } catch {
      starting.end(.failed)
      throw error
    }
  }
}

/// Seconds by what they were spent on.
struct Stopwatch {
  private let start = ContinuousClock.now
  private var last = ContinuousClock.now
  private var laps: [String: Double] = [:]

  /// Adds the time since the last lap to `name`.
  mutating func lap(_ name: String) {
    let now = ContinuousClock.now
    laps[name, default: 0] += (now - last) / .seconds(1)
    last = now
  }

  /// All laps and `total`, to the hundredth.
  var seconds: [String: Double] {
    var all = laps
    all["total"] = (ContinuousClock.now - start) / .seconds(1)
    return all.mapValues { ($0 * 100).rounded() / 100 }
  }
}
