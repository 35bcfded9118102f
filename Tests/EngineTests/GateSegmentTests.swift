import Foundation
import Testing

@testable import Engine

/// The gate over films that are put together from kept segments.
@Suite struct GateSegmentTests {
  private static func record(_ cache: SegmentCache) throws -> (name: String, record: FilmRecord) {
    let file = try #require(
      try FileManager.default.contentsOfDirectory(atPath: cache.folder).first { $0.hasPrefix("film-") })
    let name = String(file.dropLast(4))
    return (name, try #require(FilmRecord.read(name, from: cache)))
  }

  @Test func aFilmThatPassedIsNotLookedAtAgainUntilItsBytesOrTheRulesChange() async throws {
    try await Fixtures.withFolder { folder in
      let cache = try SegmentCache(folder: folder.appending(path: "cache").path)
      let hello = try Fixtures.hello()
      let path = folder.appending(path: "a.mp4").path
      func render(_ rules: GateRules = .standard) async throws -> RenditionInfo {
        try await Renderer(workers: 1, cache: cache, gate: Gate(rules: rules)).render(
          hello, for: Fixtures.tall, assets: .none, to: path)
      }
      let first = try await render()
      let kept = try Self.record(cache)
      let name = kept.name
      var record = kept.record
      let verdict = try #require(record.verdict)
      #expect(verdict.sha256 == first.sha256 && verdict.rules == GateRules.standard.fingerprint)

      // A mark in the verdict comes back only where nobody looked again.
      let mark = Finding(kind: .textHurried, severity: .warning, message: "as it was kept")
      record.verdict?.warnings = [mark]
      record.write(name, to: cache)
      #expect(try await render().warnings == [mark])

      record.verdict?.sha256 = "other bytes"
      record.write(name, to: cache)
      #expect(try await render().warnings == first.warnings)

      var strict = GateRules.standard
      strict.text.largeContrast = 21
      strict.text.contrast = 21
      strict.text.tolerance = 0
      await #expect(throws: EngineError.self) { try await render(strict) }
    }
  }

  @Test func aFilmFromKeptSegmentsIsJudgedLikeOneJustEncodedWithTheirTapesOrWithout() async throws {
    try await Fixtures.withFolder { folder in
      let cache = try SegmentCache(folder: folder.appending(path: "cache").path)
      let path = folder.appending(path: "a.mp4").path
      let hello = try Fixtures.hello()
      var strict = GateRules.standard
      strict.text.largeContrast = 21
      strict.text.contrast = 21
      strict.text.tolerance = 0
      func told(_ cache: SegmentCache?) async throws -> [Finding] {
        do {
          _ = try await Renderer(workers: 1, cache: cache, gate: Gate(rules: strict)).render(
            hello, for: Fixtures.tall, assets: .none, to: path)
          return []
        } catch EngineError.gateClosed(_, let findings) {
          return findings
        }
      }
      let plain = try await told(nil)
      #expect(!plain.isEmpty)
      #expect(try await told(cache) == plain)
      // Segments and tapes from the cache.
      #expect(try await told(cache) == plain)
      for name in try FileManager.default.contentsOfDirectory(atPath: cache.folder)
      where name.hasPrefix("tape-") {
        try FileManager.default.removeItem(atPath: "\(cache.folder)/\(name)")
      }
      // Decoded whole: the same words, measured after coding.
      #expect(try await told(cache).map(\.kind) == plain.map(\.kind))
    }
  }

  @Test func aCompositionsWordsAreToldWithTheirColoursAndTimes() throws {
    let composition = try CompositionDocumentTests.read(
      """
      schema: retake.composition/1
      scenes:
        - duration: 2s
          background: {kind: colour, colour: dark}
          layers:
            - {kind: text, text: Plain words, size: 60, colour: light}
            - {kind: badge, text: New, size: 120, fill: light, y: -200}
        - duration: 2s
          transition: {kind: crossfade, duration: 400ms}
          background: {kind: colour, colour: dark}
          layers:
            - {kind: text, id: shape, text: Cut out, size: 90}
            - {kind: shape, shape: rectangle, fill: accent, width: 400, height: 200, mask: {layer: shape}}
            - {kind: text, text: Turns, size: 60, rotation: {keys: [{at: 0s, value: 0}, {at: 1s, value: 30}]}}
      """)
    let placement = Placement(id: "tall", width: 540, height: 960)
    let stage = try Stage(composition, placement: placement, assets: .none)
    let subject = GateSubject(stage, placement: placement, hasSound: false)
    #expect(subject.words.map(\.text) == ["Plain words", "New", "Turns"])
    #expect(subject.words[0].colour == composition.palette.light && subject.words[0].lines.count == 1)
    #expect(subject.words[0].shown.upperBound == 66 && subject.words[0].steady.upperBound == 60)
    #expect(subject.words[2].lines.isEmpty && subject.words[2].shown.lowerBound >= 66)
  }
}
