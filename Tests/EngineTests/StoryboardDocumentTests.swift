import Documents
import Engine
import Foundation
import Testing

@Suite struct StoryboardDocumentTests {
  @Test func theExampleReadsAndMeetsEveryShape() throws {
    let hello = try Fixtures.hello()
    #expect(hello.duration == .seconds(6) && hello.scenes.count == 3)
    for shape in Fixtures.shapes { try hello.check(for: shape) }
  }

  @Test func jsonWrittenFromAStoryboardReadsBackEqualThroughBothDoors() throws {
    let board = Fixtures.storyboard(music: Music(mood: .warm, tempo: 96, seed: 4))
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    let json = try encoder.encode(board)
    #expect(try JSONDecoder().decode(Storyboard.self, from: json) == board)
    let text = String(decoding: json, as: UTF8.self)
    #expect(try Storyboard(document: Document(text: text, name: "board.json")) == board)
  }

  @Test func problemsNameLineKeyAndWhatIsAllowed() throws {
    let text = """
      schema: retake.storyboard/1
      duration: 5s
      palette: {primary: "#112233", secondary: red, accent: "#445566", dark: "#000000"}
      scenes:
        - duration: 2s
          background: {kind: foto, asset: a}
          layers:
            - {kind: text, role: headlin, text: Hi, anchor: center}
            - {kind: text, role: body, text: "", anchor: centre, colour: pink, sise: 3}
      """
    let error = try #require(throws: DocumentError.self) {
      try Storyboard(document: Document(text: text, name: "s.yaml"))
    }
    let told = error.description
    #expect(told.contains("s.yaml:2:11: duration: is 5s, but the scenes last 2s together"))
    #expect(told.contains(":3:42: palette.secondary: must be a colour like \"#1A2B3C\""))
    #expect(told.contains("scenes[0].background.kind: \"foto\" is not a known background"))
    #expect(
      told.contains("scenes[0].layers[0].role: \"headlin\"") && told.contains("did you mean \"headline\"?"))
    #expect(told.contains("did you mean \"centre\"?"))
    #expect(told.contains("scenes[0].layers[1].text: must not be empty"))
    #expect(told.contains("unknown key \"sise\""))
    #expect(told.contains("scenes[0].layers[1].colour: must be one of primary, secondary"))
  }

  @Test func theCatalogueShippedHoldsEveryShapeAndReadsWithoutAProblem() throws {
    let path = Fixtures.root.appending(path: "config/placements.yaml").path
    let catalogue = try PlacementCatalogue(path: path)
    #expect(Set(catalogue.ids).count == catalogue.ids.count)
    let sizes = Set(catalogue.placements.map { "\($0.width)x\($0.height)" })
    #expect(sizes.isSuperset(of: ["1080x1920", "1080x1080", "1080x1350", "1920x1080"]))
    for id in ["tiktok.infeed", "instagram.reels", "instagram.stories", "instagram.feed", "youtube.bumper"] {
      #expect(catalogue[id] != nil)
    }
    #expect(catalogue["youtube.bumper"]?.maximumDuration == .seconds(6))
    #expect(catalogue["tiktok.infeed"]?.safeZone == .init(top: 150, bottom: 538, left: 0, right: 162))
  }

  @Test func aPlacementWhoseMarginsMeetIsRefused() throws {
    let text = """
      schema: retake.placements/1
      placements:
        - {id: a, width: 101, height: 100, safe_zone: {top: 60, bottom: 50}}
      """
    let error = try #require(throws: DocumentError.self) {
      try PlacementCatalogue(document: Document(text: text, name: "p.yaml"))
    }
    #expect(error.description.contains("must be even") && error.description.contains("leaves no room"))
  }

  @Test func aStoryboardThatContradictsItselfOrThePlacementIsRefused() throws {
    var long = try Fixtures.hello()
    let bumper = Placement(id: "b", width: 192, height: 108, maximumDuration: .seconds(5))
    #expect(
      throws: EngineError.placementUnfit(
        placement: "b", reason: "it takes at most 5s, but the storyboard lasts 6s")
    ) {
      try long.check(for: bumper)
    }
    long.duration = .seconds(7)
    #expect(throws: EngineError.self) { try long.check(for: Fixtures.tall) }
    let vp9 = Placement(id: "v", width: 192, height: 108, codecs: ["vp9"])
    #expect(throws: EngineError.self) { try Fixtures.hello().check(for: vp9) }
  }
}
