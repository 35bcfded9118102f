import Foundation
import Testing

/// Compares text with a file in Tests/Golden/Charts; with `RETAKE_RECORD_GOLDEN=1` in the environment writes it.
/// Look at what was written before committing it.
func expectGolden(_ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
  let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Golden/Charts")
  let file = folder.appending(path: name)
  if ProcessInfo.processInfo.environment["RETAKE_RECORD_GOLDEN"] == "1" {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try text.write(to: file, atomically: true, encoding: .utf8)
    return
  }
  let golden = try String(contentsOf: file, encoding: .utf8)
  #expect(text == golden, "differs from \(file.path)", sourceLocation: sourceLocation)
}
