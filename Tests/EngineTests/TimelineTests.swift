import Testing

@testable import Engine

@Suite struct TimelineTests {
  private func timeline() -> Timeline {
    let sprite = Sprite(
      bitmap: 2, rest: Rectangle(x: 10, y: 20, width: 30, height: 40),
      entrance: Entrance(kind: .rise, delay: .milliseconds(200), duration: .milliseconds(500)), travel: 50)
    return Timeline(
      width: 100, height: 100,
      scenes: [
        .init(start: 0, end: 60, fade: 0, overlap: 12, ground: .still(bitmap: 0), sprites: [sprite]),
        .init(start: 60, end: 180, fade: 12, overlap: 0, ground: .still(bitmap: 1), sprites: []),
      ])
  }

  @Test func aFrameDependsOnItsNumberOnly() {
    let timeline = timeline()
    let forwards = (0..<180).map(timeline.frame)
    let backwards = (0..<180).reversed().map(timeline.frame)
    #expect(forwards == backwards.reversed())
    #expect(timeline.frameCount == 180)
  }

  @Test func aCrossfadeGrowsFromTheOldSceneToTheNewWithoutAStep() {
    let timeline = timeline()
    #expect(timeline.frame(59).incoming.isEmpty && timeline.frame(72).incoming.isEmpty)
    let mixes = (60..<72).map { timeline.frame($0).mix }
    #expect(mixes == mixes.sorted() && mixes[0] > 0 && mixes[11] < 1)
    #expect(timeline.frame(65).marks.first?.bitmap == 0 && timeline.frame(65).incoming.first?.bitmap == 1)
    #expect(timeline.frame(72).marks.first?.bitmap == 1)
  }

  @Test func aLayerRisesIntoItsPlaceAndRestsOnWholePixels() {
    let timeline = timeline()
    #expect(timeline.frame(6).marks.count == 1)
    let rising = timeline.frame(10).marks[1]
    #expect(rising.y > 20 && rising.opacity < 1 && rising.x == 10)
    #expect(timeline.frame(40).marks[1] == Frame.Mark(bitmap: 2, x: 10, y: 20))
  }

  @Test(arguments: [(0.0, 0.0), (1.0, 1.0), (0.5, 0.5), (0.2, 0.9)])
  func aMovingPhotoAlwaysCoversThePicture(x: Double, y: Double) {
    let photo = KenBurns(
      bitmap: 0, bitmapWidth: 1300, bitmapHeight: 1250, coverScale: 1920 / 1250,
      from: .init(x: x, y: y, zoom: 1), to: .init(x: 1 - x, y: y, zoom: 1.3))
    for step in 0...50 {
      let mark = photo.mark(progress: Double(step) / 50, width: 1080, height: 1920)
      #expect(mark.x <= 1e-6 && mark.y <= 1e-6)
      #expect(mark.x + 1300 * mark.scale >= 1080 - 1e-6 && mark.y + 1250 * mark.scale >= 1920 - 1e-6)
    }
  }

  @Test func unchangedFramesAreNotPaintedAgain() throws {
    let board = Storyboard(
      duration: .seconds(1), palette: Fixtures.palette,
      scenes: [
        Scene(
          duration: .seconds(1), background: .colour(.dark),
          layers: [.text(TextLayer(role: .headline, text: "Still", anchor: .centre, entrance: .none))])
      ])
    let painter = try FramePainter(stage: Stage(board, placement: Fixtures.tall, assets: .none))
    let painted = try (0..<30).map { try painter.paint($0) }
    #expect(painted == [true] + [Bool](repeating: false, count: 29))
  }

  @Test func paintingInOrderGivesWhatPaintingEachFrameAloneGives() async throws {
    try await Fixtures.withFolder { folder in
      let assets = try await Fixtures.assets(in: folder)
      let stage = try Stage(Fixtures.storyboard(), placement: Fixtures.tall, assets: assets)
      let running = try FramePainter(stage: stage)
      for number in 0..<stage.timeline.frameCount {
        _ = try running.paint(number)
        guard number % 7 == 0 || (27..<37).contains(number) else { continue }
        let alone = try FramePainter(stage: stage)
        _ = try alone.paint(number)
        #expect(try running.canvas.png() == alone.canvas.png(), "frame \(number)")
      }
    }
  }
}
