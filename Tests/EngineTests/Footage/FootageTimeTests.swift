import Foundation
import Testing

@testable import Engine

@Suite struct FootageTimeTests {
  struct Coding: Sendable, CustomTestStringConvertible {
    var name: String
    var arguments: [String]
    var testDescription: String { name }
  }

  private static let x264 = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "8", "-pix_fmt", "yuv420p"]

  static let codings = [
    Coding(name: "a.mp4", arguments: x264 + ["-bf", "3", "-g", "20"]),
    Coding(name: "open.mkv", arguments: x264 + ["-bf", "3", "-g", "12", "-x264-params", "open-gop=1"]),
    Coding(name: "a.mov", arguments: ["-c:v", "prores_ks", "-pix_fmt", "yuv422p10le"]),
    Coding(name: "a.webm", arguments: ["-c:v", "libvpx", "-b:v", "2M", "-g", "16", "-auto-alt-ref", "1"]),
    Coding(
      name: "nine.webm", arguments: ["-c:v", "libvpx-vp9", "-b:v", "2M", "-deadline", "realtime", "-g", "16"]),
    Coding(name: "a.avi", arguments: ["-c:v", "mpeg4", "-q:v", "2", "-bf", "0"]),
    Coding(name: "b.avi", arguments: x264 + ["-bf", "2"]),
    Coding(name: "a.ts", arguments: ["-c:v", "mpeg2video", "-q:v", "2", "-bf", "2", "-g", "10"]),
    Coding(name: "a.h264", arguments: x264 + ["-bf", "2"]),
    Coding(name: "a.gif", arguments: ["-pix_fmt", "gray"]),
    Coding(name: "grey.mkv", arguments: ["-c:v", "ffv1", "-pix_fmt", "gray"]),
    Coding(name: "m.mov", arguments: ["-c:v", "mjpeg", "-q:v", "2", "-pix_fmt", "yuvj420p"]),
  ]

  @Test(arguments: codings) func theFrameAtATimeIsTheOneThatHasBegunLast(coding: Coding) async throws {
    try await Fixtures.withFolder { folder in
      let path = folder.appending(path: coding.name).path
      try FootageFixtures.numbered(coding: coding.arguments, at: path)
      let clip = try FootageFixtures.clip(path)
      #expect(clip.footage.frames.count == 50)
      #expect(clip.footage.damage == nil)
      #expect(abs(clip.footage.index.duration - 2) < 0.05)
      let numbers = try FootageFixtures.numbers(clip, FootageFixtures.timing(clip), frames: 66)
      #expect(numbers == (0..<66).map { min(49, $0 * 25 / 30) })
    }
  }

  @Test func framesOfUnevenLengthShowAtTheirTimes() async throws {
    try await Fixtures.withFolder { folder in
      let path = folder.appending(path: "vfr.mkv").path
      try FootageFixtures.numbered(
        rate: 50, filter: "select='not(mod(n,7))+not(mod(n,11))+eq(n,99)'",
        coding: FootageTimeTests.x264 + ["-vsync", "vfr"], at: path)
      let clip = try FootageFixtures.clip(path)
      let kept = (0..<100).filter { $0 % 7 == 0 || $0 % 11 == 0 || $0 == 99 }
      let numbers = try FootageFixtures.numbers(clip, FootageFixtures.timing(clip), frames: 60)
      #expect(numbers == (0..<60).map { frame in kept.last { $0 * 30 <= frame * 50 } ?? 0 })
    }
  }

  @Test(arguments: codings.filter { ["a.mp4", "open.mkv", "nine.webm", "a.ts", "b.avi"].contains($0.name) })
  func aFrameIsTheSameWhateverWasAskedBefore(coding: Coding) async throws {
    try await Fixtures.withFolder { folder in
      let path = folder.appending(path: coding.name).path
      // Motion everywhere, so that a wrong reference shows.
      try FootageFixtures.make(
        ["-f", "lavfi", "-i", "testsrc2=s=64x48:r=25:d=2"] + coding.arguments, at: path)
      let clip = try FootageFixtures.clip(path)
      let moments = clip.footage.frames.map { Int($0) }
      let (running, bitmap) = (FootageReel(clip), try clip.blank())
      var inOrder: [[UInt8]] = []
      for moment in moments {
        try running.draw(moment, on: bitmap)
        inOrder.append(FootageFixtures.bytes(bitmap))
      }
      #expect(Set(inOrder).count > moments.count / 2)
      let jumping = FootageReel(clip)
      var at = 7
      for _ in 0..<60 {
        at = (at * 31 + 17) % moments.count
        try jumping.draw(moments[at], on: bitmap)
        #expect(FootageFixtures.bytes(bitmap) == inOrder[at], "frame \(at)")
      }
      for at in moments.indices.reversed() {
        try jumping.draw(moments[at], on: bitmap)
        #expect(FootageFixtures.bytes(bitmap) == inOrder[at], "frame \(at), backwards")
      }
      let alone = FootageReel(clip)
      try alone.draw(moments[33], on: bitmap)
      #expect(FootageFixtures.bytes(bitmap) == inOrder[33])
    }
  }

  @Test func aPartPlaysAtItsSpeedAndAgain() async throws {
    try await Fixtures.withFolder { folder in
      let path = folder.appending(path: "a.mp4").path
      try FootageFixtures.numbered(rate: 30, coding: FootageTimeTests.x264, at: path)
      let clip = try FootageFixtures.clip(path, from: 0.5, until: 1)
      func shown(_ speed: Double, _ repeats: Track.Repeat) throws -> [Int] {
        try FootageFixtures.numbers(
          clip, FootageFixtures.timing(clip, speed: speed, repeats: repeats), frames: 40)
      }
      #expect(try shown(1, .no) == (0..<40).map { 15 + min($0, 14) })
      #expect(try shown(2, .no) == (0..<40).map { 15 + min($0 * 2, 14) })
      #expect(try shown(0.5, .no) == (0..<40).map { 15 + min($0 / 2, 14) })
      #expect(try shown(1, .again) == (0..<40).map { 15 + $0 % 15 })
      let mirrored = try shown(1, .mirror)
      #expect(mirrored.prefix(15) == (15..<30)[...].map { $0 }[...])
      #expect(
        mirrored[15...30].elementsEqual([29, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15]))
    }
  }
}
