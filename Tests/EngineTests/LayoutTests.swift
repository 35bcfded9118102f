import Foundation
import Testing

@testable import Engine

@Suite struct LayoutTests {
  static let languages: [(code: String, text: String, long: String)] = [
    (
      "en", "Fresh fizz, wherever you are",
      "Sparkling water in thirty seconds from any tap, cold for a whole day"
    ),
    (
      "de", "Donaudampfschifffahrtsgesellschaft fährt",
      "Erfrischungsgetränkezubereitung ohne Plastikflaschen für unterwegs"
    ),
    (
      "fr", "Des bulles fraîches, où que vous soyez",
      "L’eau du robinet devient pétillante en un seul tour de main, partout"
    ),
    (
      "es", "¡Burbujas frescas estés donde estés!",
      "Agua con gas en treinta segundos, doce litros por recarga, fría todo el día"
    ),
    (
      "ru", "Свежие пузырьки где угодно",
      "Газированная вода из-под крана за тридцать секунд без пластиковых бутылок"
    ),
    (
      "el", "Δροσερές φυσαλίδες παντού",
      "Ανθρακούχο νερό από τη βρύση σε τριάντα δευτερόλεπτα όπου κι αν βρίσκεστε"
    ),
    ("ar", "فقاعات منعشة أينما كنت", "حوّل ماء الصنبور إلى ماء فوّار في ثلاثين ثانية فقط وفي أي مكان تريده"),
    ("he", "בועות טריות בכל מקום", "מים מוגזים מהברז תוך שלושים שניות, קרים לאורך כל היום"),
    ("hi", "हर जगह ताज़ा बुलबुले", "तीस सेकंड में नल का पानी चमचमाता हुआ पानी बन जाता है और दिन भर ठंडा रहता है"),
    ("th", "ฟองสดชื่นทุกที่ที่คุณไป", "เปลี่ยนน้ำประปาเป็นน้ำโซดาในสามสิบวินาทีและเย็นตลอดทั้งวัน"),
    ("ja", "どこでも、しゅわっと新鮮。", "水道水がたった三十秒で炭酸水に。十二リットル分のカートリッジで一日中冷たいまま。"),
    ("zh-Hans", "随时随地，畅享气泡", "三十秒把自来水变成气泡水，一次补充可制作十二升，全天保持冰凉。"),
    ("ko", "어디서나 신선한 탄산", "수돗물이 단 삼십 초 만에 탄산수로, 하루 종일 시원하게 즐기세요"),
    ("ta", "எங்கும் புத்துணர்ச்சி குமிழ்கள்", "முப்பது வினாடிகளில் குழாய் நீர் பளபளக்கும் நீராக மாறும்"),
    (
      "emoji", "Fizz 👩‍🚀🫧 anywhere ❤️‍🔥",
      "One twist 🔄, thirty seconds ⏱️, twelve litres 💧 and a family 👨‍👩‍👧‍👦 of happy people"
    ),
  ]

  private func board(_ text: String, _ long: String, _ language: String, _ arrangement: Scene.Arrangement)
    -> Storyboard
  {
    Storyboard(
      duration: .seconds(1), language: language, palette: Fixtures.palette,
      scenes: [
        Scene(
          duration: .seconds(1), background: .colour(.primary), arrangement: arrangement,
          layers: [
            .image(ImageLayer(purpose: .logo, asset: "logo", anchor: .topStart, size: 0.2)),
            .image(ImageLayer(purpose: .product, asset: "logo", anchor: .centre, size: 0.8)),
            .text(TextLayer(role: .eyebrow, text: text, anchor: .start)),
            .text(TextLayer(role: .headline, text: text, anchor: .start)),
            .text(TextLayer(role: .body, text: long, anchor: .start)),
            .button(ButtonLayer(text: String(text.prefix(16)), anchor: .start)),
            .text(TextLayer(role: .legal, text: long + " " + long, anchor: .bottom)),
          ])
      ])
  }

  @Test(arguments: languages.indices)
  func inkStaysInsideTheSafeZoneInEveryScriptShapeAndArrangement(index: Int) async throws {
    let (language, text, long) = Self.languages[index]
    try await Fixtures.withFolder { folder in
      let assets = try await Fixtures.assets(in: folder)
      for placement in Fixtures.shapes {
        for arrangement in Scene.Arrangement.allCases {
          let stage = try Stage(
            board(text, long, language, arrangement), placement: placement, assets: assets)
          let safe = Canvas(placement).safe
          let boxes = stage.inkBoxes.flatMap(\.self)
          #expect(boxes.count >= 6)
          for box in boxes {
            #expect(
              safe.contains(box, slack: 0.75), "\(language) \(placement.id) \(arrangement): \(box) in \(safe)"
            )
          }
        }
      }
    }
  }

  @Test func layersDoNotOverlapEachOther() async throws {
    try await Fixtures.withFolder { folder in
      let assets = try await Fixtures.assets(in: folder)
      for placement in Fixtures.shapes {
        for arrangement in Scene.Arrangement.allCases {
          let board = board(Self.languages[0].text, Self.languages[0].long, "en", arrangement)
          var builder = try StageBuilder(
            storyboard: board, placement: placement, canvas: Canvas(placement), assets: assets)
          let boxes = try builder.placed(board.scenes[0]).map(\.box)
          for (first, box) in boxes.enumerated() {
            for other in boxes[(first + 1)...] {
              let apart =
                box.right <= other.x + 1 || other.right <= box.x + 1 || box.bottom <= other.y + 1
                || other.bottom <= box.y + 1
              #expect(apart, "\(placement.id) \(arrangement): \(box) and \(other)")
            }
          }
        }
      }
    }
  }

  @Test func entrancesDoNotCarryWordsOutOfTheSafeZone() async throws {
    let placement = Fixtures.shapes[0]
    let safe = Canvas(placement).safe
    for kind in Entrance.Kind.allCases {
      for anchor in Anchor.allCases {
        let board = Storyboard(
          duration: .seconds(1), palette: Fixtures.palette,
          scenes: [
            Scene(
              duration: .seconds(1), background: .colour(.dark),
              layers: [
                .text(
                  TextLayer(
                    role: .headline, text: "Moving words", anchor: anchor, entrance: Entrance(kind: kind)))
              ])
          ])
        let stage = try Stage(board, placement: placement, assets: .none)
        for number in 0..<stage.timeline.frameCount {
          for mark in stage.timeline.frame(number).marks.dropFirst() where mark.scale <= 1 {
            let bitmap = stage.bitmaps[mark.bitmap]
            let box = Rectangle(
              x: mark.x, y: mark.y, width: Double(bitmap.width) * mark.scale,
              height: Double(bitmap.height) * mark.scale)
            #expect(safe.contains(box, slack: 3), "\(kind) \(anchor) frame \(number)")
          }
        }
      }
    }
  }

  @Test func textThatCannotFitIsRefusedWithItsSceneAndPlacement() throws {
    let board = Storyboard(
      duration: .seconds(1), palette: Fixtures.palette,
      scenes: [
        Scene(
          duration: .seconds(1), background: .colour(.dark),
          layers: [
            .text(
              TextLayer(
                role: .headline, text: String(repeating: "endless words ", count: 200), anchor: .centre))
          ])
      ])
    let error = try #require(throws: EngineError.self) {
      try Stage(board, placement: Fixtures.shapes[2], assets: .none)
    }
    #expect(error.description.contains("scene 1: \"endless words") && error.description.contains("test.wide"))
    #expect(error.description.contains("smallest size (48 px)"))
  }

  @Test func arabicLayoutsAreMirrored() throws {
    func x(_ language: String) throws -> Double {
      let board = Storyboard(
        duration: .seconds(1), language: language, palette: Fixtures.palette,
        scenes: [
          Scene(
            duration: .seconds(1), background: .colour(.dark),
            layers: [.text(TextLayer(role: .headline, text: "Hi", anchor: .start))])
        ])
      return try Stage(board, placement: Fixtures.shapes[1], assets: .none).inkBoxes[0][0].centreX
    }
    #expect(try x("en") < 540)
    #expect(try x("ar") > 540)
  }

  @Test func manyScriptsOnManyThreadsAreSetWithoutACrash() async throws {
    let board = Storyboard(
      duration: .seconds(1), palette: Fixtures.palette,
      scenes: [
        Scene(
          duration: .seconds(1), background: .colour(.dark),
          layers: [
            .text(
              TextLayer(
                role: .legal, text: Self.languages.map(\.text).joined(separator: " "), anchor: .centre))
          ])
      ])
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<12 {
        group.addTask {
          try await Renderer().check(board, for: Fixtures.shapes[number % 3], assets: .none)
        }
      }
      try await group.waitForAll()
    }
  }
}
