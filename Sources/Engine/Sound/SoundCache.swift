import Synchronization

/// The last few sounds composed: every placement of a storyboard asks for the same one.
final class SoundCache: Sendable {
  private struct Key: Hashable {
    var music: Music?
    var duration: TimeSpan
  }

  private let limit = 6
  private let kept = Mutex<[(key: Key, sound: StereoSound)]>([])

  func sound(for storyboard: Storyboard) -> StereoSound {
    let key = Key(music: storyboard.music, duration: storyboard.duration)
    if let known = kept.withLock({ list in list.first { $0.key == key }?.sound }) { return known }
    let made = Composer.sound(for: storyboard.music, duration: storyboard.duration)
    kept.withLock { list in
      list.removeAll { $0.key == key }
      list.insert((key, made), at: 0)
      if list.count > limit { list.removeLast() }
    }
    return made
  }
}
