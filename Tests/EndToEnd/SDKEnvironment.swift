import Foundation
import TestKit

/// A Python with the event SDKs of PyPI, made once per list of their versions under `.build`.
enum SDKEnvironment {
  static let folder = Repository.file("Tests/EndToEnd/Fixtures/sdk")

  /// Whether there is one; says so loudly when it could not be made, such as without a network.
  static let isReady: Bool = {
    do {
      try make()
      return true
    } catch {
      FileHandle.standardError.write(
        Data("SKIPPED: the tests with the SDKs of PyPI, whose environment could not be made: \(error)\n".utf8)
      )
      return false
    }
  }()

  static var python: URL { environment.appending(path: "bin/python") }

  private static let environment = Repository.file(".build/sdk-python")

  struct Failure: Error, CustomStringConvertible { let description: String }

  private static func make() throws {
    let list = folder.appending(path: "requirements.txt")
    let wanted = try Data(contentsOf: list)
    let mark = environment.appending(path: "made-of.txt")
    if (try? Data(contentsOf: mark)) == wanted { return }
    let log = try Tool.run("python3", ["-m", "venv", "--clear", environment.path])
    guard FileManager.default.fileExists(atPath: python.path) else { throw Failure(description: log) }
    let installed = try Tool.run(
      python.path,
      ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--timeout", "20", "-r", list.path])
    let check = try Tool.run(python.path, ["-c", "import segment.analytics, rudderstack.analytics, posthog"])
    guard check.isEmpty else { throw Failure(description: installed + check) }
    try wanted.write(to: mark)
  }
}
