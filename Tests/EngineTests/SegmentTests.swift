import Foundation
import Synchronization
import Testing

@testable import Engine

@Suite struct SegmentTests {
  private let small = Placement(id: "test.small", width: 96, height: 160)

  /// A storyboard that follows from a number.
  private func random(_ seed: Int, assets: [String] = ["photo", "logo"]) -> Storyboard {
    var numbers = KernelTests.Numbers(state: UInt64(seed) &* 977)
    func pick<T>(_ values: [T]) -> T { values[numbers.below(values.count)] }
    var scenes: [Scene] = []
    for index in 0..<1 + numbers.below(3) {
      let length = 300 + 33 * numbers.below(40)
      let background: Background = pick([
        .colour(.primary), .gradient(GradientBackground(from: .primary, to: .accent, glow: .secondary)),
        .gradient(GradientBackground(from: .light, to: .dark, angle: 33)),
        .photo(PhotoBackground(asset: "photo", to: .init(x: 0.6, y: 0.4, zoom: 1.3))),
      ])
      var layers: [Layer] = [
        .text(
          TextLayer(
            role: .headline, text: pick(["Now", "More of it", "Sunday"]), anchor: pick([.top, .centre]),
            entrance: Entrance(kind: pick(Entrance.Kind.allCases), delay: .milliseconds(50))))
      ]
      if numbers.below(2) == 0 { layers.append(.button(ButtonLayer(text: "Go", anchor: .bottom))) }
      if numbers.below(2) == 0 {
        layers.append(
          .image(ImageLayer(purpose: .product, asset: "logo", anchor: .bottom, size: 0.3, floats: true)))
      }
      let fade = index > 0 && numbers.below(2) == 0 ? Transition.crossfade(.milliseconds(200)) : .cut
      scenes.append(
        Scene(
          duration: .milliseconds(length), transition: fade, background: background, layers: layers))
    }
    return Storyboard(
      duration: scenes.reduce(.zero) { $0 + $1.duration }, seed: seed, palette: Fixtures.palette,
      scenes: scenes)
  }

  @Test func segmentsCoverEveryFilmInOrderAndNoneIsTooShortOrTooLong() {
    var numbers = KernelTests.Numbers(state: 1)
    for _ in 0..<500 {
      let count = 1 + numbers.below(900)
      let cuts = (0..<numbers.below(12)).map { _ in numbers.below(count + 1) } + [0, count]
      let segments = SegmentPlan.segments(cuts: cuts, frameCount: count)
      #expect(segments.first?.lowerBound == 0 && segments.last?.upperBound == count)
      #expect(zip(segments, segments.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
      #expect(segments.allSatisfy { $0.count >= min(SegmentPlan.shortest, count) })
      #expect(segments.allSatisfy { $0.count <= SegmentPlan.longest })
    }
    #expect(SegmentPlan.segments(cuts: [0], frameCount: 0).isEmpty)
  }

  @Test func joinedFilmsDecodeWithoutAnErrorFrameByFrameAndLookLikeWholeOnes() async throws {
    try await Fixtures.withFolder { folder in
      let assets = try await Fixtures.assets(in: folder)
      for seed in 1...4 {
        let board = random(seed)
        let path = folder.appending(path: "\(seed).mp4").path
        let (info, report) = try await Renderer(workers: 2, gate: Fixtures.openGate).explainedRender(
          board, for: small, assets: assets, to: path)
        #expect(report.wasJoined && info.frames == board.duration.frames)
        try FilmJudge.expectWhole(path, frames: info.frames, "seed \(seed)")
        let film = try Film(Stage(board, placement: small, assets: assets))
        try FilmJudge.expectLikeWhole(path, of: film, "seed \(seed)")
      }
    }
  }

  /// `RETAKE_COMPOSITIONS` asks for more; scripts/check-engine does, for 200.
  @Test func compositionsOfAnythingAtAllRenderToWholeFilms() async throws {
    let wanted = ProcessInfo.processInfo.environment["RETAKE_COMPOSITIONS"].flatMap { Int($0) } ?? 8
    let shapes = [small, Placement(id: "test.wide", width: 176, height: 96)]
    try await Fixtures.withFolder { folder in
      _ = try await Fixtures.assets(in: folder)
      let assets = AssetResolver(
        try FootageCompositionTests.makeClips(in: folder).merging(
          ["photo": "photo.png", "logo": "logo.svg"].mapValues { folder.appending(path: $0).path }
        ) { $1 })
      let cache = try SegmentCache(folder: folder.appending(path: "cache").path)
      for seed in 1...max(1, wanted) {
        let screenplay = try RandomComposition.screenplay(seed: seed)
        let shape = shapes[seed % 2]
        let path = folder.appending(path: "\(seed).mp4").path
        let renderer = Renderer(workers: 1 + seed % 4, cache: cache, gate: Fixtures.openGate)
        let info = try await renderer.render(screenplay, for: shape, assets: assets, to: path)
        #expect(info.frames == screenplay.duration.frames, "seed \(seed)")
        try FilmJudge.expectWhole(path, frames: info.frames, "seed \(seed)")
        let film = try Film(screenplay.stage(for: shape, assets: assets))
        try FilmJudge.expectLikeWhole(path, of: film, "seed \(seed)")
        let plain = try await Renderer(workers: 2, gate: Fixtures.openGate).render(
          screenplay, for: shape, assets: assets, to: path)
        #expect(plain.sha256 == info.sha256, "seed \(seed)")
        try FileManager.default.removeItem(atPath: path)
      }
    }
  }

  @Test func bytesDependNeitherOnWorkersNorOnTheCache() async throws {
    try await Fixtures.withFolder { folder in
      let assets = try await Fixtures.assets(in: folder)
      let board = Fixtures.storyboard(music: Music(mood: .warm, tempo: 100, seed: 4))
      let cache = try SegmentCache(folder: folder.appending(path: "cache").path)
      var sums: Set<String> = []
      for workers in 1...4 {
        for cache in [nil, cache, cache, nil, cache] {
          let path = folder.appending(path: "a.mp4").path
          sums.insert(
            try await Renderer(workers: workers, cache: cache, gate: Fixtures.openGate).render(
              board, for: small, assets: assets, to: path
            ).sha256)
        }
        // The list of segments gone, but not the segments.
        for name in try FileManager.default.contentsOfDirectory(atPath: cache.folder)
        where name.hasPrefix("film-") {
          try FileManager.default.removeItem(atPath: "\(cache.folder)/\(name)")
        }
      }
      #expect(sums.count == 1, "of twenty films")
    }
  }

  @Test func onlyWhatChangedIsEncodedAgainAndTheReportSaysWhy() async throws {
    try await Fixtures.withFolder { folder in
      let assets = try await Fixtures.assets(in: folder)
      let cache = try SegmentCache(folder: folder.appending(path: "cache").path)
      let renderer = Renderer(workers: 2, cache: cache, gate: Fixtures.openGate)
      let path = folder.appending(path: "a.mp4").path
      var board = Fixtures.storyboard()
      let first = try await renderer.explainedRender(board, for: small, assets: assets, to: path).report
      #expect(first.segments.allSatisfy { $0.origin == .encoded(.new) } && first.segments.count == 3)

      let told = Mutex<[Int]>([])
      let again = try await renderer.explainedRender(board, for: small, assets: assets, to: path) { done, _ in
        told.withLock { $0.append(done) }
      }.report
      #expect(again.wasKnown && again.segments.allSatisfy { $0.origin == .cached } && again.sound == .cached)
      #expect(told.withLock { $0 } == [60])

      // Another text in the last scene: the first scene stays, the fade and the last scene do not.
      if case .text(var text) = board.scenes[1].layers[4] {
        text.text = "Other terms apply."
        board.scenes[1].layers[4] = .text(text)
      }
      let changed = try await renderer.explainedRender(board, for: small, assets: assets, to: path).report
      #expect(changed.segments.map(\.origin).first == .cached && changed.sound == .cached)
      guard case .encoded(.changed(let change)) = changed.segments[2].origin else {
        Issue.record("\(changed.segments[2].origin)")
        return
      }
      #expect(change.pictures == 1 && !change.encoder && !change.length)
      #expect(changed.cachedFrames.all == 60 && changed.cachedFrames.cached == 27)
      #expect("\(changed.segments[2].origin)".contains("1 of "))

      // Other music: every segment stays.
      board.music = Music(mood: .bold, tempo: 120, seed: 1)
      let music = try await renderer.explainedRender(board, for: small, assets: assets, to: path).report
      #expect(music.segments.allSatisfy { $0.origin == .cached } && music.sound == .encoded(.new))
      let json = try JSONEncoder().encode(changed)
      #expect(try JSONDecoder().decode(RenderReport.self, from: json) == changed)
    }
  }

  @Test func sharedScenesAreSharedWhereverTheyStand() throws {
    let scenes = Fixtures.storyboard().scenes
    func names(_ order: [Int]) throws -> Set<String> {
      let board = Storyboard(
        duration: order.reduce(.zero) { $0 + scenes[$1].duration }, palette: Fixtures.palette,
        scenes: order.map {
          var scene = scenes[$0]
          scene.transition = .cut
          scene.background = .gradient(GradientBackground(from: .primary, to: .dark))
          scene.layers.removeAll { if case .image = $0 { true } else { false } }
          return scene
        })
      let film = try Film(Stage(board, placement: small, assets: .none))
      let namer = SegmentNamer(film, encoder: try EncoderSettings.segment.fingerprint())
      return Set(
        SegmentPlan.segments(cuts: film.cuts, frameCount: film.frames.count).map { namer.name($0).text })
    }
    #expect(try names([0, 1]) == names([1, 0]))
  }

  /// A field that shapes a picture and is not hashed would let an old segment stand for a new one.
  @Test func everyFieldOfAFrameIsPartOfItsSegmentsName() throws {
    func fields(_ value: Any) -> [String] { Mirror(reflecting: value).children.compactMap(\.label) }
    let mark = Frame.Mark(bitmap: 0, x: 0, y: 0)
    #expect(
      fields(mark) == [
        "bitmap", "moment", "x", "y", "scale", "opacity", "turn", "blend", "window", "mask", "blur",
        "procedure",
      ])
    #expect(fields(Frame.Mask(bitmap: 0, x: 0, y: 0)) == ["bitmap", "x", "y", "scale", "turn", "isInverted"])
    #expect(fields(Frame(marks: [])) == ["marks", "incoming", "mix", "passage", "over"])

    let bitmaps = try [3, 4].map { try Bitmap(width: $0, height: 3) }
    func name(_ frame: Frame) throws -> String {
      let film = try Film(width: 16, height: 16, frames: [frame], bitmaps: bitmaps, cuts: [0, 1])
      return SegmentNamer(film, encoder: try EncoderSettings.segment.fingerprint()).name(0..<1).text
    }
    var frames = [Frame(marks: [mark])]
    let changes: [(inout Frame.Mark) -> Void] = [
      { $0.bitmap = 1 }, { $0.x = 1 }, { $0.y = 1 }, { $0.scale = 2 }, { $0.opacity = 0.5 }, { $0.turn = 1 },
      { $0.blend = .screen }, { $0.window = Rectangle(x: 0, y: 0, width: 1, height: 1) },
      { $0.mask = Frame.Mask(bitmap: 1, x: 0, y: 0) }, { $0.mask = Frame.Mask(bitmap: 1, x: 1, y: 0) },
      { $0.blur = 2 }, { $0.procedure = .blur(radius: 2) }, { $0.procedure = .blur(radius: 3) },
    ]
    for change in changes {
      var other = mark
      change(&other)
      frames.append(Frame(marks: [other]))
    }
    frames += [
      Frame(marks: [mark], incoming: [mark]), Frame(marks: [mark], mix: 0.5),
      Frame(marks: [mark], passage: .zoom), Frame(marks: [mark], over: [mark]), Frame(marks: [mark, mark]),
      Frame(marks: [mark], passage: .luma(bitmap: 1, softness: 0)),
      Frame(marks: [mark], passage: .wipe(.left, softness: 0.1)),
    ]
    #expect(Set(try frames.map(name)).count == frames.count)
  }

  @Test func anEncodedStreamSurvivesItsJourneyToTheDisk() throws {
    var stream = EncodedStream(
      format: StreamFormat(
        kind: .h264, parameters: [1, 2, 3], width: 10, height: 20, profile: 100, level: 40))
    stream.bytes = [9, 8, 7, 6]
    stream.packets = [
      .init(shown: 0, decoded: -2, duration: 1, isKey: true, start: 0, count: 3),
      .init(shown: 1, decoded: -1, duration: 1, isKey: false, start: 3, count: 1),
    ]
    let bytes = stream.serialised()
    #expect(EncodedStream(serialised: bytes) == stream)
    for length in 0..<bytes.count { #expect(EncodedStream(serialised: Array(bytes[..<length])) == nil) }
  }
}
