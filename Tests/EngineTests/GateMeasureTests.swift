import Foundation
import Testing

@testable import Engine

/// The measurements under the gate's findings, against figures worked out by hand or by the standard's text.
@Suite struct GateMeasureTests {
  private func turns(_ values: [Float], change: Float = 0.1, darker: Float = 0.8) -> Int {
    var counter = TransitionCounter()
    return values.count { counter.take($0, change: change, darker: darker) }
  }

  @Test func transitionsAreCountedBetweenPeaksAndValleysOnly() {
    #expect(turns([0.2, 0.3, 0.2, 0.3]) == 3)
    #expect(turns([0.2, 0.29, 0.2, 0.29]) == 0)
    // A slow rise is one transition, however many frames it takes.
    #expect(turns((0...20).map { Float($0) * 0.04 }) == 1)
    // A rise with small dips in it too.
    #expect(turns([0.1, 0.2, 0.16, 0.3, 0.25, 0.5]) == 1)
    // The darker state lies at 0.8 or above.
    #expect(turns([0.85, 1, 0.85, 1]) == 0)
    #expect(turns([0.79, 1, 0.79, 1]) == 3)
  }

  @Test func theHistoryForgetsAfterASecond() {
    var history = TurnHistory()
    for frame in stride(from: 0, to: 30, by: 5) { _ = history.add(frame, window: 30) }
    #expect(history.count(at: 29, window: 30) == 6)
    #expect(history.first(at: 29, window: 30) == 0)
    #expect(history.count(at: 30, window: 30) == 5)
    #expect(history.first(at: 34, window: 30) == 5)
    #expect(history.count(at: 1000, window: 30) == 0)
  }

  @Test func redIsWhatTheStandardCallsRed() {
    func turns(_ colours: [SIMD3<Float>]) -> Int {
      var counter = RedCounter()
      return colours.count { counter.take($0, share: 0.8, least: 0.0625, distance: 0.2) }
    }
    let (red, black, grey, orange) = (
      SIMD3<Float>(1, 0, 0), SIMD3<Float>(0, 0, 0), SIMD3<Float>(0.2, 0.2, 0.2), SIMD3<Float>(1, 0.24, 0)
    )
    #expect(turns([red, grey, red, grey]) == 3)
    #expect(turns([red, black, red]) == 2)
    // Another red is no transition, nor is a colour next to it, nor a red too dark to be seen.
    #expect(turns([red, SIMD3(0.5, 0.05, 0), red]) == 0)
    #expect(turns([red, orange, red]) == 0)
    #expect(turns([SIMD3(0.05, 0, 0), black, SIMD3(0.05, 0, 0)]) == 0)
  }

  @Test func chromaticityIsThatOfTheTables() {
    // CIE 15: D65 has u' = 0.1978, v' = 0.4683; the red of BT.709 0.4507, 0.5229.
    let white = ColourModel.chromaticity(SIMD3(1, 1, 1))
    let red = ColourModel.chromaticity(SIMD3(1, 0, 0))
    #expect(abs(white.x - 0.1978) < 0.001 && abs(white.y - 0.4683) < 0.001)
    #expect(abs(red.x - 0.4507) < 0.001 && abs(red.y - 0.5229) < 0.001)
  }

  @Test func codedColoursComeBackAsLight() {
    let model = ColourModel(isFullRange: false, isBT601: false)
    #expect(abs(ColourModel.luminance(model.linear(235, 128, 128)) - 1) < 0.002)
    #expect(ColourModel.luminance(model.linear(16, 128, 128)) == 0)
    // BT.709: pure red is 63, 102, 240; its luminance 0.2126.
    let red = model.linear(63, 102, 240)
    #expect(abs(ColourModel.luminance(red) - 0.2126) < 0.01 && red.y < 0.01 && red.z < 0.01)
    let full = ColourModel(isFullRange: true, isBT601: true)
    #expect(abs(ColourModel.luminance(full.linear(255, 128, 128)) - 1) < 0.002)
  }

  @Test(arguments: [
    (1080, 1920, 32), (1920, 1080, 32), (270, 480, 8), (1080, 1080, 32), (2160, 3840, 64), (64, 64, 8),
  ])
  func cellsAreAboutAsManyInEverySize(width: Int, height: Int, side: Int) {
    let grid = CellGrid(width: width, height: height)
    #expect(grid.side == side && grid.columns == width / side && grid.rows == height / side)
  }

  @Test func readingTakesAsLongInScriptsWithoutSpaces() {
    #expect(ReadingTime.words(in: "Four words are here.") == 4)
    #expect(ReadingTime.words(in: "– now & then –") == 2)
    #expect(ReadingTime.words(in: "随时随地，畅享气泡") == 4)
    #expect(ReadingTime.words(in: "") == 0)
  }

  @Test func figuresAreWrittenShort() {
    #expect(Quantity.text(2) == "2" && Quantity.text(2.5) == "2.5" && Quantity.text(2.046) == "2.05")
    #expect(Quantity.text(-0.5) == "-0.5" && Quantity.text(-3) == "-3")
  }

  @Test func tapesOfSegmentsAreJoinedAndKept() throws {
    var randomness = SystemRandomNumberGenerator()
    let box = GateSubject.Box(x: 10.25, y: 20, width: 100, height: 30)
    func tape(_ count: Int) -> PictureTape {
      var tape = PictureTape(width: 270, height: 480)
      let cells = tape.grid.count
      func noise() -> [UInt8] { (0..<cells).map { _ in UInt8.random(in: 0...3, using: &randomness) / 3 } }
      for number in 0..<count {
        if number % 3 == 2, let last = tape.frames.last {
          tape.append(last)
        } else {
          tape.append(FrameCells(luma: noise(), blue: noise(), red: noise()))
        }
      }
      tape.append(TextReading(frame: count - 1, box: box, ink: .init(contrast: 4.75, share: 0.3)))
      return tape
    }
    let (first, second) = (tape(5), tape(4))
    let bytes = first.serialised()
    #expect(PictureTape(serialised: bytes) == first)
    #expect(PictureTape(serialised: PictureTape(width: 64, height: 64).serialised())?.frames.isEmpty == true)
    var joined = first
    joined.append(second)
    #expect(joined.frames == first.frames + second.frames)
    #expect(joined.readings.map(\.frame) == [4, 8])
    // What was cut off, added to or is something else is no tape; nothing of it crashes.
    for cut in stride(from: 0, to: bytes.count, by: 7) {
      #expect(PictureTape(serialised: Array(bytes.prefix(cut))) == nil)
    }
    #expect(PictureTape(serialised: bytes + [0]) == nil)
    for place in stride(from: 0, to: bytes.count, by: 11) {
      var broken = bytes
      broken[place] ^= 0xFF
      _ = PictureTape(serialised: broken)
    }
  }

  @Test func aFilmOfJoinedTapesIsJudgedAsOneRecordedWhole() async throws {
    try await Fixtures.withFolder { folder in
      let assets = try await Fixtures.assets(in: folder)
      let board = Fixtures.storyboard()
      let path = folder.appending(path: "a.mp4").path
      _ = try await Renderer().render(board, for: Fixtures.tall, assets: assets, to: path)
      let stage = try Stage(board, placement: Fixtures.tall, assets: assets)
      var subject = GateSubject(stage, placement: Fixtures.tall, hasSound: false)
      // Nobody can read words in their ground's own colour.
      subject.words[0].colour = .black
      let painter = try FramePainter(stage: stage)
      var whole = PictureRecorder(subject, rules: .standard)
      var parts = [0..<27, 27..<60].map { PictureRecorder(subject, rules: .standard, frames: $0) }
      for number in 0..<stage.timeline.frameCount {
        let planes = try #require(Planes(painter.planes(number).frame))
        whole.take(planes, isRepeat: false)
        parts[number < 27 ? 0 : 1].take(planes, isRepeat: false)
      }
      var joined = try #require(PictureTape(serialised: parts[0].tape.serialised()))
      joined.append(try #require(PictureTape(serialised: parts[1].tape.serialised())))
      #expect(joined.frames == whole.tape.frames)
      let reports = try [whole.tape, joined].map {
        try Gate().inspect(path, as: subject, tape: $0, CancellationFlag()).report.findings.map(\.kind)
      }
      #expect(reports[0] == reports[1])
    }
  }

  @Test func aTapeOfTheWrongFilmIsNoticed() async throws {
    try await Fixtures.withFolder { folder in
      let assets = try await Fixtures.assets(in: folder)
      var board = Fixtures.storyboard()
      let path = folder.appending(path: "a.mp4").path
      _ = try await Renderer().render(board, for: Fixtures.tall, assets: assets, to: path)
      board.palette.primary = Colour(red: 250, green: 240, blue: 40)
      board.scenes[0].background = .colour(.primary)
      let stage = try Stage(board, placement: Fixtures.tall, assets: assets)
      let subject = GateSubject(stage, placement: Fixtures.tall, hasSound: false)
      var recorder = PictureRecorder(subject, rules: .standard)
      let painter = try FramePainter(stage: stage)
      for number in 0..<stage.timeline.frameCount {
        recorder.take(try #require(Planes(painter.planes(number).frame)), isRepeat: false)
      }
      let report = try Gate().inspect(path, as: subject, tape: recorder.tape, CancellationFlag()).report
      #expect(report.findings.contains { $0.kind == .pictureForeign && $0.frames == 0..<1 })
    }
  }

  @Test func aFilmTheGateRefusesIsNotPublished() async throws {
    try await Fixtures.withFolder { folder in
      var rules = GateRules.standard
      // More contrast than there is between any two colours.
      rules.text.largeContrast = 21
      rules.text.contrast = 21
      rules.text.tolerance = 0
      let hello = try Fixtures.hello()
      let path = folder.appending(path: "a.mp4").path
      let error = await #expect(throws: EngineError.self) {
        try await Renderer(gate: Gate(rules: rules)).render(
          hello, for: Fixtures.tall, assets: .none, to: path)
      }
      let told = "\(try #require(error))"
      #expect(told.contains("is not published: text.contrast: \"") && told.contains("needs 21:1"))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }
  }
}
