import ArgumentParser

@main
struct Retake: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "retake")
}
