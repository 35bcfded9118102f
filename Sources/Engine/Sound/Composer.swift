enum Composer {
  static func sound(for music: Music?, duration: TimeSpan) -> StereoSound {
    StereoSound(count: StereoSound.samples(frames: duration.frames))
  }
}
