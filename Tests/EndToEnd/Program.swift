import Foundation
import TestKit

/// The built program, run as a person runs it.
struct Program {
  struct Outcome {
    let status: Int32
    let output: String
    let errors: String
  }

  /// The program of the build that made these tests.
  static let path: URL = {
    let tests = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    return tests.deletingLastPathComponent().appending(path: "retake")
  }()

  /// Runs to the end.
  static func run(
    _ arguments: [String], environment: [String: String] = [:], in folder: URL? = nil
  ) async throws -> Outcome {
    try await start(arguments, environment: environment, in: folder).wait()
  }

  /// - Parameter executable: another program to be run in the same way.
  static func start(
    _ arguments: [String], environment: [String: String] = [:], in folder: URL? = nil, executable: URL = path
  ) throws -> Running {
    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    var variables = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("RETAKE_") }
    variables["RETAKE_HOME"] = Repository.root.path
    variables.merge(environment) { _, new in new }
    process.environment = variables
    process.currentDirectoryURL = folder
    return try Running(process)
  }

  /// A program that runs. Its output goes to files, so that no pipe can fill.
  final class Running: Sendable {
    private let process: Process
    private let output: URL
    private let errors: URL

    fileprivate init(_ process: Process) throws {
      let name = UUID().uuidString
      let folder = FileManager.default.temporaryDirectory
      output = folder.appending(path: "retake-e2e-\(name).out")
      errors = folder.appending(path: "retake-e2e-\(name).err")
      for file in [output, errors] { try Data().write(to: file) }
      process.standardOutput = try FileHandle(forWritingTo: output)
      process.standardError = try FileHandle(forWritingTo: errors)
      process.standardInput = FileHandle.nullDevice
      self.process = process
      try process.run()
    }

    var isRunning: Bool { process.isRunning }

    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    /// What it has said so far.
    var told: String {
      let texts = [output, errors].map { (try? String(contentsOf: $0, encoding: .utf8)) ?? "" }
      return texts.joined()
    }

    /// - Throws: `TookTooLong`, after killing it.
    func wait(atMost limit: Duration = .seconds(240)) async throws -> Outcome {
      try await until(limit, "ended") { !self.process.isRunning }
      defer { for file in [output, errors] { unlink(file.path) } }
      return Outcome(
        status: process.terminationReason == .uncaughtSignal
          ? 128 + process.terminationStatus : process.terminationStatus,
        output: try String(contentsOf: output, encoding: .utf8),
        errors: try String(contentsOf: errors, encoding: .utf8))
    }

    /// Ends it as a power cut would. Foundation takes a process for running as long as its children are, and a
    /// private cluster outlives the program that was killed: so the kernel is asked.
    func cutOff() async throws {
      signal(SIGKILL)
      let file = "/proc/\(process.processIdentifier)/stat"
      try await until(.seconds(30), "died") {
        guard let state = try? String(contentsOfFile: file, encoding: .utf8) else { return true }
        return state.split(separator: ")").last?.hasPrefix(" Z") ?? true
      }
      for file in [output, errors] { unlink(file.path) }
    }

    /// Waits until it has said something, so many times.
    func wait(forWords words: String, times: Int = 1) async throws {
      let isSaid = { self.told.ranges(of: words).count >= times }
      try await until(.seconds(60), "said \"\(words)\"") { isSaid() || !self.isRunning }
      guard isSaid() else {
        throw TookTooLong(what: "ended without saying \"\(words)\": \(told)")
      }
    }

    private func until(_ limit: Duration, _ what: String, _ condition: () -> Bool) async throws {
      let deadline = ContinuousClock.now + limit
      while !condition() {
        guard ContinuousClock.now < deadline else {
          signal(SIGKILL)
          throw TookTooLong(what: "had not \(what) within \(limit); it said: \(told)")
        }
        try await Task.sleep(for: .milliseconds(20))
      }
    }
  }

  struct TookTooLong: Error, CustomStringConvertible {
    let what: String
    var description: String { "the program \(what)" }
  }
}

/// What ffprobe and ffmpeg make of a file.
enum Media {
  static func probe(_ file: URL) throws -> [String: String] {
    let text = try Tool.run(
      "ffprobe",
      [
        "-v", "error", "-select_streams", "v:0", "-count_frames", "-show_entries",
        "stream=codec_name,width,height,r_frame_rate,nb_read_frames", "-of", "default=noprint_wrappers=1",
        file.path,
      ])
    return Dictionary(
      text.split(separator: "\n").compactMap { line in
        let parts = line.split(separator: "=", maxSplits: 1).map(String.init)
        return parts.count == 2 ? (parts[0], parts[1]) : nil
      }, uniquingKeysWith: { first, _ in first })
  }

  /// What ffmpeg complains of when it decodes the whole file; empty for a sound file.
  static func decodingErrors(_ file: URL) throws -> String {
    try Tool.run("ffmpeg", ["-v", "error", "-xerror", "-i", file.path, "-f", "null", "-"])
  }
}

enum Tool {
  static func run(_ name: String, _ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [name] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
  }
}
