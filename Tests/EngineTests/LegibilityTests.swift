import CDrawing
import Testing

@testable import Engine

@Suite struct LegibilityTests {
  @Test func contrastIsThatOfTheRule() {
    // WCAG 2.2: black on white is 21; #767676 on white is the well-known 4.54.
    #expect(abs(Colour.black.contrast(with: .white) - 21) < 1e-9)
    #expect(abs((Colour("#767676") ?? .black).contrast(with: .white) - 4.54) < 0.01)
  }

  @Test func theVeilIsTheWeakestThatGivesContrast() {
    let grounds = [Colour.white]
    let veil = Ground.veil(.black, for: .white, on: grounds, goal: 4.5)
    func contrast(_ opacity: Double) -> Double {
      Colour.white.contrast(with: Colour.white.mixed(with: .black, opacity))
    }
    #expect(contrast(veil) >= 4.5 && contrast(veil - 0.05) < 4.5)
    #expect(Ground.veil(.black, for: .black, on: grounds, goal: 4.5) == 0)
  }

  @Test(arguments: ["#FFFFFF", "#000000", "#FFC145", "#7F7F7F", "#0B4A55", "#FF7E5F"])
  func wordsCanBeReadOnAnyColour(ground: String) throws {
    let colour = try #require(Colour(ground))
    let board = Storyboard(
      duration: .seconds(1), palette: Fixtures.palette,
      scenes: [
        Scene(
          duration: .seconds(1), background: .colour(.exact(colour)),
          layers: [
            .text(
              TextLayer(
                role: .legal, text: "MMMMMMMM", weight: .black, colour: .exact(colour), anchor: .centre,
                entrance: .none))
          ])
      ])
    let stage = try Stage(board, placement: Fixtures.shapes[1], assets: .none)
    let painter = try FramePainter(stage: stage)
    _ = try painter.paint(0)
    let stride = painter.canvas.stride
    let box = stage.inkBoxes[0][0]
    let pixels = painter.canvas.withPixels { p in
      (Int(box.y)..<Int(box.bottom)).flatMap { y in
        (Int(box.x)..<Int(box.right)).map { x in
          Colour(
            red: p[y * stride + x * 4 + 2], green: p[y * stride + x * 4 + 1], blue: p[y * stride + x * 4])
        }
      }
    }
    let luminances = try #require(pixels).map(\.luminance)
    let ratio = (try #require(luminances.max()) + 0.05) / (try #require(luminances.min()) + 0.05)
    #expect(ratio >= 4.4, "\(ground): \(ratio)")
  }
}
