import Foundation

/// Compresses with the gzip program, so that what the service inflates was not made by its own code.
enum Gzip {
  static func compress(_ text: String) throws -> Data { try compress(Data(text.utf8)) }

  static func compress(_ data: Data) throws -> Data {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["gzip", "-c"]
    // From a file and into one: a pipe would fill while nobody reads the other.
    let folder = FileManager.default.temporaryDirectory
    let files = [UUID(), UUID()].map { folder.appending(path: "retake-gzip-\($0)") }
    defer { for file in files { try? FileManager.default.removeItem(at: file) } }
    try data.write(to: files[0])
    try Data().write(to: files[1])
    process.standardInput = try FileHandle(forReadingFrom: files[0])
    process.standardOutput = try FileHandle(forWritingTo: files[1])
    try process.run()
    process.waitUntilExit()
    return try Data(contentsOf: files[1])
  }
}
