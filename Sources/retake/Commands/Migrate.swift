import ArgumentParser
import Postgres

struct Migrate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Bring the database's schema up to date; doing it again changes nothing.")

  @OptionGroup var common: CommonOptions

  @Flag(help: "Only tell what is applied and what is missing.")
  var status = false

  func run() async throws {
    try await withRuntime(common, schema: .any) { runtime in
      if status {
        let status = try await runtime.migrator.status(runtime.database)
        for migration in status.applied { Console.print("applied  \(Self.line(migration))") }
        for migration in status.pending { Console.print("missing  \(Self.line(migration))") }
        return
      }
      let applied = try await runtime.migrator.migrate(runtime.database)
      for migration in applied { Console.print("applied  \(Self.line(migration))") }
      if applied.isEmpty {
        Console.print("The schema is up to date (version \(runtime.migrator.latestVersion)).")
      }
    }
  }

  private static func line(_ migration: Migrator.Applied) -> String {
    "\(migration.version)  \(migration.name.replacing("_", with: " "))"
  }
}
