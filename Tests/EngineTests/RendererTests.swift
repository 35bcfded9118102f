import Engine
import Foundation
import Synchronization
import Testing

@Suite struct RendererTests {
  @Test func aFileIsWhatItsPlacementAsksForAndDecodesWithoutAnError() async throws {
    try await Fixtures.withFolder { folder in
      let assets = try await Fixtures.assets(in: folder)
      let path = folder.appending(path: "a.mp4").path
      let seen = Mutex<[Int]>([])
      let info = try await Renderer().render(
        Fixtures.storyboard(music: Music(mood: .pulse, tempo: 120, seed: 1)), for: Fixtures.tall,
        assets: assets, to: path
      ) { done, total in
        #expect(total == 60)
        seen.withLock { $0.append(done) }
      }
      #expect(seen.withLock { $0 } == Array(1...60))
      #expect(info.frames == 60 && info.durationMilliseconds == 2000 && info.engineVersion == Engine.version)

      let probe = try Fixtures.run(
        "ffprobe", ["-v", "error", "-show_streams", "-show_format", "-of", "flat", path]
      ).output
      for fact in [
        #"stream.0.codec_name="h264""#, #"stream.0.profile="High""#, "stream.0.width=270",
        "stream.0.height=480",
        #"stream.0.pix_fmt="yuv420p""#, #"stream.0.r_frame_rate="30/1""#, #"stream.0.nb_frames="60""#,
        #"stream.0.color_space="bt709""#, #"stream.0.color_range="tv""#, #"stream.0.color_transfer="bt709""#,
        #"stream.0.color_primaries="bt709""#, #"stream.0.duration="2.000000""#,
        #"stream.0.start_time="0.000000""#, #"stream.1.codec_name="aac""#, #"stream.1.sample_rate="48000""#,
        "stream.1.channels=2", #"stream.1.duration="2.000000""#, #"format.duration="2.000000""#,
      ] { #expect(probe.contains(fact), "\(fact) in \(probe)") }
      let decode = try Fixtures.run("ffmpeg", ["-v", "error", "-xerror", "-i", path, "-f", "null", "-"])
      #expect(decode.status == 0 && decode.output.isEmpty, "\(decode.output)")

      let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
      #expect(bytes.count == info.bytes)
      let (index, data) = (bytes.range(of: Data("moov".utf8)), bytes.range(of: Data("mdat".utf8)))
      #expect(try #require(index).lowerBound < #require(data).lowerBound)
      let sum = try Fixtures.run("sha256sum", [path]).output
      #expect(sum.hasPrefix(info.sha256))
    }
  }

  @Test func theSameInputGivesTheSameBytesAlsoWhenManyRenderAtOnce() async throws {
    try await Fixtures.withFolder { folder in
      let assets = try await Fixtures.assets(in: folder)
      let board = Fixtures.storyboard(
        text: "Zwölf Boxkämpfer 👩‍🚀 مرحبا", music: Music(mood: .airy, tempo: 90, seed: 2))
      let sums = try await withThrowingTaskGroup(of: String.self) { group in
        for number in 0..<4 {
          group.addTask {
            try await Renderer().render(
              board, for: Fixtures.tall, assets: assets, to: folder.appending(path: "\(number).mp4").path
            ).sha256
          }
        }
        return try await group.reduce(into: Set<String>()) { $0.insert($1) }
      }
      #expect(sums.count == 1)
      var other = board
      other.music?.seed = 3
      let changed = try await Renderer().render(
        other, for: Fixtures.tall, assets: assets, to: folder.appending(path: "other.mp4").path)
      #expect(!sums.contains(changed.sha256))
    }
  }

  @Test func aCancelledRenderLeavesNothingBehind() async throws {
    try await Fixtures.withFolder { folder in
      let assets = try await Fixtures.assets(in: folder)
      let before = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
      let (started, start) = AsyncStream.makeStream(of: Void.self)
      let task = Task {
        try await Renderer().render(
          Fixtures.storyboard(), for: Fixtures.shapes[0], assets: assets,
          to: folder.appending(path: "a.mp4").path
        ) { _, _ in start.yield() }
      }
      for await _ in started { break }
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.value }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == before)
    }
  }

  @Test func anEarlierFileStaysWhenItsReplacementFails() async throws {
    try await Fixtures.withFolder { folder in
      let path = folder.appending(path: "a.mp4")
      try Data("old".utf8).write(to: path)
      await #expect(throws: EngineError.assetMissing(asset: "photo")) {
        try await Renderer().render(Fixtures.storyboard(), for: Fixtures.tall, assets: .none, to: path.path)
      }
      #expect(try Data(contentsOf: path) == Data("old".utf8))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.mp4"])
    }
  }

  @Test func aFileOverThePlacementsLimitIsNotPublished() async throws {
    try await Fixtures.withFolder { folder in
      var small = Fixtures.tall
      small.maximumBytes = 2000
      let path = folder.appending(path: "a.mp4").path
      let hello = try Fixtures.hello()
      let error = await #expect(throws: EngineError.self) {
        try await Renderer().render(hello, for: small, assets: .none, to: path)
      }
      #expect("\(try #require(error))".contains("\(small.id) takes 2000"))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }
  }

  @Test(arguments: ["/nowhere/at/all/a.mp4", "/proc/a.mp4", "/tmp"])
  func aPlaceThatCannotBeWrittenToIsNamedWithTheReason(path: String) async throws {
    let hello = try Fixtures.hello()
    let error = await #expect(throws: EngineError.self) {
      try await Renderer().render(hello, for: Fixtures.tall, assets: .none, to: path)
    }
    #expect("\(try #require(error))".contains("\(path) cannot be written: it"))
  }

  @Test func stillsShowThePictureAndNotBlack() async throws {
    try await Fixtures.withFolder { folder in
      let assets = try await Fixtures.assets(in: folder)
      for time in [TimeSpan.zero, .milliseconds(1000), .seconds(99)] {
        let png = try await Renderer().still(
          of: Fixtures.storyboard(), for: Fixtures.tall, assets: assets, at: time)
        let path = folder.appending(path: "still.png").path
        try Data(png).write(to: URL(fileURLWithPath: path))
        let stats = try Fixtures.run(
          "ffmpeg",
          ["-v", "error", "-i", path, "-vf", "signalstats,metadata=print:file=-", "-f", "null", "-"]
        ).output
        let mean = try #require(stats.split(separator: "\n").first { $0.contains("YAVG=") })
        #expect(try #require(Double(mean.split(separator: "=")[1])) > 30)
      }
    }
  }
}
