import Campaigns
import Creative
import Engine
import Foundation
import Testing

@Suite struct StoryboardWriterTests {
  private func texts(_ storyboard: Storyboard) -> [String] {
    storyboard.scenes.flatMap(\.layers).compactMap { layer in
      switch layer {
      case .text(let text): text.text
      case .button(let button): button.text
      default: nil
      }
    }
  }

  @Test("Every version says what the brief and the law want, in its language", arguments: ["en", "fr"])
  func content(language: String) throws {
    let sample = try Sample()
    let brief = sample.folder.document.brief
    for layout in ["centred", "split", "overlay"] {
      for pace in ["calm", "steady", "brisk"] {
        let board = try sample.writer.storyboard(
          levels: sample.levels(["layout": layout, "pace": pace]), language: language)
        let said = texts(board)
        for wanted in [brief.proof, sample.folder.document.factors[0].levels[0].text ?? [:]] {
          #expect(said.contains(wanted[language] ?? "?"))
        }
        let legal = try #require(said.last)
        #expect(legal.contains(brief.legal[language] ?? "?"))
        #expect(legal.contains(sample.brand.document.legal[language] ?? "?"))
        #expect(legal.contains("CC BY 4.0"), "the photo's attribution must be printed")
        #expect(board.duration == .seconds(6))
        for placement in [Self.tall, Self.wide] { try board.check(for: placement) }
      }
    }
  }

  static let tall = Placement(id: "tall", width: 1080, height: 1920)
  static let wide = Placement(id: "wide", width: 1920, height: 1080)

  @Test(
    "Every factor changes the storyboard",
    arguments: [
      ("hook", "recipe"), ("headline", "speed"), ("pace", "brisk"), ("palette", "warm"),
      ("background", "kitchen"), ("music", "pulse"), ("layout", "overlay"), ("call_to_action", "how"),
    ])
  func everyFactor(factor: String, level: String) throws {
    let sample = try Sample()
    var first = try sample.writer.storyboard(levels: sample.levels(), language: "en")
    var second = try sample.writer.storyboard(levels: sample.levels([factor: level]), language: "en")
    // The seed follows from the levels; what is shown must differ without it.
    (first.seed, second.seed) = (1, 1)
    first.music?.seed = 1
    second.music?.seed = 1
    #expect(first != second)
  }

  @Test func `cuts fall on the beat and quick music cuts more often`() throws {
    let sample = try Sample()
    for (pace, beat) in [("calm", 750.0), ("steady", 600.0), ("brisk", 500.0)] {
      let board = try sample.writer.storyboard(levels: sample.levels(["pace": pace]), language: "en")
      var time = 0
      for scene in board.scenes {
        let beats = Double(time) / beat
        #expect(abs(beats - beats.rounded()) < 0.01, "\(pace): a cut at \(time) ms")
        time += scene.duration.milliseconds
      }
      #expect(board.scenes.count == (pace == "brisk" ? 4 : 3))
      #expect(board.scenes.allSatisfy { $0.duration >= .milliseconds(1000) })
    }
  }

  @Test func `the same levels give the same storyboard, which survives its JSON`() throws {
    let sample = try Sample()
    let board = try sample.writer.storyboard(levels: sample.levels(), language: "fr")
    #expect(try sample.writer.storyboard(levels: sample.levels(), language: "fr") == board)
    let data = try JSONEncoder().encode(board)
    #expect(try JSONDecoder().decode(Storyboard.self, from: data) == board)
  }

  @Test func `the button stands out from every palette's field`() throws {
    let sample = try Sample()
    for palette in ["deep", "fresh", "warm", "light"] {
      let board = try sample.writer.storyboard(levels: sample.levels(["palette": palette]), language: "en")
      let scene = try #require(board.scenes.last)
      let fill = scene.layers.compactMap { if case .button(let button) = $0 { button.fill } else { nil } }
        .first
      guard case .gradient(let gradient) = scene.background, let fill else {
        Issue.record("the end card has no field or no button")
        continue
      }
      #expect(colour(fill, board).contrast(with: colour(gradient.from, board)) >= 3, "\(palette)")
    }
  }

  private func colour(_ reference: ColourReference, _ board: Storyboard) -> Colour {
    switch reference {
    case .primary: board.palette.primary
    case .secondary: board.palette.secondary
    case .accent: board.palette.accent
    case .light: board.palette.light
    case .dark: board.palette.dark
    case .exact(let colour): colour
    }
  }

  @Test func `a level or a text that is not there is named`() throws {
    let sample = try Sample()
    #expect(throws: CreativeError.unknownLevel(factor: "hook", level: "gone")) {
      try sample.writer.storyboard(levels: sample.levels(["hook": "gone"]), language: "en")
    }
    #expect(throws: CreativeError.missingText(what: "the promise", language: "de")) {
      try sample.writer.storyboard(levels: sample.levels(), language: "de")
    }
  }

  @Test func `the words a campaign may use for music and layout are those the engine knows`() {
    #expect(FactorKind.music.content == .word(Music.Mood.allCases.map(\.rawValue)))
    #expect(FactorKind.layout.content == .word(["centred", "split", "overlay"]))
  }
}
