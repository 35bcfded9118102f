import Documents
import Foundation
import Testing

@testable import Engine

@Suite struct FootageCompositionTests {
  static let placement = Placement(id: "small", width: 180, height: 320)

  static let yaml = """
    schema: retake.composition/1
    scenes:
      - duration: 2s
        background: {kind: footage, asset: moving, loop: again, framing: {x: 0.3}}
        layers:
          - {kind: footage, asset: numbered, width: 80%, radius: 40, border: {width: 6}, shadow: {}, enter: pop}
          - {kind: footage, asset: alpha, width: 40%, anchor: bottom, loop: mirror, speed: 1.5, rotation: {keys: [{at: 0s, value: 0}, {at: 2s, value: 20}]}}
          - {kind: text, text: Over it, anchor: top, size: 90, colour: light}
      - duration: 1.5s
        transition: {kind: crossfade, duration: 400ms}
        layers:
          - {kind: footage, asset: moving, width: 100%, height: 60%, zoom: {to: {zoom: 1.4}}, clip_from: 500ms}
          - {kind: footage, asset: numbered, width: 50%, anchor: bottom, blend: screen, mask: {shape: ellipse}, blur: 4, opacity: 0.8}
    """

  private func assets(in folder: URL) throws -> AssetResolver {
    AssetResolver(try Self.makeClips(in: folder))
  }

  /// A clip that moves, one that counts and one with holes, by their assets' names.
  static func makeClips(in folder: URL) throws -> [String: String] {
    let names = ["moving": "moving.mp4", "numbered": "numbered.mkv", "alpha": "alpha.webm"]
    let paths = names.mapValues { folder.appending(path: $0).path }
    try FootageFixtures.make(
      ["-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=1.4", "-c:v", "libx264", "-pix_fmt", "yuv420p"],
      at: paths["moving"] ?? "")
    try FootageFixtures.numbered(
      rate: 30, seconds: 2.2, coding: ["-c:v", "libx264", "-crf", "8"], at: paths["numbered"] ?? "")
    try FootageFixtures.make(
      [
        "-f", "lavfi", "-i",
        "testsrc=s=64x64:r=25:d=1,format=yuva420p,geq=lum='lum(X,Y)':cb='cb(X,Y)':cr='cr(X,Y)'"
          + ":a='if(lt(hypot(X-32,Y-32),30),255,0)'", "-c:v", "libvpx", "-auto-alt-ref", "0", "-b:v", "1M",
      ], at: paths["alpha"] ?? "")
    return paths
  }

  @Test func aFilmHasTheSameBytesWithAnyWorkersWithAndWithoutACache() async throws {
    try await Fixtures.withFolder { folder in
      let assets = try assets(in: folder)
      let composition = try CompositionDocumentTests.read(Self.yaml)
      var sums: Set<String> = []
      for workers in 1...4 {
        for isCached in [false, true] {
          let cache = isCached ? try SegmentCache(folder: folder.appending(path: "cache").path) : nil
          let path = folder.appending(path: "ad-\(workers)-\(isCached).mp4").path
          let info = try await Renderer(workers: workers, cache: cache, gate: Fixtures.openGate).render(
            .composition(composition), for: Self.placement, assets: assets, to: path)
          sums.insert(info.sha256)
        }
      }
      #expect(sums.count == 1)
      let path = folder.appending(path: "ad-1-false.mp4").path
      let checked = try Fixtures.run("ffmpeg", ["-v", "error", "-i", path, "-f", "null", "-"])
      #expect(checked.status == 0 && checked.output.isEmpty)
      let told = try Fixtures.run(
        "ffprobe", ["-v", "error", "-count_frames", "-show_entries", "stream=nb_read_frames", path])
      #expect(told.output.contains("nb_read_frames=105"))
    }
  }

  @Test func aFrameIsTheSameHoweverItIsReached() async throws {
    try await Fixtures.withFolder { folder in
      let assets = try assets(in: folder)
      let film = try Film(
        Stage(CompositionDocumentTests.read(Self.yaml), placement: Self.placement, assets: assets))
      let running = try FramePainter(film, frames: 0..<film.frames.count)
      for number in film.frames.indices {
        _ = try running.paint(number)
        guard number % 13 == 4 || number == 66 else { continue }
        let alone = try FramePainter(film, frames: number..<number + 1)
        _ = try alone.paint(number)
        #expect(try running.canvas.png() == alone.canvas.png(), "frame \(number)")
      }
    }
  }

  @Test func theRightFrameOfTheClipIsInTheFile() async throws {
    try await Fixtures.withFolder { folder in
      let assets = try assets(in: folder)
      let yaml = """
        schema: retake.composition/1
        scenes: [{duration: 2s, background: {kind: footage, asset: numbered}}]
        """
      let path = folder.appending(path: "ad.mp4").path
      let wide = Placement(id: "wide", width: 256, height: 192)
      _ = try await Renderer(gate: Fixtures.openGate).render(
        .composition(CompositionDocumentTests.read(yaml)), for: wide, assets: assets, to: path)
      // What the engine writes it can read, too.
      let clip = try FootageFixtures.clip(path, columns: 256, rows: 192)
      let numbers = try FootageFixtures.numbers(clip, FootageFixtures.timing(clip), frames: 60)
      #expect(numbers == Array(0..<60))
    }
  }

  @Test func otherFootageUnderTheSameNameIsRenderedAnew() async throws {
    try await Fixtures.withFolder { folder in
      let assets = try assets(in: folder)
      let composition = try CompositionDocumentTests.read(
        """
        schema: retake.composition/1
        scenes:
          - {duration: 1s, background: {kind: footage, asset: moving}}
          - {duration: 1s, background: {kind: colour, colour: accent}, layers: [{kind: text, text: Still}]}
        """)
      let renderer = Renderer(
        cache: try SegmentCache(folder: folder.appending(path: "cache").path), gate: Fixtures.openGate)
      func render() async throws -> (RenditionInfo, RenderReport) {
        try await renderer.explainedRender(
          .composition(composition), for: Self.placement, assets: assets,
          to: folder.appending(path: "ad.mp4").path)
      }
      let first = try await render()
      let again = try await render()
      #expect(again.0.sha256 == first.0.sha256 && again.1.wasKnown)
      try FootageFixtures.make(
        ["-f", "lavfi", "-i", "testsrc=s=320x180:r=25:d=1.4", "-c:v", "libx264", "-pix_fmt", "yuv420p"],
        at: folder.appending(path: "moving.mp4").path)
      let other = try await render()
      #expect(other.0.sha256 != first.0.sha256)
      #expect(other.1.cachedFrames.cached == 30)
    }
  }

  @Test func framesWithoutANewPictureOfTheClipArePaintedOnce() async throws {
    try await Fixtures.withFolder { folder in
      let assets = try assets(in: folder)
      let composition = try CompositionDocumentTests.read(
        "schema: retake.composition/1\nscenes: [{duration: 1s, background: {kind: footage, asset: moving}}]")
      let film = try Film(Stage(composition, placement: Self.placement, assets: assets))
      #expect(Set(film.frames).count == 25)
    }
  }

  @Test func aLayerThatIsNoFootageIsRefusedWithItsLine() async throws {
    try await Fixtures.withFolder { folder in
      let path = folder.appending(path: "a.svg").path
      try Data("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'/>".utf8).write(
        to: URL(fileURLWithPath: path))
      let yaml =
        "schema: retake.composition/1\nscenes:\n  - duration: 1s\n    background: {kind: footage, asset: a}"
      let error = try #require(throws: EngineError.self) {
        try Stage(
          CompositionDocumentTests.read(yaml), placement: Self.placement, assets: AssetResolver(["a": path]))
      }
      #expect(error.description.contains("4:") && error.description.contains("background"))
    }
  }

  @Test func aClipIsHeardWhileItIsSeen() async throws {
    try await Fixtures.withFolder { folder in
      let path = folder.appending(path: "talk.mp4").path
      // A tone in the second half of the clip's two seconds.
      try FootageFixtures.make(
        [
          "-f", "lavfi", "-i", "testsrc=s=64x48:r=25:d=2", "-f", "lavfi", "-i",
          "aevalsrc=0.2*sin(2*PI*440*t)*gt(t\\,1)|0.2*sin(2*PI*440*t)*gt(t\\,1):s=44100:d=2", "-c:v",
          "libx264", "-c:a", "aac",
        ], at: path)
      let composition = try CompositionDocumentTests.read(
        """
        schema: retake.composition/1
        scenes:
          - {duration: 1s}
          - duration: 3s
            layers:
              - {kind: footage, asset: talk, from: 500ms, until: 2s, clip_from: 500ms, volume: 1}
        """)
      let assets = AssetResolver(["talk": path])
      let soundtrack = Screenplay.composition(composition).soundtrack
      #expect(soundtrack.hasSound)
      let sound = try Composer().mix(soundtrack, assets: assets, flag: nil)
      func loud(_ from: Double, _ until: Double) -> Float {
        sound.left[Int(from * 48000)..<Int(until * 48000)].map { abs($0) }.max() ?? 0
      }
      // The layer shows from 1.5 s to 3 s; its tone begins half a second later.
      #expect(loud(0, 1.9) < 0.01 && loud(3.01, 4) == 0)
      #expect(abs(loud(2.1, 2.9) - 0.2) < 0.02)
      let silent = try CompositionDocumentTests.read(
        "schema: retake.composition/1\nscenes: [{duration: 1s, background: {kind: footage, asset: talk}}]")
      #expect(!Screenplay.composition(silent).soundtrack.hasSound)
    }
  }

  @Test func soundThatCannotBeHeardAsItIsShownIsRefused() throws {
    for way in ["speed: 2", "loop: mirror"] {
      let error = try #require(throws: DocumentError.self) {
        try CompositionDocumentTests.read(
          "schema: retake.composition/1\nscenes:\n  - duration: 1s\n    background: {kind: footage, asset: a, volume: 1, \(way)}"
        )
      }
      #expect("\(error)".contains("forwards only") && "\(error)".contains(":4:"))
    }
  }
}
