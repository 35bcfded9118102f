import Documents
import Foundation
import Testing

@testable import Engine

@Suite struct FootageFaultTests {
  private static let placement = Placement(id: "small", width: 180, height: 320)

  private func stage(_ path: String, _ more: String = "", seconds: Double = 1) throws -> Stage {
    let yaml = """
      schema: retake.composition/1
      scenes:
        - duration: \(seconds)s
          layers:
            - {kind: footage, asset: clip, width: 100%\(more)}
      """
    return try Stage(
      CompositionDocumentTests.read(yaml), placement: Self.placement, assets: AssetResolver(["clip": path]))
  }

  private func warnings(_ path: String, _ more: String = "", seconds: Double = 1) throws -> [String] {
    try stage(path, more, seconds: seconds).warnings.map(\.description)
  }

  private func refusal(_ path: String, _ more: String = "") throws -> String {
    try #require(throws: EngineError.self) { try stage(path, more) }.description
  }

  /// Half of the file, with its index at the beginning where it has one.
  private func cut(_ name: String, _ coding: [String], in folder: URL, share: Double = 0.5) throws -> String {
    let path = folder.appending(path: name).path
    try FootageFixtures.make(
      ["-f", "lavfi", "-i", "testsrc2=s=128x96:r=25:d=4"] + coding, at: path)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    try bytes.prefix(Int(Double(bytes.count) * share)).write(to: URL(fileURLWithPath: path))
    return path
  }

  @Test(arguments: [
    ("a.mp4", ["-c:v", "libx264", "-g", "25", "-movflags", "+faststart"]), ("a.mkv", ["-c:v", "libx264"]),
    ("a.webm", ["-c:v", "libvpx", "-b:v", "1M"]), ("a.avi", ["-c:v", "mpeg4"]),
  ])
  func aFileThatWasCutOffPlaysAsFarAsItGoes(name: String, coding: [String]) async throws {
    try await Fixtures.withFolder { folder in
      let path = try cut(name, coding, in: folder)
      let index = try FootageShelf.index(path)
      #expect(index.duration > 0.5 && index.duration < 3.6)
      let said = try warnings(path, seconds: 4)
      let place = try #require(said.first { $0.contains("cut off") || $0.contains("damaged") }, "\(said)")
      #expect(place.contains(path) && place.contains(":5:"))
      #expect(said.contains { $0.contains("its last frame stays") })
      // All of what is there can be shown.
      let clip = try FootageFixtures.clip(path)
      let bitmap = try clip.blank()
      let reel = FootageReel(clip)
      for moment in clip.footage.frames { try reel.draw(Int(moment), on: bitmap) }
    }
  }

  @Test func aFileCutOffBeforeItsIndexIsRefused() async throws {
    try await Fixtures.withFolder { folder in
      let path = try cut("a.mp4", ["-c:v", "libx264"], in: folder)
      let said = try refusal(path)
      #expect(said.contains("5:") && said.contains("cut off before its index") && said.contains("a.mp4"))
    }
  }

  @Test func damageInTheMiddleLeavesTheFrameBefore() async throws {
    try await Fixtures.withFolder { folder in
      let path = folder.appending(path: "a.mp4").path
      try FootageFixtures.make(
        [
          "-f", "lavfi", "-i", "testsrc2=s=128x96:r=25:d=4", "-c:v", "libx264", "-g", "25", "-bf", "2",
          "-movflags", "+faststart",
        ], at: path)
      var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
      for at in bytes.count * 45 / 100..<bytes.count * 47 / 100 { bytes[at] = 0xFF }
      try bytes.write(to: URL(fileURLWithPath: path))
      let said = try warnings(path, seconds: 4)
      #expect(
        said.contains { $0.contains("is damaged from 1") && $0.contains(path) }, "\(said)")
      let clip = try FootageFixtures.clip(path)
      let damage = try #require(clip.footage.damage)
      #expect(clip.footage.frames.count > 60 && clip.footage.frames.count < 100)
      // It ends with the next key picture.
      #expect(
        damage.until - damage.from < 1 && clip.footage.index.seconds(clip.footage.frames.last ?? 0) > 3.9)
      let (running, jumping) = (FootageReel(clip), FootageReel(clip))
      let (bitmap, other) = (try clip.blank(), try clip.blank())
      for (number, moment) in clip.footage.frames.enumerated() {
        try running.draw(Int(moment), on: bitmap)
        guard number % 9 == 4 else { continue }
        try jumping.draw(Int(clip.footage.frames[(number * 7) % clip.footage.frames.count]), on: other)
        try jumping.draw(Int(moment), on: other)
        #expect(FootageFixtures.bytes(bitmap) == FootageFixtures.bytes(other), "frame \(number)")
      }
    }
  }

  @Test func whatIsNoVideoIsRefusedWithItsPlace() async throws {
    try await Fixtures.withFolder { folder in
      let text = folder.appending(path: "a.mp4").path
      try Data(String(repeating: "no video at all\n", count: 500).utf8).write(to: URL(fileURLWithPath: text))
      #expect(try refusal(text).contains("is no video that can be read"))
      let empty = folder.appending(path: "b.mp4").path
      try Data().write(to: URL(fileURLWithPath: empty))
      #expect(try refusal(empty).contains("is no video that can be read"))
      #expect(try refusal(folder.appending(path: "c.mp4").path).contains("does not exist"))
      let sound = folder.appending(path: "d.m4a").path
      try FootageFixtures.make(["-f", "lavfi", "-i", "sine=d=1", "-c:a", "aac"], at: sound)
      #expect(try refusal(sound).contains("holds sound only"))
      // A list of files is no clip: it could name files that nobody meant.
      let list = folder.appending(path: "e.txt").path
      try Data("ffconcat version 1.0\nfile d.m4a\n".utf8).write(to: URL(fileURLWithPath: list))
      #expect(try refusal(list).contains("is no video") || refusal(list).contains("holds"))
      let playlist = folder.appending(path: "f.m3u8").path
      try Data("#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nd.m4a\n#EXT-X-ENDLIST\n".utf8).write(
        to: URL(fileURLWithPath: playlist))
      #expect(try refusal(playlist).contains("f.m3u8"))
    }
  }

  @Test func aClipWithoutFramesAndAPlaceBehindItsEndAreRefused() async throws {
    try await Fixtures.withFolder { folder in
      let none = folder.appending(path: "none.mp4").path
      try FootageFixtures.make(
        ["-f", "lavfi", "-i", "testsrc2=s=64x48:r=25:d=1", "-frames:v", "0", "-c:v", "libx264"], at: none)
      #expect(try refusal(none).contains("none.mp4"))
      let path = folder.appending(path: "a.mp4").path
      try FootageFixtures.numbered(seconds: 1, at: path)
      let said = try refusal(path, ", clip_from: 3s")
      #expect(said.contains("lasts 1s, so nothing of it plays from 3s on") && said.contains("layers[0]"))
      #expect(throws: DocumentError.self) { try stage(path, ", clip_from: 500ms, clip_until: 500ms") }
    }
  }

  @Test func aClipShorterThanItsLayerHoldsItsLastFrameAndSaysSo() async throws {
    try await Fixtures.withFolder { folder in
      let path = folder.appending(path: "a.mp4").path
      try FootageFixtures.numbered(seconds: 1, at: path)
      let said = try warnings(path, ", loop: no", seconds: 3)
      #expect(said.contains { $0.contains("plays for 1s, but its layer for 3s: its last frame stays") })
      #expect(try warnings(path, ", loop: again", seconds: 3).allSatisfy { !$0.contains("last frame") })
      #expect(try warnings(path, ", until: 1s", seconds: 3).allSatisfy { !$0.contains("last frame") })
    }
  }

  @Test func framesOfOnePixelAndOfTooManyAreDealtWith() async throws {
    try await Fixtures.withFolder { folder in
      let dot = folder.appending(path: "dot.mkv").path
      try FootageFixtures.make(
        [
          "-f", "lavfi", "-i", "color=red:s=2x2:r=25:d=0.4,format=bgr0,scale=1:1", "-c:v", "ffv1", "-pix_fmt",
          "bgr0",
        ], at: dot)
      let clip = try FootageFixtures.clip(dot, columns: 40, rows: 40)
      let bitmap = try clip.blank()
      try FootageReel(clip).draw(Int(clip.footage.frames[0]), on: bitmap)
      let pixel = FootageFixtures.colour(bitmap, 20, 20)
      #expect(pixel.0 > 240 && pixel.1 < 12)
      // A picture is a clip of one frame; one of 400 million pixels is refused.
      let large = folder.appending(path: "large.png").path
      try Data(ColourFixtures.pngHeader(width: 20_000, height: 20_000)).write(to: URL(fileURLWithPath: large))
      #expect(try refusal(large).contains("large.png"))
    }
  }

  @Test(arguments: ["a.mp4", "a.mkv", "a.webm", "a.avi", "a.ts", "a.gif", "a.mov"])
  func whatWasFoundWholeCanBePaintedInAnyOrder(name: String) async throws {
    let codings = [
      "a.webm": ["-c:v", "libvpx", "-b:v", "500k"], "a.avi": ["-c:v", "mpeg4"],
      "a.ts": ["-c:v", "mpeg2video"],
      "a.gif": [], "a.mov": ["-c:v", "prores_ks"],
    ]
    try await Fixtures.withFolder { folder in
      let path = folder.appending(path: name).path
      try FootageFixtures.make(
        ["-f", "lavfi", "-i", "testsrc2=s=96x64:r=25:d=1"]
          + (codings[name] ?? ["-c:v", "libx264", "-g", "10", "-bf", "2"]), at: path)
      let good = try Data(contentsOf: URL(fileURLWithPath: path))
      var played = 0
      for seed in 0..<10 {
        var (bytes, state) = (good, UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1)
        for _ in 0..<12 {
          state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          bytes[Int(state >> 33) % bytes.count] ^= UInt8(truncatingIfNeeded: state >> 24) | 1
        }
        let damaged = folder.appending(path: "\(seed)-\(name)").path
        try bytes.write(to: URL(fileURLWithPath: damaged))
        let clip: FootageClip
        do throws(PictureFault) {
          clip = try Self.clip(damaged)
        } catch {
          #expect(!error.reason.isEmpty)
          continue
        }
        played += 1
        let (running, jumping) = (FootageReel(clip), FootageReel(clip))
        let (bitmap, other) = (try clip.blank(), try clip.blank())
        for (number, moment) in clip.footage.frames.enumerated() {
          try running.draw(Int(moment), on: bitmap)
          guard number % 8 == 5 else { continue }
          try jumping.draw(Int(clip.footage.frames[number * 5 % clip.footage.frames.count]), on: other)
          try jumping.draw(Int(moment), on: other)
          #expect(
            FootageFixtures.bytes(bitmap) == FootageFixtures.bytes(other), "seed \(seed), frame \(number)")
        }
      }
      #expect(played > 0)
    }
  }

  private static func clip(_ path: String) throws(PictureFault) -> FootageClip {
    let index = try FootageShelf.index(path)
    let footage = try FootageShelf.footage(FootageRange(index: index, from: 0, until: index.duration))
    return FootageClip(asset: "clip", footage: footage, view: FootageView(columns: 96, rows: 64))
  }
}
