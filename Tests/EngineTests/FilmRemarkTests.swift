import Documents
import Foundation
import Testing

@testable import Engine

@Suite struct FilmRemarkTests {
  private let small = Placement(id: "test.small", width: 128, height: 160)

  @Test func whatIsShownOtherwiseThanAskedIsToldAlsoWhenTheFilmIsTakenFromTheCache() async throws {
    try await Fixtures.withFolder { folder in
      let assets = try await Fixtures.assets(in: folder)
      let text = """
        schema: retake.composition/1
        fonts: {headline: No Such Family}
        scenes:
          - duration: 400ms
            layers:
              - {kind: text, text: Plain words}
        """
      let screenplay = try Screenplay(document: Document(text: text, name: "ad.yaml"))
      let cache = try SegmentCache(folder: folder.appending(path: "cache").path)
      let renderer = Renderer(workers: 1, cache: cache, gate: Fixtures.openGate)
      func remarks(_ name: String) async throws -> [String] {
        try await renderer.render(
          screenplay, for: small, assets: assets, to: folder.appending(path: name).path
        ).remarks
      }
      let first = try await remarks("a.mp4")
      #expect(first.count == 1 && first[0].hasPrefix("ad.yaml:6:"))
      #expect(first[0].contains("scenes[0].layers[0]") && first[0].contains("No Such Family"))
      let again = try await remarks("a.mp4")
      #expect(again.count == 1 && again[0].hasPrefix("scenes[0].layers[0]: "))
      #expect(again[0].contains("No Such Family"))
      #expect(try await remarks("a.gif") == first)
      #expect(try await remarks("a.png") == first)
    }
  }
}
