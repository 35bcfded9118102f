import Foundation
import TestKit
import Testing

/// `retake render` as somebody uses it who writes a document: checking, looking, saving, breaking off.
@Suite struct RenderComfortTests {
  /// Two seconds in two scenes; the second says `words`.
  private static func composition(_ words: String = "Second", more: String = "") -> String {
    """
    schema: retake.composition/1
    palette: {primary: "#1B2A6B", secondary: "#5B3FD6", dark: "#0B1030"}
    scenes:
      - duration: 1s
        background: {kind: gradient, from: primary, to: secondary}
        layers:
          - {kind: text, text: First, size: 120}
      - duration: 1s
        background: {kind: gradient, from: secondary, to: dark}
        layers:
          - {kind: text, text: "\(words)", size: 120}
    \(more)
    """
  }

  /// A folder with `ad.yaml` in it; `render` calls the program there, with a data folder of its own.
  private struct Desk {
    let folder: URL

    var data: [String] { ["--data", folder.appending(path: "data").path] }
    /// A small placement that takes two seconds, unless others are asked for.
    private func arguments(_ given: [String]) -> [String] {
      let placement = given.contains("--placement") ? [] : ["--placement", "facebook.feed_square"]
      return ["render", "ad.yaml"] + given + placement + data
    }
    func save(_ text: String, as name: String = "ad.yaml") throws {
      try Data(text.utf8).write(to: folder.appending(path: name))
    }
    func render(_ arguments: String...) async throws -> Program.Outcome {
      try await Program.run(self.arguments(arguments), in: folder)
    }
    func start(_ arguments: String...) throws -> Program.Running {
      try Program.start(self.arguments(arguments), in: folder)
    }
    func file(_ name: String) -> URL { folder.appending(path: name) }
    func holds(_ name: String) -> Bool { FileManager.default.fileExists(atPath: file(name).path) }
    /// Everything beside the document and its data.
    func results() throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: folder.path)
        .filter { $0 != "ad.yaml" && $0 != "data" }.sorted()
    }
  }

  private func withDesk(_ body: (Desk) async throws -> Void) async throws {
    try await withTemporaryFolder { folder in
      let desk = Desk(folder: folder)
      try desk.save(Self.composition())
      try await body(desk)
    }
  }

  @Test func aCheckNamesEveryProblemWithItsLineAndWritesNothing() async throws {
    try await withDesk { desk in
      let fine = try await desk.render("--check", "--placement", "all")
      #expect(fine.status == 0, "\(fine.errors)")
      #expect(fine.errors.contains("tiktok.infeed (takes 5s or more)"), "\(fine.errors)")
      #expect(fine.output.contains("ad.yaml: fits facebook.reels, 1080x1920, 2s"), "\(fine.output)")

      try desk.save(
        Self.composition().replacing("size: 120", with: "size: 12o").replacing(
          "kind: text", with: "kind: txt"))
      let broken = try await desk.render("--check")
      #expect(broken.status == 1)
      #expect(
        broken.errors.contains("ad.yaml:7:") && broken.errors.contains("ad.yaml:11:"), "\(broken.errors)")
      #expect(broken.errors.contains("did you mean \"text\""), "\(broken.errors)")

      try desk.save(Self.composition(more: "layers: [{kind: image, asset: nowhere.jpg}]"))
      let missing = try await desk.render("--check")
      #expect(missing.status == 1 && missing.errors.contains("ad.yaml:12:"), "\(missing.errors)")
      #expect(missing.errors.contains("layers[0]") && missing.errors.contains("nowhere.jpg"))

      try desk.save(Self.composition(more: "voice: [{text: Hello, at: 0s}]"))
      let mute = try await Program.run(
        ["render", "ad.yaml", "--check", "--placement", "facebook.feed_square"],
        environment: ["RETAKE_SOUND_VOICE_PROGRAM": "[no-such-program]"], in: desk.folder)
      #expect(mute.status == 1 && mute.errors.contains("ad.yaml:12:"), "\(mute.errors)")
      #expect(mute.errors.contains("no-such-program"), "\(mute.errors)")
      #expect(try desk.results().isEmpty)
    }
  }

  @Test func aStoryboardsErrorsNameTheLineToo() async throws {
    try await withTemporaryFolder { folder in
      let hello = Repository.file("examples/storyboards/hello.yaml")
      let text = try String(contentsOf: hello, encoding: .utf8)
      let words = String(repeating: "Unbreakable", count: 40)
      let board = text.replacing(#/text: [^\n,}]+/#, maxReplacements: 1) { _ in "text: \(words)" }
      try Data(board.utf8).write(to: folder.appending(path: "board.yaml"))
      let outcome = try await Program.run(["render", "board.yaml", "--check"], in: folder)
      #expect(outcome.status == 1)
      #expect(
        outcome.errors.contains(#/board\.yaml:\d+:\d+: scenes\[\d\]: .*does not fit/#), "\(outcome.errors)")
    }
  }

  @Test func theSecondRenderTakesEverythingFromTheCacheAndAChangeIsExplained() async throws {
    try await withDesk { desk in
      let first = try await desk.render("-o", "ad.mp4", "--explain")
      #expect(first.status == 0, "\(first.errors)")
      #expect(first.output.contains("2 of 2 segments encoded, 0 of 60 frames taken over"), "\(first.output)")
      #expect(first.output.contains("encoded: not rendered before"), "\(first.output)")
      let file = try Data(contentsOf: desk.file("ad.mp4"))

      let second = try await desk.render("-o", "ad.mp4", "--explain")
      #expect(
        second.output.contains("0 of 2 segments encoded, 60 of 60 frames taken over"), "\(second.output)")
      #expect(second.output.contains("nothing was laid out") && !second.output.contains("encoded:"))
      #expect(try Data(contentsOf: desk.file("ad.mp4")) == file)

      try desk.save(Self.composition("Other"))
      let changed = try await desk.render("-o", "ad.mp4", "--explain")
      #expect(
        changed.output.contains("1 of 2 segments encoded, 30 of 60 frames taken over"), "\(changed.output)")
      #expect(changed.output.contains("pictures is new"), "\(changed.output)")
      #expect(try Media.decodingErrors(desk.file("ad.mp4")) == "")

      let without = try await desk.render("-o", "other.mp4", "--explain", "--no-cache")
      #expect(without.output.contains("encoded: there is no cache"), "\(without.output)")
      #expect(try Data(contentsOf: desk.file("other.mp4")) == Data(contentsOf: desk.file("ad.mp4")))
    }
  }

  @Test func aPreviewIsHalfTheSizeAndWholeAndSoIsItsStill() async throws {
    try await withDesk { desk in
      let outcome = try await desk.render("-o", "ad.mp4", "--preview", "--placement", "tiktok.infeed")
      #expect(outcome.status == 0, "\(outcome.errors)")
      let facts = try Media.probe(desk.file("ad.mp4"))
      #expect(
        facts["width"] == "540" && facts["height"] == "960" && facts["nb_read_frames"] == "60", "\(facts)")
      #expect(try Media.decodingErrors(desk.file("ad.mp4")) == "")
      // No bar for files and pipes: whole lines only.
      #expect(!outcome.errors.contains("\u{1B}") && !outcome.errors.contains("\r"), "\(outcome.errors)")
      #expect(
        outcome.errors.contains(#/✓ Previewing .* · 60 frames · [\d.]+ s · [\d.]+x as fast as it plays/#))

      let still = try await desk.render(
        "-o", "ad.png", "--preview", "--still", "500ms", "--placement", "tiktok.infeed")
      #expect(still.status == 0, "\(still.errors)")
      let picture = try Media.probe(desk.file("ad.png"))
      #expect(picture["codec_name"] == "png" && picture["width"] == "540", "\(picture)")

      let sheet = try await desk.render("-o", "sheet.png", "--sheet")
      #expect(sheet.status == 0, "\(sheet.errors)")
      let width = try Media.probe(desk.file("sheet.png"))["width"].flatMap { Int($0) } ?? 0
      #expect(width > 1000 && width <= 1800, "\(width)")
    }
  }

  @Test func severalPlacementsGoToOneFolderAndOneThatFailsIsNamed() async throws {
    try await withDesk { desk in
      let outcome = try await desk.render(
        "-o", "ads/", "--preview", "--placement", "tiktok.infeed", "--placement", "facebook.feed_square")
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(try Media.probe(desk.file("ads/facebook.feed_square.mp4"))["width"] == "540")
      #expect(desk.holds("ads/tiktok.infeed.mp4"))
      let into = try await desk.render(
        "-o", "ad.yaml", "--placement", "tiktok.infeed", "--placement", "facebook.feed_square")
      #expect(into.status == 1 && into.errors.contains("ad.yaml is a file"), "\(into.errors)")
      let nowhere = try await desk.render()
      #expect(nowhere.status == 64 && nowhere.errors.contains("-o FILE.mp4"), "\(nowhere.errors)")
    }
  }

  @Test func ctrlCLeavesNothingOfAnyPlacementUnderWay() async throws {
    try await withDesk { desk in
      // A minute and a half in which no frame is like another: it cannot be done before anyone interrupts it.
      try desk.save(
        Self.composition().replacing("duration: 1s", with: "duration: 45s")
          .replacing("size: 120", with: "size: 120, rotation: {wave: {low: 0, high: 90, rate: 0.013}}"))
      let program = try desk.start("-o", "ad.mp4", "--no-cache")
      try await program.wait(forWords: "Rendering")
      program.signal(SIGINT)
      let outcome = try await program.wait()
      #expect(outcome.status == 130, "\(outcome.errors)")
      #expect(outcome.errors.contains("Interrupted."))
      #expect(try desk.results() == [])
    }
  }

  @Test func watchingRendersAgainAfterASaveAndAfterABrokenOne() async throws {
    try await withDesk { desk in
      try desk.save(Self.composition(more: "layers: [{kind: svg, asset: mark.svg, width: 200}]"))
      let mark = { (colour: String) in
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 10 10\"><rect width=\"10\" height=\"10\" fill=\"\(colour)\"/></svg>"
      }
      try desk.save(mark("red"), as: "mark.svg")
      let program = try desk.start("-o", "ad.mp4", "--preview", "--watch")
      var times = 0
      func nextPass(_ words: String = "Watching ad.yaml") async throws {
        times += 1
        try await program.wait(forWords: words, times: times)
      }
      try await nextPass()
      let first = try Data(contentsOf: desk.file("ad.mp4"))

      // As an editor saves that writes beside the file and renames.
      try desk.save("scenes: [", as: ".ad.yaml.swp")
      #expect(rename(desk.file(".ad.yaml.swp").path, desk.file("ad.yaml").path) == 0)
      try await nextPass()
      #expect(program.told.contains("error: ad.yaml:"), "\(program.told)")
      #expect(try Data(contentsOf: desk.file("ad.mp4")) == first)

      try desk.save(Self.composition("Third", more: "layers: [{kind: svg, asset: mark.svg, width: 200}]"))
      try await nextPass()
      let third = try Data(contentsOf: desk.file("ad.mp4"))
      #expect(third != first)

      try desk.save(mark("lime"), as: "mark.svg")
      try await nextPass()
      #expect(try Data(contentsOf: desk.file("ad.mp4")) != third)

      program.signal(SIGINT)
      let outcome = try await program.wait()
      #expect(outcome.status == 130, "\(outcome.errors)")
      #expect(try desk.results() == ["ad.mp4", "mark.svg"])
      #expect(try Media.decodingErrors(desk.file("ad.mp4")) == "")
    }
  }

  @Test func aRecordingAndAVoiceAreHeardAndOnlySoundIsEncodedWhenTheyChange() async throws {
    try await withDesk { desk in
      func tone(_ name: String, _ frequency: Int, _ seconds: Int) throws {
        let said = try Tool.run(
          "ffmpeg",
          [
            "-v", "error", "-y", "-f", "lavfi", "-i", "sine=frequency=\(frequency):duration=\(seconds)",
            desk.file(name).path,
          ])
        try #require(said == "", "\(said)")
      }
      try tone("song.wav", 330, 4)
      try tone("voice.wav", 880, 1)
      let sound =
        "music: {asset: song.wav, tempo: 120, first_beat: 0s}\nvoice: [{asset: voice.wav, at: 500ms}]"
      try desk.save(Self.composition(more: sound))
      let first = try await desk.render("-o", "ad.mp4", "--explain")
      #expect(first.status == 0, "\(first.errors)")
      // The same name, another recording.
      try tone("song.wav", 440, 4)
      let second = try await desk.render("-o", "ad.mp4", "--explain")
      #expect(second.output.contains("60 of 60 frames taken over"), "\(second.output)")
      #expect(second.output.contains(#/sound +encoded: /#), "\(second.output)")

      try desk.save(
        Self.composition(more: "music: {asset: song.wav, from: 3s, tempo: 120, first_beat: 0s, loop: false}"))
      let short = try await desk.render("-o", "ad.mp4")
      #expect(short.status == 1 && short.errors.contains(#/ad\.yaml:12:.*let it loop/#), "\(short.errors)")
    }
  }

  @Test func theBarIsDrawnOnTerminalsOnly() async throws {
    try await withDesk { desk in
      let program =
        "stty cols 100; \(Program.path.path) render ad.yaml -o ad.mp4 --placement facebook.feed_square \(desk.data.joined(separator: " "))"
      let shell = try Program.start(
        ["-qec", program, "/dev/null"], in: desk.folder, executable: URL(filePath: "/usr/bin/script"))
      let outcome = try await shell.wait()
      #expect(outcome.status == 0, "\(outcome.output)")
      #expect(
        outcome.output.contains("\u{1B}[2K") && outcome.output.contains("/60 frames"), "\(outcome.output)")
      #expect(outcome.output.contains("░"), "\(outcome.output)")
    }
  }
}
