import CDrawing
import Documents
import Foundation
import Testing

@testable import Engine

@Suite struct CompositionStageTests {
  private static let small = Placement(id: "small", width: 180, height: 320)

  private func stage(
    _ yaml: String, on placement: Placement = small, assets: AssetResolver = .none
  ) throws -> Stage {
    try Stage(CompositionDocumentTests.read(yaml), placement: placement, assets: assets)
  }

  private func refusal(_ yaml: String, assets: AssetResolver = .none) throws -> String {
    try #require(throws: EngineError.self) { try stage(yaml, assets: assets) }.description
  }

  @Test func everyFrameIsTheSameHoweverItIsReached() throws {
    let folder = CompositionDocumentTests.folder
    let composition = try Composition(document: Document(path: folder.appending(path: "showcase.yaml").path))
    let assets = AssetResolver { folder.appending(path: $0).path }
    let placement = Placement(id: "tiny", width: 90, height: 160)
    let first = try Stage(composition, placement: placement, assets: assets)
    let second = try Stage(composition, placement: placement, assets: assets)
    let running = try FramePainter(stage: first)
    for number in 0..<first.timeline.frameCount {
      _ = try running.paint(number)
      guard number % 37 == 5 else { continue }
      let alone = try FramePainter(stage: second)
      _ = try alone.paint(number)
      #expect(try running.canvas.png() == alone.canvas.png(), "frame \(number)")
    }
  }

  @Test func aCompositionBecomesAFileOfItsLength() async throws {
    let composition = try CompositionDocumentTests.read(
      """
      schema: retake.composition/1
      scenes:
        - {duration: 500ms, background: {kind: mesh, colours: [accent]}, layers: [{kind: text, text: Hi, size: 200}]}
        - {duration: 500ms, transition: {kind: wipe, duration: 200ms}}
      """)
    let other = try CompositionDocumentTests.read(
      "# moved by a line\nschema: retake.composition/1\nscenes: [{duration: 1s}]")
    #expect(composition.identity != other.identity)
    #expect(
      try other.identity
        == CompositionDocumentTests.read("schema: retake.composition/1\nscenes: [{duration: 1s}]").identity)
    try await Fixtures.withFolder { folder in
      let path = folder.appending(path: "ad.mp4").path
      let info = try await Renderer(gate: Fixtures.openGate).render(
        .composition(composition), for: Self.small, assets: .none, to: path)
      #expect(info.frames == 30)
      let told = try Fixtures.run(
        "ffprobe",
        ["-v", "error", "-count_frames", "-show_entries", "stream=nb_read_frames,codec_name", path])
      #expect(told.output.contains("nb_read_frames=30") && told.output.contains("codec_name=aac"))
    }
  }

  @Test func aTransitionShowsTheOldSceneBeforeItAndTheNewOneAfterIt() throws {
    for kind in TransitionChoice.names where kind != "cut" {
      let stage = try stage(
        """
        schema: retake.composition/1
        scenes:
          - {duration: 1s, background: {kind: colour, colour: "#FF0000"}}
          - {duration: 1s, background: {kind: colour, colour: "#0000FF"}, transition: {kind: \(kind), duration: 400ms}}
        """)
      let painter = try FramePainter(stage: stage)
      func middle(_ frame: Int) throws -> (red: UInt8, blue: UInt8) {
        _ = try painter.paint(frame)
        let stride = painter.canvas.stride
        let found = painter.canvas.withPixels { pixels in
          let pixel = pixels + 160 * stride + 90 * 4
          return (red: pixel[2], blue: pixel[0])
        }
        return found ?? (0, 0)
      }
      #expect(try middle(29) == (255, 0), "\(kind)")
      #expect(try middle(42) == (0, 255), "\(kind)")
      #expect(stage.timeline.frame(36).incoming.count == 1)
    }
  }

  @Test func layersStandWhereTheirAnchorsSayInEveryShape() throws {
    let yaml = CompositionDocumentTests.scene(
      """
      - {kind: shape, fill: light, width: 100, height: 60, anchor: bottom-end, x: -20, y: -30}
      - {kind: shape, fill: light, width: 50%, height: 10%, zone: picture, anchor: top, shapes: {wide: {width: 20%}}}
      """)
    for (width, height) in [(1080, 1920), (1920, 1080)] {
      let placement = Placement(
        id: "p", width: width, height: height, safeZone: .init(top: 10, bottom: 300, left: 0, right: 120))
      let actors = try stage(yaml, on: placement).timeline.scenes[0].actors
      let content = Canvas(placement).content
      #expect(abs(actors[1].rest.right - (content.right - 20)) <= 1)
      #expect(abs(actors[1].rest.bottom - (content.bottom - 30)) <= 1)
      #expect(actors[2].rest.y == 0 && abs(actors[2].rest.centreX - Double(width) / 2) <= 1)
      #expect(abs(actors[2].rest.width - Double(width) * (width > height ? 0.2 : 0.5)) <= 1)
    }
  }

  @Test func aStackShrinksUntilItFitsAndRefusesWhatNeverWill() throws {
    func yaml(_ count: Int, smallest: Int = 30) -> String {
      CompositionDocumentTests.scene(
        """
        - kind: stack
          layers:
            - {kind: text, text: "\(String(repeating: "many words ", count: count))", size: {min: \(smallest), max: 120}}
            - {kind: button, text: Go}
        """)
    }
    let few = try stage(yaml(1)).inkBoxes[0]
    let many = try stage(yaml(20)).inkBoxes[0]
    #expect(many[0].height > few[0].height && Canvas(Self.small).safe.contains(many[1]))
    #expect(many[0].bottom <= many[1].y)
    let told = try refusal(yaml(170, smallest: 80))
    #expect(
      told.contains("ad.yaml:6:9: scenes[0].layers[0]: \"many words")
        && told.contains("does not fit in small"))
  }

  @Test func picturesThatAreMissingTinyOrHugeAreToldWithTheirLayer() async throws {
    try await Fixtures.withFolder { folder in
      func png(_ width: Int, _ height: Int) throws -> String {
        let path = folder.appending(path: "\(width)x\(height).png")
        try Data(Bitmap(width: width, height: height).png()).write(to: path)
        return path.path
      }
      // A header alone says the size; no memory is taken for the pixels.
      var huge = try Data(contentsOf: URL(fileURLWithPath: png(1, 1)))
      huge.replaceSubrange(16..<24, with: [0, 0, 0x4E, 0x20, 0, 0, 0x4E, 0x20])
      let hugePath = folder.appending(path: "huge.png")
      try huge.write(to: hugePath)
      let assets = AssetResolver(["dot": try png(1, 1), "huge": hugePath.path])
      let layer = "- {kind: image, asset: NAME, width: 600, height: 600}"
      func yaml(_ name: String) -> String {
        CompositionDocumentTests.scene(layer.replacing("NAME", with: name))
      }
      let warnings = try stage(yaml("dot"), assets: assets).warnings
      #expect(warnings.first?.description.contains("layers[0]: asset \"dot\" has 1x1 pixels") == true)
      #expect(
        try refusal(yaml("huge"), assets: assets).contains("ad.yaml:6:9: scenes[0].layers[0]: asset \"huge\"")
      )
      #expect(try refusal(yaml("gone"), assets: assets).contains("no file is known under this id"))
    }
  }

  @Test func aLayerUsedAsAMaskIsHiddenAndMovesTheMask() throws {
    let stage = try stage(
      CompositionDocumentTests.scene(
        """
        - {kind: shape, id: hole, shape: ellipse, fill: light, width: 400, height: 400, move_x: {keys: [{at: 0s, value: 0}, {at: 1s, value: 300, easing: linear}]}}
        - {kind: colour, colour: "#FF0000", mask: {layer: hole}}
        """))
    let (first, last) = (stage.timeline.frame(0).marks, stage.timeline.frame(15).marks)
    #expect(first.count == 2 && last.count == 2)
    let (before, after) = (try #require(first[1].mask), try #require(last[1].mask))
    #expect(abs(after.x - before.x - 150 * 180 / 1080) < 0.6)
  }

  @Test func wordsWithoutAColourReadOnTheirBackground() throws {
    func red(_ background: String) throws -> UInt8 {
      let stage = try stage(
        CompositionDocumentTests.scene("- {kind: text, text: IIIIII, size: 200}", background: background))
      let painter = try FramePainter(stage: stage)
      _ = try painter.paint(0)
      let box = stage.inkBoxes[0][0]
      let stride = painter.canvas.stride
      var found: [UInt8] = []
      _ = painter.canvas.withPixels { pixels in
        for x in Int(box.x)..<Int(box.right) { found.append((pixels + Int(box.centreY) * stride + x * 4)[2]) }
      }
      return background.contains("FFFFFF") ? found.min() ?? 0 : found.max() ?? 0
    }
    #expect(try red("{kind: colour, colour: \"#000000\"}") > 240)
    #expect(try red("{kind: colour, colour: \"#FFFFFF\"}") < 40)
  }

  @Test func aGradientHasNoStepLargerThanOneShade() throws {
    let stage = try stage(
      CompositionDocumentTests.scene(
        "", background: "{kind: gradient, from: \"#101820\", to: \"#182028\", angle: 0}"
      )
      .replacing("    layers:", with: ""), on: Placement(id: "w", width: 640, height: 64))
    let painter = try FramePainter(stage: stage)
    _ = try painter.paint(0)
    let stride = painter.canvas.stride
    var columns = [Double](repeating: 0, count: 640)
    _ = painter.canvas.withPixels { pixels in
      for x in 0..<640 {
        var sum = 0
        for y in 0..<64 { sum += Int(pixels[y * stride + x * 4 + 2]) }
        columns[x] = Double(sum) / 64
      }
    }
    // Means over 8 columns climb evenly, without the plateaus that eight bits alone would have.
    let means = stride8(columns)
    #expect(zip(means, means.dropFirst()).allSatisfy { $1 >= $0 && $1 - $0 < 0.25 })
    #expect(means.last.map { $0 - means[0] > 7.5 } == true)
  }

  private func stride8(_ values: [Double]) -> [Double] {
    stride(from: 0, to: values.count, by: 8).map { values[$0..<$0 + 8].reduce(0, +) / 8 }
  }
}
