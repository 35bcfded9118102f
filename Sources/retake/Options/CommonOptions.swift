import ArgumentParser
import Foundation
import Logging

/// What every command understands that works with data.
struct CommonOptions: ParsableArguments {
  @Option(name: .long, help: ArgumentHelp("Settings file.", valueName: "file"))
  var config: String?

  @Option(
    name: .long, help: ArgumentHelp("Data folder: files, reports, private cluster.", valueName: "folder"))
  var data: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "PostgreSQL to use instead of a private cluster (or RETAKE_DATABASE_URL).", valueName: "url"))
  var databaseURL: String?

  @Option(name: .long, help: ArgumentHelp("Workspace; made on first use.", valueName: "name"))
  var workspace: String = "default"

  @Option(name: .long, help: "trace, debug, info, notice, warning or error.")
  var logLevel: LogLevel?

  enum LogLevel: String, ExpressibleByArgument, CaseIterable {
    case trace, debug, info, notice, warning, error
  }

  /// The settings with what the options change.
  func settings(_ installation: Installation, environment: [String: String]) throws -> Settings {
    var settings = try Settings.load(file: config, installation: installation, environment: environment)
    if let data { settings.dataFolder = URL(filePath: data) }
    settings.dataFolder = settings.dataFolder.standardizedFileURL
    if let databaseURL { settings.databaseURL = databaseURL }
    if let logLevel { settings.log.level = logLevel.rawValue }
    return settings
  }
}
