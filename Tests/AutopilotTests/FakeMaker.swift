import Autopilot
import Campaigns
import Foundation
import Postgres
import Synchronization

/// Makes rows of files that nobody encoded, and fails where it is told to.
final class FakeMaker: RenditionMaking {
  struct Broken: Error, CustomStringConvertible { let description = "the encoder gave up" }

  private let database: Database
  private let broken: Set<String>
  private let calls = Mutex(0)

  /// - Parameter broken: names of versions that cannot be made.
  init(_ database: Database, broken: Set<String> = []) {
    self.database = database
    self.broken = broken
  }

  var made: Int { calls.withLock { $0 } }

  func make(
    variant: Identifier<Variant>, placement: String, in scope: CampaignScope, at moment: Date,
    progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void
  ) async throws -> Rendition {
    let name = try await VariantStore(database).find(variant, in: scope).name
    if broken.contains(name) { throw Broken() }
    progress(90, 180)
    let rendition = Rendition(
      campaign: scope.campaign, variant: variant, placement: placement,
      fileName: "\(variant)/\(placement).mp4",
      sha256: String(repeating: "ab", count: 32), width: 1080, height: 1920, durationMs: 6000,
      sizeBytes: 1000,
      engineVersion: "test", renderedAt: moment)
    try await RenditionStore(database).save(rendition)
    calls.withLock { $0 += 1 }
    return rendition
  }
}
