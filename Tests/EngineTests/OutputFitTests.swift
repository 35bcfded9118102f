import Foundation
import Testing

@testable import Engine

@Suite(.serialized) struct OutputFitTests {
  @Test(arguments: [OutputForm.mp4, .webm])
  func aFilmOverItsLimitIsEncodedAgainUntilItFits(form: OutputForm) async throws {
    try await Fixtures.withFolder { folder in
      let (screenplay, assets) = try await OutputClip.order(in: folder)
      let path = folder.appending(path: "a.\(form.fileExtension)").path
      let free = try await Renderer().render(screenplay, for: Fixtures.tall, assets: assets, to: path)
      // Of the picture, a good half.
      let limit = 48_000 + (free.bytes - 48_000) * 6 / 10
      var infos: [RenditionInfo] = []
      let cache = try SegmentCache(folder: folder.appending(path: "cache").path)
      for renderer in [Renderer(workers: 1), Renderer(workers: 3, cache: cache), Renderer(cache: cache)] {
        infos.append(
          try await renderer.render(
            screenplay, for: Fixtures.tall, assets: assets, to: path,
            settings: OutputSettings(maximumBytes: limit)))
      }
      let info = infos[0]
      #expect(infos.allSatisfy { $0 == info })
      #expect(info.bytes <= limit && info.bytes > limit * 3 / 4)
      #expect(info.rounds > 1 && info.rounds <= QualitySearch.rounds)
      let (taken, usual) = (try #require(info.quality), try #require(free.quality))
      #expect(taken > usual)
      #expect(try OutputClip.decodingErrors(path) == "")
      #expect(try OutputClip.decodedFrames(path) == 60)
    }
  }

  @Test func whatCannotFitIsRefusedWithSizeLimitAndAWayOut() async throws {
    try await Fixtures.withFolder { folder in
      let (screenplay, assets) = try await OutputClip.order(in: folder)
      let path = folder.appending(path: "a.mp4").path
      let before = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
      let error = await #expect(throws: EngineError.self) {
        try await Renderer().render(
          screenplay, for: Fixtures.tall, assets: assets, to: path,
          settings: OutputSettings(maximumBytes: 20_000))
      }
      guard case .fileTooLarge(_, let bytes, 20_000, _) = error else {
        Issue.record("it said \(error.map { "\($0)" } ?? "nothing")")
        return
      }
      #expect(bytes > 20_000)
      #expect("\(try #require(error))".contains("shorten it"))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == before)
    }
  }

  @Test func aPlacementsHighestRateHoldsForTheFile() async throws {
    try await Fixtures.withFolder { folder in
      let (screenplay, assets) = try await OutputClip.order(in: folder)
      var placement = Fixtures.tall
      placement.rules.highestBitRate = 420
      let path = folder.appending(path: "a.mp4").path
      let info = try await Renderer().render(
        screenplay, for: placement, assets: assets, to: path)
      #expect(info.bytes * 8 / 2 <= 420_000)
      #expect(info.warnings.allSatisfy { $0.kind != .placementBitRate })
    }
  }

  @Test func aPlacementsLowestRateIsMetByQualityFirstAndThenByFiller() async throws {
    try await Fixtures.withFolder { folder in
      let (screenplay, assets) = try await OutputClip.order(in: folder)
      let path = folder.appending(path: "a.mp4").path
      let free = try await Renderer().render(screenplay, for: Fixtures.tall, assets: assets, to: path)
      var placement = Fixtures.tall
      placement.rules.lowestBitRate = free.bytes * 8 / 2 / 1000 + 150
      let better = try await Renderer().render(screenplay, for: placement, assets: assets, to: path)
      #expect(better.bytes * 8 / 2 / 1000 >= placement.rules.lowestBitRate ?? .max)
      let (taken, usual) = (try #require(better.quality), try #require(free.quality))
      #expect(taken < usual && better.fillerBytes == 0)
      #expect(better.warnings.allSatisfy { $0.kind != .placementBitRate })

      placement.rules.lowestBitRate = 9000
      let filled = try await Renderer().render(screenplay, for: placement, assets: assets, to: path)
      #expect(filled.bytes * 8 / 2 / 1000 >= 9000 && filled.bytes < 9100 * 1000 / 8 * 2)
      #expect(filled.fillerBytes > 0 && filled.quality == VideoCodec.h264.acceptableQuality.lowerBound)
      #expect(filled.warnings.allSatisfy { $0.kind != .placementBitRate })
      #expect(try OutputClip.decodingErrors(path) == "")
      #expect(try OutputClip.decodedFrames(path) == 60)
      let again = try await Renderer(workers: 1).render(screenplay, for: placement, assets: assets, to: path)
      #expect(again.sha256 == filled.sha256)
    }
  }
}
