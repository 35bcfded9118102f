import Foundation

@testable import Engine

/// Renders the reference ad as the engine renders any other document: one process with one renderer's parts, for
/// one file or for a campaign of them.
struct ReferenceCampaign: Sendable {
  let assets: String
  let mood: Music.Mood
  let cache: SegmentCache?
  let desks: Desks
  private let sounds = SoundCache(settings: SoundSettings())

  init(assets: String, mood: Music.Mood, cacheFolder: String?, workers: Int?) throws {
    self.assets = assets
    self.mood = mood
    cache = try cacheFolder.map { folder throws(EngineError) in try SegmentCache(folder: folder) }
    desks = Desks(workers ?? ProcessInfo.processInfo.activeProcessorCount)
  }

  struct Film: Sendable {
    var width: Int
    var height: Int
    /// Changes the first scene's words.
    var version: Int
    var path: String
  }

  func render(_ film: Film) async throws -> (info: RenditionInfo, report: RenderReport) {
    let placement = Placement(
      id: "bench.\(film.width)x\(film.height)", width: film.width, height: film.height)
    let cuts = [4.0, 8, 11.5].map { Soundtrack.Cut(at: .seconds($0 - 0.5), isSoft: true) }
    let soundtrack = Soundtrack(
      duration: .seconds(15), cuts: cuts, music: .composed(Music(mood: mood, tempo: 120, seed: 15)))
    let order = RenderOrder(
      placement: placement, identity: ["reference ad", "\(film.version)"],
      soundIdentity: try sounds.identity(soundtrack),
      assetNames: ["sea-sunset.jpg", "city-dusk.jpg"], assets: AssetResolver { "\(assets)/\($0)" },
      soundAssets: [],
      film: { () throws(EngineError) in
        do {
          return try ReferenceAd(
            width: film.width, height: film.height, version: film.version, assets: assets
          ).film
        } catch {
          throw EngineError.libraryFailed(operation: "making the reference ad", reason: "\(error)")
        }
      },
      sound: { flag in try sounds.sound(for: soundtrack, placement: placement, assets: .none, flag) })
    return try await FilmRendering(
      order: order, path: film.path, subject: film.path, desks: desks, cache: cache, gate: Gate(),
      progress: { _, _ in }
    ).run()
  }

  /// Two at a time, as the service's workers do: a film whose last segment is being encoded leaves a core free.
  func render(_ films: [Film]) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (index, film) in films.enumerated() {
        if index >= 2 { try await group.next() }
        group.addTask { _ = try await render(film) }
      }
      try await group.waitForAll()
    }
  }
}
