import Foundation
import Synchronization

/// The last few sounds made: every placement of a storyboard asks for the same one. Those who ask for a sound
/// that is just being made wait for it: both work on threads of their own.
final class SoundCache: Sendable {
  private struct Key: Hashable {
    var soundtrack: Soundtrack
    /// A file may change under the same id.
    var trackPath: String?
  }

  private final class Entry: Sendable {
    let sound = Mutex<MasteredSound?>(nil)
  }

  private let limit = 6
  private let composer: Composer
  private let kept = Mutex<[(key: Key, entry: Entry)]>([])

  init(settings: SoundSettings = SoundSettings()) { composer = Composer(settings: settings) }

  /// As loud as `placement` wants it.
  ///
  /// - Throws: `EngineError`, `libraryFailed` with the reason `SoundError` gives; `CancellationError`.
  func sound(
    for soundtrack: Soundtrack, placement: Placement, assets: AssetResolver, _ flag: CancellationFlag
  ) throws -> StereoSound {
    do {
      let goal = placement.rules.loudness ?? Composer.loudness
      return try mastered(soundtrack, assets: assets, flag: flag).sound.turned(by: goal - Composer.loudness)
    } catch let error as SoundError {
      throw EngineError.libraryFailed(operation: "making the sound", reason: "\(error)")
    }
  }

  /// Everything a soundtrack's samples follow from besides the engine's version and its assets.
  ///
  /// - Throws: `EngineError.libraryFailed` when the soundfont is missing.
  func identity(_ soundtrack: Soundtrack) throws -> [String] {
    guard soundtrack.music != nil || !soundtrack.voice.isEmpty else { return [] }
    let json = JSONEncoder()
    json.outputFormatting = [.sortedKeys]
    do {
      return [
        String(decoding: try json.encode(soundtrack), as: UTF8.self), try composer.settings.fingerprint(),
      ]
    } catch let error as SoundError {
      throw EngineError.libraryFailed(operation: "making the sound", reason: "\(error)")
    }
  }

  /// With the packets it was encoded to, so that no file needs to encode it again.
  ///
  /// - Throws: `SoundError`, `EngineError.assetMissing`; `CancellationError`.
  func mastered(
    _ soundtrack: Soundtrack, assets: AssetResolver = .none, flag: CancellationFlag? = nil
  ) throws -> MasteredSound {
    var key = Key(soundtrack: soundtrack)
    if case .track(let track) = soundtrack.music { key.trackPath = try assets.path(of: track.asset) }
    let entry = kept.withLock { list in
      let entry = list.first { $0.key == key }?.entry ?? Entry()
      list.removeAll { $0.key == key }
      list.insert((key, entry), at: 0)
      if list.count > limit { list.removeLast() }
      return entry
    }
    return try entry.sound.withLock { sound in
      if let sound { return sound }
      let made = try composer.mastered(soundtrack, assets: assets, flag: flag)
      sound = made
      return made
    }
  }
}
