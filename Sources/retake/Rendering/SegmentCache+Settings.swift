import Engine
import Foundation

extension SegmentCache {
  /// The cache in the data folder, shared by all processes that use it; nil where the settings want none, or where it
  /// cannot be: then rendering takes longer, and that is all.
  static func open(_ settings: Settings, warn: (String) -> Void) -> SegmentCache? {
    guard settings.engine.cacheBytes > 0 else { return nil }
    let folder = settings.dataFolder.appending(path: "cache/segments").path
    do throws(EngineError) {
      return try SegmentCache(folder: folder, limitBytes: settings.engine.cacheBytes)
    } catch {
      warn("nothing is kept for the next rendering: \(error)")
      return nil
    }
  }
}
