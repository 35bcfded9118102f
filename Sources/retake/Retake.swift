import ArgumentParser
import Engine
import Foundation

@main
struct Retake: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "retake",
    abstract: "Makes versions of a video ad for every audience, measures them, remakes those that wear out.",
    discussion: "Start with: retake demo",
    version: Version.text,
    subcommands: [
      Demo.self, Serve.self, Work.self, Migrate.self, Key.self, CampaignCommand.self, Render.self,
      Simulate.self, Analyze.self, Power.self, AutopilotCommand.self, Report.self, Import.self,
      EventsCommand.self,
      Link.self, DoctorCommand.self, Version.self,
    ])

  /// One message on standard error and an exit status: 64 for a wrong command line, 128 + its number for a signal,
  /// 1 for everything else.
  static func main() async {
    guard Engine.isSupported else {
      Console.note("error: \(Engine.requirement).")
      Foundation.exit(1)
    }
    // A reader that went away shows as an error of write(2), not as the end of the program.
    signal(SIGPIPE, SIG_IGN)
    let interruption = Interruption()
    do {
      try await interruption.cancelling {
        var command = try parseAsRoot()
        if var command = command as? any AsyncParsableCommand {
          try await command.run()
        } else {
          try command.run()
        }
      }
    } catch {
      leave(error, interruption.signal)
    }
  }

  private static func leave(_ error: any Error, _ signal: Int32?) -> Never {
    if let signal {
      Console.note("Interrupted.")
      Foundation.exit(128 + signal)
    }
    if error is CleanExit || error is ExitCode || exitCode(for: error) != .failure { exit(withError: error) }
    Console.note("error: \(FailureText.of(error))")
    Foundation.exit(1)
  }
}
