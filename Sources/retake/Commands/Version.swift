import ArgumentParser
import Engine

struct Version: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Print the program's and the engine's version.")

  static let text = "0.1.0"

  func run() {
    Console.print("retake \(Self.text), engine \(Engine.version)")
  }
}
