import CDrawing
import Documents
import Foundation
import Testing

@testable import Engine

@Suite struct CompositionTextTests {
  /// The harshest margins platforms ask for, at half size: what fits there fits at full size.
  static let shapes = [
    Placement(
      id: "half.reels", width: 540, height: 960, safeZone: .init(top: 134, bottom: 336, left: 32, right: 60)),
    Placement(id: "half.square", width: 540, height: 540),
    Placement(id: "half.wide", width: 960, height: 540),
  ]

  private func stage(_ language: String, _ text: String, on placement: Placement) throws -> Stage {
    let code = language == "en-emoji" ? "en" : language
    let yaml = """
      schema: retake.composition/1
      language: \(code)
      scenes:
        - duration: 1s
          layers:
            - kind: stack
              anchor: start
              layers:
                - {kind: text, text: "\(text)", size: {min: 34, max: 120}}
                - {kind: text, text: "\(text)", size: {min: 26, max: 44}, weight: regular}
                - {kind: button, text: "\(LanguageCorpus.half(text))", size: {min: 22, max: 44}}
        - duration: 1s
          layers:
            - {kind: text, text: "\(text)", size: {min: 30, max: 90}, anchor: top-end, panel: {}, outline: {width: 4}}
            - {kind: captions, size: {min: 22, max: 48}, cues: [{from: 0s, until: 1s, text: "\(text)"}]}
      """
    let composition = try Composition(document: Document(text: yaml, name: "\(language).yaml"))
    return try Stage(composition, placement: placement, assets: .none)
  }

  @Test(arguments: LanguageCorpus.sentences.indices)
  func wordsStayInTheSafeZoneUnclippedInEveryLanguageShapeAndLength(index: Int) throws {
    let (language, text) = LanguageCorpus.sentences[index]
    for placement in Self.shapes {
      let safe = Canvas(placement).safe
      for (name, words) in [
        ("half", LanguageCorpus.half(text)), ("whole", text), ("double", text + " " + text),
      ] {
        let stage = try stage(language, words, on: placement)
        let boxes = stage.inkBoxes.flatMap(\.self)
        #expect(boxes.count == 5)
        let stack = stage.inkBoxes[0]
        #expect(
          zip(stack, stack.dropFirst()).allSatisfy { $0.bottom <= $1.y + 1 },
          "\(language) \(name) \(placement.id): layers overlap")
        for box in boxes {
          #expect(safe.contains(box, slack: 0.75), "\(language) \(name) \(placement.id): \(box) in \(safe)")
        }
        #expect(
          !stage.warnings.contains { $0.message.contains("outside") }, "\(language) \(name) \(placement.id)")
        for actor in stage.timeline.scenes.flatMap(\.actors).dropFirst() {
          guard case .bitmap(let placed) = actor.look, stage.bitmaps[placed.bitmap].hasAlpha else { continue }
          #expect(stage.bitmaps[placed.bitmap].hasClearEdge, "\(language) \(name) \(placement.id) is clipped")
        }
      }
    }
  }

  @Test(arguments: ["ar", "hi", "th", "ja", "en", "en-emoji"])
  func piecesPutTogetherAreTheWholeText(language: String) throws {
    let text = try #require(LanguageCorpus.sentences.first { $0.language == language }).text
    let typesetter = try Typesetter(
      fonts: Fonts(), language: language == "en-emoji" ? "en" : language, rightToLeft: language == "ar")
    let rich = RichText(runs: [.init(text: text, family: "Inter", weight: .bold)])
    let set = try typesetter.set(rich, size: 40, width: 500, alignment: .left)
    let whole = try shown(set, .line)
    for by in [Pieces.word, .letter] {
      #expect(set.pieces(by: by).count > set.lines.count)
      let parts = try shown(set, by)
      // Edges that two pieces share may round differently by a shade.
      #expect(Self.difference(whole, parts) < 0.004, "\(language) \(by)")
    }
  }

  @Test(arguments: [("zh-Hans", "SC"), ("zh-TW", "TC"), ("ja", "JP")])
  func hanCharactersTakeTheFormsOfTheirLanguage(language: String, form: String) throws {
    let typesetter = try Typesetter(fonts: Fonts(), language: language, rightToLeft: false)
    let rich = RichText(runs: [.init(text: "直骨", family: "Inter", weight: .bold)])
    let families = try typesetter.set(rich, size: 40, width: 500, alignment: .left).fontUse().families
    #expect(families.allSatisfy { $0.name.hasSuffix(" \(form)") }, "\(families)")
  }

  @Test func koreanWordsAreNotBrokenBetweenSyllables() throws {
    let typesetter = try Typesetter(fonts: Fonts(), language: "ko", rightToLeft: false)
    let rich = RichText(runs: [.init(text: "신선한 탄산수를 어디서나", family: "Inter", weight: .bold)])
    let set = try typesetter.set(rich, size: 40, width: 180, alignment: .left)
    #expect(set.lines.count == 3 && set.pieces(by: .word).count == 3)
  }

  @Test func piecesFollowEachOtherInReadingOrderFromTheRightInArabic() throws {
    let typesetter = try Typesetter(fonts: Fonts(), language: "ar", rightToLeft: true)
    let rich = RichText(runs: [.init(text: "فقاعات منعشة أينما كنتم", family: "Inter", weight: .bold)])
    let words = try typesetter.set(rich, size: 40, width: 2000, alignment: .right).pieces(by: .word)
    #expect(words.count == 4)
    #expect(zip(words, words.dropFirst()).allSatisfy { $0.box.x > $1.box.x })
  }

  @Test func aMissingFontIsNamedWithWhatStandsIn() throws {
    let yaml = """
      schema: retake.composition/1
      fonts: {headline: No Such Face}
      scenes: [{duration: 1s, layers: [{kind: text, text: Hello, size: 90}]}]
      """
    let composition = try Composition(document: Document(text: yaml, name: "font.yaml"))
    let stage = try Stage(composition, placement: Self.shapes[1], assets: .none)
    let told = stage.warnings.map(\.description).joined()
    #expect(told.contains("font.yaml:3:") && told.contains("scenes[0].layers[0]"))
    #expect(told.contains("\"No Such Face\" is not installed") && told.contains("stands in"))
  }

  @Test func aCharacterNoFontHasIsRefused() throws {
    let error = try #require(throws: EngineError.self) {
      try stage("en", "plane sixteen \u{10FFF0}", on: Self.shapes[1])
    }
    #expect(error.description.contains("no installed font can draw"))
  }

  private func shown(_ set: TypesetText, _ by: Pieces) throws -> Bitmap {
    let art = LayerArt(palette: Fixtures.palette, unit: 1)
    let block = TextBlock(
      runs: [], lettering: Lettering(font: "body", weight: .bold, tracking: 0),
      size: SizeRange(smallest: 10, largest: 10), lineHeight: 1, isUppercase: false)
    let result = try Bitmap(width: Int(set.width) + 20, height: Int(set.height) + 20)
    for piece in set.pieces(by: by) {
      let painted = try art.text(
        set, block, colour: .black, width: set.width, height: set.height, piece: piece)
      try result.draw { context in
        cairo_set_source_surface(
          context, painted.bitmap.surface, (painted.x + 10).rounded(), (painted.y + 10).rounded())
        cairo_paint(context)
      }
    }
    return result
  }

  /// The mean difference of two pictures' pixels, 0…1.
  static func difference(_ a: Bitmap, _ b: Bitmap) -> Double {
    var sum = 0
    _ = a.withPixels { first in
      b.withPixels { second in
        for index in 0..<(a.stride * a.height) { sum += abs(Int(first[index]) - Int(second[index])) }
      }
    }
    return Double(sum) / Double(a.stride * a.height * 255)
  }
}

extension Bitmap {
  /// True when no ink touches the outermost pixels, where it would have been cut.
  var hasClearEdge: Bool {
    let stride = stride
    return withPixels { pixels in
      for x in 0..<width where (pixels + x * 4)[3] != 0 || (pixels + (height - 1) * stride + x * 4)[3] != 0 {
        return false
      }
      for y in 0..<height
      where (pixels + y * stride)[3] != 0 || (pixels + y * stride + (width - 1) * 4)[3] != 0 {
        return false
      }
      return true
    } ?? false
  }
}
