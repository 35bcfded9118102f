import Cryptography
import Foundation
import Synchronization

/// The last few sounds made: every placement of a storyboard asks for the same one. Those who ask for a sound
/// that is just being made wait for it: both work on threads of their own.
final class SoundCache: Sendable {
  private struct Key: Hashable {
    var soundtrack: Soundtrack
    /// The recordings' content: a file may change under the same name.
    var recordings: [String]
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
  /// - Throws: `SoundError`, `EngineError`; `CancellationError`.
  func sound(
    for soundtrack: Soundtrack, placement: Placement, assets: AssetResolver, _ flag: CancellationFlag
  ) throws -> StereoSound {
    let goal = placement.rules.loudness ?? Composer.loudness
    return try mastered(soundtrack, assets: assets, flag: flag).sound.turned(by: goal - Composer.loudness)
  }

  /// Looks for everything a soundtrack needs, without making it.
  ///
  /// - Throws: `SoundError`, `EngineError.assetMissing`.
  func check(_ soundtrack: Soundtrack, assets: AssetResolver) throws {
    _ = try identity(soundtrack)
    if case .track(let track) = soundtrack.music {
      try TrackCutter(track, path: assets.path(of: track.asset)).check()
    }
    for (index, line) in soundtrack.voice.enumerated() {
      if let asset = line.asset {
        let path = try assets.path(of: asset)
        do throws(SoundDecoder.Fault) {
          _ = try SoundDecoder.decode(path, seconds: 1)
        } catch {
          throw SoundError.voiceUnreadable(line: index + 1, asset: asset, path: path, reason: error.reason)
        }
      } else if !ExternalProgram.isInstalled(composer.settings.voice.executable) {
        throw SoundError.voiceProgramMissing(program: composer.settings.voice.executable)
      }
    }
  }

  /// Everything a soundtrack's samples follow from besides the engine's version and its assets.
  ///
  /// - Throws: `SoundError` when the soundfont is missing.
  func identity(_ soundtrack: Soundtrack) throws -> [String] {
    // One silence differs from another by its length alone.
    guard soundtrack.hasSound else { return ["silence", "\(soundtrack.duration.milliseconds) ms"] }
    let json = JSONEncoder()
    json.outputFormatting = [.sortedKeys]
    var isComposed = false
    if case .composed = soundtrack.music { isComposed = true }
    return [
      String(decoding: try json.encode(soundtrack), as: UTF8.self),
      try composer.settings.fingerprint(soundFont: isComposed, voice: !soundtrack.voice.isEmpty),
    ]
  }

  /// With the packets it was encoded to, so that no file needs to encode it again.
  ///
  /// - Throws: `SoundError`, `EngineError.assetMissing`; `CancellationError`.
  func mastered(
    _ soundtrack: Soundtrack, assets: AssetResolver = .none, flag: CancellationFlag? = nil
  ) throws -> MasteredSound {
    let key = Key(
      soundtrack: soundtrack,
      recordings: try soundtrack.assets.map { asset in
        let path = try assets.path(of: asset)
        do {
          return try SHA256.hash(fileAt: path).hex
        } catch {
          throw EngineError.assetUnreadable(asset: asset, path: path, reason: "cannot be read")
        }
      })
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
