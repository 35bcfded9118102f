import Cryptography
import Foundation
import Testing

@testable import Engine

@Suite(.serialized) struct OutputFilmTests {
  private struct Case: Sendable, CustomTestStringConvertible {
    var form: OutputForm
    var facts: [String]
    var testDescription: String { form.rawValue }
  }

  private static let colours = [
    "color_space=\"bt709\"", "color_range=\"tv\"", "color_transfer=\"bt709\"", "color_primaries=\"bt709\"",
  ]

  private static let cases = [
    Case(
      form: .mp4,
      facts: ["codec_name=\"h264\"", "profile=\"High\"", "codec_name=\"aac\"", "nb_frames=\"60\""]),
    Case(form: .webm, facts: ["codec_name=\"vp9\"", "codec_name=\"opus\"", "format_name=\"matroska,webm\""]),
    Case(form: .av1, facts: ["codec_name=\"av1\"", "codec_name=\"aac\"", "nb_frames=\"60\""]),
  ]

  @Test(arguments: cases)
  private func aFilmOfEveryFormIsWholeTaggedAndTheSameEveryTime(item: Case) async throws {
    try await Fixtures.withFolder { folder in
      let (screenplay, assets) = try await OutputClip.order(in: folder)
      let path = folder.appending(path: "a.\(item.form.fileExtension)").path
      let info = try await Renderer(workers: 1).render(
        screenplay, for: Fixtures.tall, assets: assets, to: path)
      #expect(info.form == item.form && info.frames == 60 && info.rounds == 1 && info.fillerBytes == 0)
      #expect(info.quality == item.form.videoCodec?.usualQuality)

      let probe = try OutputClip.probe(path)
      let streams = ["width=270", "height=480", "pix_fmt=\"yuv420p\"", "r_frame_rate=\"30/1\"", "channels=2"]
      for fact in item.facts + Self.colours + streams { #expect(probe.contains(fact), "\(fact) in \(probe)") }
      #expect(try OutputClip.decodingErrors(path) == "")
      #expect(try OutputClip.decodedFrames(path) == 60)
      let times = try OutputClip.decodingTimes(path)
      #expect(times.count == 60 && zip(times, times.dropFirst()).allSatisfy { $0 < $1 })

      let bytes = try Data(contentsOf: URL(filePath: path))
      // The index before the data: MP4's moov, WebM's Cues (1C 53 BB 6B) before the first cluster (1F 43 B6 75).
      let (index, data) =
        item.form == .webm
        ? (Data([0x1C, 0x53, 0xBB, 0x6B]), Data([0x1F, 0x43, 0xB6, 0x75]))
        : (Data("moov".utf8), Data("mdat".utf8))
      let end = try #require(bytes.range(of: data)).lowerBound
      #expect(bytes[..<end].range(of: index) != nil)

      // Another number of workers, a cache that is empty and one that is full.
      let cache = try SegmentCache(folder: folder.appending(path: "cache").path)
      for _ in 0..<2 {
        let again = try await Renderer(workers: 3, cache: cache).render(
          screenplay, for: Fixtures.tall, assets: assets,
          to: folder.appending(path: "b.\(item.form.fileExtension)").path)
        #expect(again.sha256 == info.sha256)
      }
    }
  }

  @Test func segmentsOfOtherCodecsAndQualitiesHaveOtherNames() throws {
    let all = [
      EncoderSettings.segment, .segment(.h264, quality: 21), .segment(.h264, highestRate: 500),
      .segment(.vp9),
      .segment(.vp9, quality: 40), .segment(.av1), EncoderSettings.segment.whole,
    ]
    #expect(Set(try all.map { try $0.fingerprint().hex }).count == all.count)
    #expect(EncoderSettings.segment(.h264) == .segment)
  }

  @Test func aFormThePlacementDoesNotTakeIsMadeWithAWarning() async throws {
    try await Fixtures.withFolder { folder in
      let (screenplay, assets) = try await OutputClip.order(in: folder)
      let info = try await Renderer().render(
        screenplay, for: Fixtures.tall, assets: assets, to: folder.appending(path: "a.webm").path)
      let kinds = info.warnings.map(\.kind)
      #expect(kinds.contains(.placementContainer) && kinds.contains(.placementCodec))
      #expect(info.warnings.allSatisfy { $0.severity == .warning })
    }
  }

  @Test func widthsThatMacroblockTreeCannotReadAreWidenedAndCroppedAgain() async throws {
    try await Fixtures.withFolder { folder in
      let assets = try await Fixtures.assets(in: folder)
      for width in [250, 256, 270] {
        let placement = Placement(id: "test.\(width)", width: width, height: 480)
        let path = folder.appending(path: "\(width).mp4").path
        _ = try await Renderer(gate: Fixtures.openGate).render(
          Fixtures.storyboard(), for: placement, assets: assets, to: path)
        #expect(try OutputClip.probe(path).contains("width=\(width)\n"))
        // The last columns are the picture's, not those that were added.
        let still = folder.appending(path: "\(width).png")
        let png = try await Renderer().still(
          of: Fixtures.storyboard(), for: placement, assets: assets, at: .milliseconds(1500))
        try Data(png).write(to: still)
        let edge = "format=gbrp,crop=16:ih:iw-16:0"
        let text = try Fixtures.run(
          "ffmpeg",
          [
            "-hide_banner", "-i", path, "-i", still.path, "-lavfi",
            "[0:v]select=eq(n\\,45),setpts=0,scale=in_color_matrix=bt709:in_range=tv,\(edge)[a];[1:v]\(edge)[b];"
              + "[a][b]ssim", "-f", "null", "-",
          ]
        ).output
        let same = try OutputClip.all(text)
        #expect(same > 0.9)
      }
    }
  }

  @Test func aQualityThatIsAskedForIsTaken() async throws {
    try await Fixtures.withFolder { folder in
      let (screenplay, assets) = try await OutputClip.order(in: folder)
      var sizes: [Int] = []
      for quality in [12, 20, 32] {
        let info = try await Renderer().render(
          screenplay, for: Fixtures.tall, assets: assets, to: folder.appending(path: "a.mp4").path,
          settings: OutputSettings(quality: quality))
        #expect(info.quality == quality)
        sizes.append(info.bytes)
      }
      #expect(sizes == sizes.sorted(by: >))
      await #expect(throws: EngineError.self) {
        try await Renderer().render(
          screenplay, for: Fixtures.tall, assets: assets, to: folder.appending(path: "b.mp4").path,
          settings: OutputSettings(quality: 52))
      }
    }
  }
}
