import ArgumentParser

struct EventsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "events", abstract: "Bring events in from files, take them out, say what became of one.",
    subcommands: [Import.self, Export.self, Explain.self])
}
