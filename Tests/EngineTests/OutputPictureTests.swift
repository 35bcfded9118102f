import Foundation
import TestKit
import Testing

@testable import Engine

@Suite(.serialized) struct OutputPictureTests {
  @Test func aGIFHasEveryOtherFrameInTimeAndNoOtherColoursThanItsFilm() async throws {
    try await Fixtures.withFolder { folder in
      let (screenplay, assets) = try await OutputClip.order(in: folder)
      let (path, film) = (folder.appending(path: "a.gif").path, folder.appending(path: "a.mp4").path)
      let info = try await Renderer().render(screenplay, for: Fixtures.tall, assets: assets, to: path)
      #expect(info.form == .gif && info.frames == 30 && info.durationMilliseconds == 2000)
      #expect(info.width == 270 && info.height == 480 && info.quality == nil)
      let probe = try OutputClip.probe(path)
      for fact in ["codec_name=\"gif\"", "width=270", "height=480", "duration=\"2.000000\""] {
        #expect(probe.contains(fact), "\(fact) in \(probe)")
      }
      #expect(try OutputClip.decodingErrors(path) == "")
      #expect(try OutputClip.decodedFrames(path) == 30)
      // Against the film: the same frames, as near as 255 colours a scene come.
      _ = try await Renderer().render(
        screenplay, for: Fixtures.tall, assets: assets, to: film, settings: OutputSettings(quality: 4))
      let filter = "fps=15,scale=out_color_matrix=bt709:out_range=tv,format=yuv420p"
      let ours = try similarity(path, film, filter)
      // What ffmpeg's palettegen and paletteuse make of it.
      let theirs = folder.appending(path: "theirs.gif").path
      let made = try Fixtures.run(
        "ffmpeg",
        [
          "-v", "error", "-i", film, "-lavfi",
          "fps=15,split[a][b];[a]palettegen[p];[b][p]paletteuse=dither=bayer",
          theirs,
        ])
      #expect(made.status == 0, "\(made.output)")
      let other = try similarity(theirs, film, filter)
      #expect(ours > 0.8 && ours > other, "ours \(ours), palettegen's \(other)")

      let again = try await Renderer(workers: 1).render(
        screenplay, for: Fixtures.tall, assets: assets, to: folder.appending(path: "b.gif").path)
      #expect(again.sha256 == info.sha256)
    }
  }

  /// `path`'s frames against every other one of `film`.
  private func similarity(_ path: String, _ film: String, _ filter: String) throws -> Double {
    let text = try Fixtures.run(
      "ffmpeg",
      [
        "-hide_banner", "-i", path, "-i", film, "-lavfi",
        "[0:v]\(filter),setpts=N[a];[1:v]select=not(mod(n\\,2)),format=yuv420p,setpts=N[b];[a][b]ssim", "-f",
        "null",
        "-",
      ]
    ).output
    return try OutputClip.all(text)
  }

  @Test func aGIFOverItsLimitIsMadeSmallerUntilItFits() async throws {
    try await Fixtures.withFolder { folder in
      let (screenplay, assets) = try await OutputClip.order(in: folder)
      let path = folder.appending(path: "a.gif").path
      let free = try await Renderer().render(
        screenplay, for: Fixtures.tall, assets: assets, to: path,
        settings: OutputSettings(framesPerSecond: 10))
      #expect(free.frames == 20)
      let info = try await Renderer().render(
        screenplay, for: Fixtures.tall, assets: assets, to: path,
        settings: OutputSettings(maximumBytes: free.bytes / 2, framesPerSecond: 10))
      #expect(info.bytes <= free.bytes / 2 && info.rounds > 1 && info.width < 270 && info.frames == 20)
      await #expect(throws: EngineError.self) {
        try await Renderer().render(
          screenplay, for: Fixtures.tall, assets: assets, to: path,
          settings: OutputSettings(maximumBytes: 900))
      }
    }
  }

  @Test func aWebPHoldsItsFramesForTheirTime() async throws {
    try await Fixtures.withFolder { folder in
      let (screenplay, assets) = try await OutputClip.order(in: folder)
      let path = folder.appending(path: "a.webp").path
      let info = try await Renderer().render(
        screenplay, for: Fixtures.tall, assets: assets, to: path, settings: OutputSettings(shorterSide: 200))
      #expect(info.form == .webp && info.frames == 30 && info.width == 200 && info.height == 356)
      let chunks = try Self.chunks(path)
      #expect(chunks.first?.name == "VP8X" && chunks.contains { $0.name == "ANIM" })
      // ANMF: duration in milliseconds in bytes 12 to 14 (WebP container specification).
      let durations = chunks.filter { $0.name == "ANMF" }.map { chunk in
        Int(chunk.bytes[12]) | Int(chunk.bytes[13]) << 8 | Int(chunk.bytes[14]) << 16
      }
      #expect(durations.count <= 30 && durations.count >= 20)
      #expect(abs(durations.reduce(0, +) - 2000) <= 70, "\(durations)")
      let again = try await Renderer(workers: 1).render(
        screenplay, for: Fixtures.tall, assets: assets, to: folder.appending(path: "b.webp").path,
        settings: OutputSettings(shorterSide: 200))
      #expect(again.sha256 == info.sha256)
    }
  }

  /// RIFF's chunks after the word WEBP.
  private static func chunks(_ path: String) throws -> [(name: String, bytes: [UInt8])] {
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
    try #require(bytes.count > 20 && String(decoding: bytes[8..<12], as: UTF8.self) == "WEBP")
    var (found, place): ([(String, [UInt8])], Int) = ([], 12)
    while place + 8 <= bytes.count {
      let size = (0..<4).reduce(0) { $0 | Int(bytes[place + 4 + $1]) << (8 * $1) }
      let end = min(bytes.count, place + 8 + size)
      found.append((String(decoding: bytes[place..<place + 4], as: UTF8.self), Array(bytes[place + 8..<end])))
      place = end + size % 2
    }
    return found
  }

  @Test(arguments: [OutputForm.png, .stillWebP])
  func aStillShowsTheFrameThatWasAskedFor(form: OutputForm) async throws {
    try await Fixtures.withFolder { folder in
      let (screenplay, assets) = try await OutputClip.order(in: folder)
      let path = folder.appending(path: "a.\(form.fileExtension)").path
      let info = try await Renderer().render(
        screenplay, for: Fixtures.tall, assets: assets, to: path,
        settings: OutputSettings(moment: .at(.milliseconds(1500))))
      #expect(info.form == form && info.frames == 1 && info.durationMilliseconds == 0)
      #expect(try OutputClip.decodingErrors(path) == "")
      let still = folder.appending(path: "still.png")
      let png = try await Renderer().still(
        of: screenplay, for: Fixtures.tall, assets: assets, at: .milliseconds(1500))
      try Data(png).write(to: still)
      #expect(try OutputClip.similarity(path, to: still.path, filter: "format=rgb24") > 0.95)
      let other = try await Renderer().poster(of: screenplay, for: Fixtures.tall, assets: assets, at: .first)
      #expect(other != [UInt8](try Data(contentsOf: URL(filePath: path))))
      #expect(other.count > 60 && String(decoding: other[37..<41], as: UTF8.self) == "sRGB")
    }
  }

  @Test func aPosterShowsWordsAtRest() async throws {
    try await Fixtures.withFolder { folder in
      let (screenplay, assets) = try await OutputClip.order(in: folder)
      let film = try Renderer().order(screenplay, for: Fixtures.tall, assets: assets).film()
      let number = PosterMoment.telling.frame(in: film)
      let words = try #require(film.subject).words
      #expect(words.contains { $0.steady.contains(number) })
      #expect(PosterMoment.first.frame(in: film) == 0 && PosterMoment.at(.seconds(99)).frame(in: film) == 59)
    }
  }

  @Test(arguments: [(Fixtures.tall, 12), (Fixtures.shapes[1], 7), (Fixtures.shapes[2], 1)])
  func aSheetHoldsEveryFrameAndEndsWithTheLast(placement: Placement, count: Int) async throws {
    try await Fixtures.withFolder { folder in
      let (screenplay, assets) = try await OutputClip.order(in: folder)
      let png = try await Renderer().sheet(of: screenplay, for: placement, assets: assets, frames: count)
      let path = folder.appending(path: "sheet.png").path
      try Data(png).write(to: URL(filePath: path))
      #expect(try OutputClip.decodingErrors(path) == "")
      let again = try await Renderer().sheet(of: screenplay, for: placement, assets: assets, frames: count)
      #expect(again == png)
    }
  }

  @Test func aPaletteKeepsTheColoursOfPicturesThatHaveFew() {
    var histogram = ColourHistogram()
    let colours: [[UInt8]] = [
      [0, 0, 0, 255], [255, 255, 255, 255], [0, 0, 255, 255], [243, 121, 60, 255],
    ]
    for (index, colour) in colours.enumerated() {
      histogram.add(
        Array(repeating: colour, count: 10 + index * 1000).flatMap(\.self), count: 10 + index * 1000)
    }
    let palette = ColourPalette(histogram)
    #expect(palette.points.count == 4)
    let bytes = palette.bytes
    for colour in colours {
      let isThere = stride(from: 0, to: bytes.count, by: 3).contains { place in
        (0..<3).allSatisfy { abs(Int(bytes[place + $0]) - Int(colour[2 - $0])) <= 2 }
      }
      #expect(isThere, "\(colour)")
    }
  }
}
