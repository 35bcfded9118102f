public import Foundation

/// Packages from PyPI in an environment of their own, for tests that ask somebody else's program for its opinion.
/// Made once per user and list of packages, and kept.
public struct PythonEnvironment: Sendable {
  public struct Failure: Error, CustomStringConvertible {
    public let description: String
  }

  private let python: URL

  /// - Parameter packages: with their versions, such as `prometheus-client==0.26.0`.
  /// - Returns: nil, and says so, when Python or PyPI is away.
  public static func with(_ packages: [String]) async -> PythonEnvironment? {
    let name = packages.joined(separator: "+").replacing(#/[^A-Za-z0-9.+=-]/#, with: "_")
    let folder = FileManager.default.temporaryDirectory.appending(path: "retake-python-\(getuid())-\(name)")
    let python = folder.appending(path: "bin/python")
    let complete = folder.appending(path: "complete")
    if FileManager.default.fileExists(atPath: complete.path) { return PythonEnvironment(python: python) }
    do {
      _ = try await run("/usr/bin/env", ["python3", "-m", "venv", "--clear", folder.path])
      _ = try await run(
        python.path, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"] + packages)
      try Data().write(to: complete)
      return PythonEnvironment(python: python)
    } catch {
      print("NOT CHECKED: no Python with \(packages.joined(separator: ", ")): \(error)")
      return nil
    }
  }

  /// Runs a script with a text on its standard input and gives what it printed.
  /// - Throws: ``Failure`` with what it said when it fails.
  public func run(_ script: String, input: String = "") async throws -> String {
    try await Self.run(python.path, ["-c", script], input: input)
  }

  private static func run(_ program: String, _ arguments: [String], input: String = "") async throws -> String
  {
    // Files, not pipes: nobody has to read while somebody writes.
    let folder = FileManager.default.temporaryDirectory.appending(path: "retake-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (given, told) = (folder.appending(path: "in"), folder.appending(path: "out"))
    try Data(input.utf8).write(to: given)
    try Data().write(to: told)
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    let output = try FileHandle(forWritingTo: told)
    process.standardInput = try FileHandle(forReadingFrom: given)
    process.standardOutput = output
    process.standardError = output
    let status = try await withCheckedThrowingContinuation { continuation in
      process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
      do { try process.run() } catch { continuation.resume(throwing: error) }
    }
    let text = try String(contentsOf: told, encoding: .utf8)
    guard status == 0 else { throw Failure(description: "status \(status): \(text.suffix(2000))") }
    return text
  }
}
