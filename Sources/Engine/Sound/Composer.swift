/// Music words -> sound: composed, played and brought to the loudness platforms expect. Pure: the same words
/// and length give the same samples.
enum Composer {
  /// Integrated loudness, the value most social platforms normalise to (EBU R 128 units).
  static let loudness = -14.0
  /// The highest sample, in dBFS; leaves the encoder room to stay below -1 dBTP.
  static let ceiling = -2.0

  /// - Parameter music: nil gives silence.
  static func sound(for music: Music?, duration: TimeSpan) -> StereoSound {
    let count = StereoSound.samples(frames: duration.frames)
    guard let music, count > 0 else { return StereoSound(count: count) }
    var band = Band(count: count)
    for note in Score(music, seconds: duration.seconds).notes { band.play(note) }
    var sound = band.mixed()
    Mastering.fade(&sound, in: 0.02, out: min(0.9, duration.seconds / 4))
    Mastering.level(&sound, to: loudness, ceiling: ceiling)
    return sound
  }
}
