import Foundation
import Testing

@testable import Engine

@Suite struct FootagePictureTests {
  /// Red, green, blue and white quarters, 64x48.
  private static let quarters =
    "color=0xE02020:s=32x24:r=25:d=0.4[a];color=0x20C040:s=32x24:r=25:d=0.4[b];"
    + "color=0x2040E0:s=32x24:r=25:d=0.4[c];color=0xF0F0F0:s=32x24:r=25:d=0.4[d];"
    + "[a][b]hstack[t];[c][d]hstack[u];[t][u]vstack"

  private func corners(_ clip: FootageClip) throws -> [String] {
    let bitmap = try clip.blank()
    try FootageReel(clip).draw(Int(clip.footage.frames[2]), on: bitmap)
    let (w, h) = (bitmap.width, bitmap.height)
    return [(0, 0), (1, 0), (0, 1), (1, 1)].map { x, y in
      let (r, g, b, _) = FootageFixtures.colour(bitmap, w / 4 + x * w / 2, h / 4 + y * h / 2)
      if min(r, g, b) > 200 { return "white" }
      return r > 180 ? "red" : g > 150 ? "green" : b > 180 ? "blue" : "\(r),\(g),\(b)"
    }
  }

  @Test(arguments: [
    (0, ["red", "green", "blue", "white"]), (90, ["blue", "red", "white", "green"]),
    (180, ["white", "blue", "green", "red"]), (270, ["green", "white", "red", "blue"]),
  ])
  func aPhonesFilmStandsUpright(turn: Int, wanted: [String]) async throws {
    try await Fixtures.withFolder { folder in
      let (lying, path) = (folder.appending(path: "l.mp4").path, folder.appending(path: "a.mov").path)
      try FootageFixtures.make(
        ["-f", "lavfi", "-i", Self.quarters, "-c:v", "libx264", "-pix_fmt", "yuv420p"], at: lying)
      try FootageFixtures.make(
        ["-i", lying, "-c", "copy", "-metadata:s:v:0", "rotate=\(turn)"], at: path)
      let index = try FootageShelf.index(path)
      let isSideways = turn % 180 == 90
      #expect(abs(index.aspect - (isSideways ? 0.75 : 4.0 / 3)) < 0.001)
      let clip = try FootageFixtures.clip(path, columns: isSideways ? 48 : 64, rows: isSideways ? 64 : 48)
      // Which corner goes where is what ffmpeg makes of it, which turns by itself.
      let png = folder.appending(path: "t.png").path
      try FootageFixtures.make(["-i", path, "-frames:v", "1"], at: png)
      guard case .pixels(let still, _) = try PictureAsset("a", from: AssetResolver(["a": png])) else {
        return
      }
      #expect(still.width == clip.view.columns && still.height == clip.view.rows)
      let corner = FootageFixtures.colour(still, still.width / 4, still.height / 4)
      let shown = try corners(clip)
      #expect(Set(shown) == Set(wanted))
      let bitmap = try clip.blank()
      try FootageReel(clip).draw(Int(clip.footage.frames[0]), on: bitmap)
      let ours = FootageFixtures.colour(bitmap, bitmap.width / 4, bitmap.height / 4)
      #expect(abs(ours.0 - corner.0) < 24 && abs(ours.1 - corner.1) < 24 && abs(ours.2 - corner.2) < 24)
      if turn % 180 == 0 { #expect(shown == wanted) }
    }
  }

  @Test func pixelsThatAreNotSquareAreMadeSo() async throws {
    try await Fixtures.withFolder { folder in
      let path = folder.appending(path: "a.mp4").path
      try FootageFixtures.make(
        [
          "-f", "lavfi", "-i", Self.quarters, "-vf", "setsar=16/11", "-c:v", "libx264", "-pix_fmt", "yuv420p",
        ], at: path)
      #expect(abs(try FootageShelf.index(path).aspect - 64.0 / 48 * 16 / 11) < 0.001)
    }
  }

  @Test(arguments: [
    ("a.webm", ["-c:v", "libvpx", "-pix_fmt", "yuva420p", "-auto-alt-ref", "0", "-b:v", "2M"]),
    ("b.webm", ["-c:v", "libvpx-vp9", "-pix_fmt", "yuva420p", "-b:v", "2M", "-deadline", "realtime"]),
    ("a.mov", ["-c:v", "prores_ks", "-profile:v", "4444", "-pix_fmt", "yuva444p10le"]),
    ("b.mov", ["-c:v", "qtrle", "-pix_fmt", "argb"]), ("c.mov", ["-c:v", "png", "-pix_fmt", "rgba"]),
  ])
  func transparencyIsKept(name: String, coding: [String]) async throws {
    try await Fixtures.withFolder { folder in
      let path = folder.appending(path: name).path
      try FootageFixtures.make(
        [
          "-f", "lavfi", "-i",
          "color=0xE04020:s=64x48:r=25:d=0.4,format=rgba,"
            + "geq=r='r(X,Y)':g='g(X,Y)':b='b(X,Y)':a='if(lt(X,24),0,if(lt(X,44),128,255))'",
        ] + coding, at: path)
      let clip = try FootageFixtures.clip(path)
      #expect(clip.hasAlpha)
      let bitmap = try clip.blank()
      try FootageReel(clip).draw(Int(clip.footage.frames[3]), on: bitmap)
      func near(_ x: Int, _ wanted: (Int, Int, Int, Int)) {
        let got = FootageFixtures.colour(bitmap, x, 24)
        let pairs = [(got.0, wanted.0), (got.1, wanted.1), (got.2, wanted.2), (got.3, wanted.3)]
        #expect(pairs.allSatisfy { abs($0 - $1) <= 6 }, "at \(x): \(got)")
      }
      near(10, (0, 0, 0, 0))
      near(34, (112, 32, 16, 128))
      near(56, (224, 64, 32, 255))
    }
  }

  @Test func coloursOfWhatCannotBeSeenDoNotBleed() async throws {
    try await Fixtures.withFolder { folder in
      let path = folder.appending(path: "a.mov").path
      // White with green hidden beneath what is transparent.
      try FootageFixtures.make(
        [
          "-f", "lavfi", "-i",
          "color=white:s=96x64:r=25:d=0.2,format=rgba,"
            + "geq=r='if(lt(X,50),0,255)':g=255:b='if(lt(X,50),0,255)':a='if(lt(X,50),0,255)'", "-c:v",
          "qtrle",
        ], at: path)
      for (columns, rows) in [(37, 25), (240, 160)] {
        let clip = try FootageFixtures.clip(path, columns: columns, rows: rows)
        let bitmap = try clip.blank()
        try FootageReel(clip).draw(Int(clip.footage.frames[1]), on: bitmap)
        for x in 0..<columns {
          let (r, g, b, a) = FootageFixtures.colour(bitmap, x, rows / 2)
          #expect(abs(r - a) <= 1 && abs(g - a) <= 1 && abs(b - a) <= 1, "\(columns), \(x): \((r, g, b, a))")
          #expect(max(r, g, b) <= a)
        }
      }
    }
  }

  @Test func aGIFsHolesAreHoles() async throws {
    try await Fixtures.withFolder { folder in
      let path = folder.appending(path: "a.gif").path
      try FootageFixtures.make(
        [
          "-f", "lavfi", "-i",
          "color=0xE04020:s=64x48:r=20:d=0.4,format=rgba,"
            + "geq=r='r(X,Y)':g='g(X,Y)':b='b(X,Y)':a='if(lt(X,24),0,255)'", "-vf",
          "split[a][b];[a]palettegen=reserve_transparent=1[p];[b][p]paletteuse",
        ], at: path)
      let clip = try FootageFixtures.clip(path)
      let bitmap = try clip.blank()
      try FootageReel(clip).draw(Int(clip.footage.frames[3]), on: bitmap)
      #expect(FootageFixtures.colour(bitmap, 8, 24).3 == 0)
      let solid = FootageFixtures.colour(bitmap, 50, 24)
      #expect(solid.3 == 255 && abs(solid.0 - 224) < 6 && abs(solid.1 - 64) < 6)
    }
  }

  @Test func aClipIsCutAroundItsFocus() async throws {
    try await Fixtures.withFolder { folder in
      let path = folder.appending(path: "a.mp4").path
      try FootageFixtures.make(
        ["-f", "lavfi", "-i", Self.quarters, "-c:v", "libx264", "-crf", "8", "-pix_fmt", "yuv420p"], at: path)
      let whole = try FootageFixtures.clip(path)
      func shown(_ framing: PhotoBackground.Framing) throws -> [String] {
        let view = FootageView(filling: 60, 60, aspect: whole.footage.index.aspect, framing: framing)
        return try corners(FootageClip(asset: "a", footage: whole.footage, view: view))
      }
      #expect(try shown(.init(x: 0.25, y: 0.25, zoom: 2)) == ["red", "red", "red", "red"])
      #expect(try shown(.init(x: 1, y: 0.5, zoom: 2)) == ["green", "green", "white", "white"])
      #expect(try shown(.init()) == ["red", "green", "blue", "white"])
    }
  }

  @Test func interlacedFramesLoseTheirCombs() async throws {
    try await Fixtures.withFolder { folder in
      let path = folder.appending(path: "a.mpg").path
      // A bar that moves fast: fields of two moments show it twice, line by line.
      try FootageFixtures.make(
        [
          "-f", "lavfi", "-i",
          "color=black:s=96x64:r=50:d=1,format=yuv420p,geq=lum='if(lt(mod(X-N*6+960,96),20),235,16)':cb=128:cr=128",
          "-vf", "tinterlace=interleave_top,fieldorder=tff", "-c:v", "mpeg2video", "-q:v", "1", "-flags",
          "+ildct+ilme", "-g", "10", "-bf", "2",
        ], at: path)
      let clip = try FootageFixtures.clip(path, columns: 96, rows: 64)
      #expect(clip.footage.isInterlaced)
      let (running, jumping) = (FootageReel(clip), FootageReel(clip))
      let (bitmap, other) = (try clip.blank(), try clip.blank())
      for (number, moment) in clip.footage.frames.enumerated() {
        try running.draw(Int(moment), on: bitmap)
        if number % 6 == 2 {
          try jumping.draw(Int(moment), on: other)
          #expect(FootageFixtures.bytes(bitmap) == FootageFixtures.bytes(other), "frame \(number)")
        }
        guard number > 2 else { continue }
        var combs = 0
        for x in 0..<96 {
          for y in 20..<44 {
            let lines = (-1...1).map { FootageFixtures.colour(bitmap, x, y + $0).1 }
            if abs(lines[1] - lines[0]) > 90, abs(lines[1] - lines[2]) > 90 { combs += 1 }
          }
        }
        #expect(combs < 48, "frame \(number)")
      }
    }
  }
}
