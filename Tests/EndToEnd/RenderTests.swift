import Foundation
import TestKit
import Testing

@Suite struct RenderTests {
  private static let hello = Repository.file("examples/storyboards/hello.yaml").path

  @Test func aStoryboardBecomesAFileThatDecodesWithoutAnError() async throws {
    try await withTemporaryFolder { folder in
      let file = folder.appending(path: "hello.mp4")
      let outcome = try await Program.run([
        "render", Self.hello, "-o", file.path, "--placement", "tiktok.infeed", "--no-cache",
      ])
      #expect(outcome.status == 0, "\(outcome.errors)")
      let facts = try Media.probe(file)
      #expect(facts["codec_name"] == "h264")
      #expect(facts["width"] == "1080" && facts["height"] == "1920")
      #expect(facts["r_frame_rate"] == "30/1")
      #expect(try Media.decodingErrors(file) == "")
    }
  }

  @Test func ctrlCInTheMiddleOfARenderLeavesNoFile() async throws {
    try await withTemporaryFolder { folder in
      // Two minutes long, so that it cannot be done before anyone interrupts it.
      let board = folder.appending(path: "long.yaml")
      let text = try String(contentsOfFile: Self.hello, encoding: .utf8)
        .replacing("duration: 6s", with: "duration: 120s").replacing("duration: 2s", with: "duration: 40s")
      try Data(text.utf8).write(to: board)
      let results = folder.appending(path: "results")
      try FileManager.default.createDirectory(at: results, withIntermediateDirectories: false)
      let file = results.appending(path: "hello.mp4")
      let program = try Program.start([
        "render", board.path, "-o", file.path, "--placement", "facebook.feed_square", "--no-cache",
      ])
      // The hidden part file says that the render is under way.
      let deadline = ContinuousClock.now + .seconds(60)
      while try FileManager.default.contentsOfDirectory(atPath: results.path).isEmpty, program.isRunning,
        ContinuousClock.now < deadline
      {
        try await Task.sleep(for: .milliseconds(10))
      }
      #expect(program.isRunning)
      program.signal(SIGINT)
      let outcome = try await program.wait()
      #expect(outcome.status == 130)
      #expect(try FileManager.default.contentsOfDirectory(atPath: results.path).isEmpty)
    }
  }

  @Test(
    arguments: [
      ("a missing storyboard", nil, ["nowhere.yaml"], "nowhere.yaml"),
      ("malformed YAML", "scenes: [", ["board.yaml"], "board.yaml:"),
      ("an unknown key", "schema: retake.storyboard/1\nscens: []\n", ["board.yaml"], "did you mean"),
      (
        "an unknown placement", nil, [hello, "--placement", "tiktok.infed"],
        "tiktok.infeed"
      ),
    ] as [(String, String?, [String], String)])
  func badInputSaysWhatAndWhere(
    _ what: String, document: String?, arguments: [String], expected: String
  ) async throws {
    try await withTemporaryFolder { folder in
      if let document {
        try Data(document.utf8).write(to: folder.appending(path: "board.yaml"))
      }
      let file = folder.appending(path: "out.mp4")
      let outcome = try await Program.run(
        ["render"] + arguments + ["-o", file.path, "--no-cache"], in: folder)
      #expect(outcome.status != 0)
      #expect(outcome.errors.contains(expected), "\(what): \(outcome.errors)")
      #expect(!FileManager.default.fileExists(atPath: file.path))
    }
  }

  @Test func aFolderThatCannotBeWrittenToIsNamed() async throws {
    try await withTemporaryFolder { folder in
      let file = folder.appending(path: "no/such/folder/out.mp4")
      let outcome = try await Program.run(["render", Self.hello, "-o", file.path, "--no-cache"])
      #expect(outcome.status != 0)
      #expect(outcome.errors.contains("no/such/folder"), "\(outcome.errors)")
    }
  }
}
