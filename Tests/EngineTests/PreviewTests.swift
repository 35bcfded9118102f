import Documents
import Foundation
import Synchronization
import Testing

@testable import Engine

@Suite struct PreviewTests {
  @Test func halvingKeepsShapesEvenAndCoversNoLess() {
    for placement in Fixtures.shapes + [
      Placement(id: "x", width: 1080, height: 1350, safeZone: .init(top: 7, left: 3))
    ] {
      let half = placement.halved
      #expect(half.width % 2 == 0 && half.height % 2 == 0)
      #expect(abs(half.width * 2 - placement.width) <= 2 && abs(half.height * 2 - placement.height) <= 2)
      #expect(
        half.safeZone.top * 2 >= placement.safeZone.top && half.safeZone.left * 2 >= placement.safeZone.left)
    }
    #expect(Fixtures.shapes[0].halved.width == 540)
  }

  @Test func aPreviewHasTheSameBytesEveryTimeAndSharesTheCacheWithoutHarm() async throws {
    try await Fixtures.withFolder { folder in
      let assets = try await Fixtures.assets(in: folder)
      let board = Fixtures.storyboard()
      let placement = Placement(id: "x", width: 360, height: 640)
      let cache = try SegmentCache(folder: folder.appending(path: "cache").path)
      func render(_ quality: RenderQuality, _ workers: Int, _ cache: SegmentCache?) async throws -> String {
        let info = try await Renderer(
          workers: workers, cache: cache, gate: Fixtures.openGate, quality: quality
        )
        .render(board, for: placement, assets: assets, to: folder.appending(path: "a.mp4").path)
        #expect(info.width == (quality == .preview ? 180 : 360))
        return info.sha256
      }
      let alone = try await render(.preview, 1, nil)
      let full = try await render(.full, 2, cache)
      for workers in 1...3 { #expect(try await render(.preview, workers, cache) == alone) }
      #expect(try await render(.full, 1, cache) == full && full != alone)
    }
  }

  @Test func aStillIsTheFramePaintedWithAllScenes() async throws {
    let folder = CompositionDocumentTests.folder
    let screenplay = try Screenplay(path: folder.appending(path: "reference.yaml").path)
    let assets = AssetResolver { folder.appending(path: $0).path }
    let placement = Placement(id: "x", width: 270, height: 480)
    let stage = try screenplay.stage(for: placement, assets: assets)
    let painter = try FramePainter(stage: stage)
    // In the first scene, in a transition, in the last frame.
    for number in [0, 60, 112, 335, 449] {
      _ = try painter.paint(number)
      let png = try await Renderer().still(
        of: screenplay, for: placement, assets: assets, at: .milliseconds((number * 1000 + 29) / 30))
      #expect(try png == painter.canvas.png(), "frame \(number)")
    }
  }

  @Test func filmsOfOneRendererShareItsDesks() async throws {
    let desks = Desks(2)
    let most = Counter()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<6 {
        group.addTask {
          try await RenderThread.run("desk \(number)") { flag in
            for _ in 0..<20 { try desks.take(flag) { most.pass() } }
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(most.highest <= 2 && most.passed == 120)
  }

  @Test func whoWaitsForADeskLeavesWhenCancelled() async throws {
    let desks = Desks(1)
    let outside = CancellationFlag()
    try desks.take(outside) {
      let flag = CancellationFlag()
      flag.set()
      #expect(throws: CancellationError.self) { try desks.take(flag) {} }
    }
  }
}

/// Counts who is inside at the same time.
private final class Counter: Sendable {
  private let state = Mutex((inside: 0, highest: 0, passed: 0))

  func pass() {
    state.withLock {
      $0.inside += 1
      $0.highest = max($0.highest, $0.inside)
    }
    sched_yield()
    state.withLock {
      $0.inside -= 1
      $0.passed += 1
    }
  }

  var highest: Int { state.withLock { $0.highest } }
  var passed: Int { state.withLock { $0.passed } }
}
