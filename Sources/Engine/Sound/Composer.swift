/// A soundtrack -> sound: written or cut to length, spoken over, and brought to the loudness platforms
/// expect. The same soundtrack, assets and settings give the same samples.
struct Composer: Sendable {
  /// Integrated loudness in LUFS: what most social platforms normalise to.
  static let loudness = -14.0
  /// The highest true peak after decoding, in dBTP.
  static let peak = -1.0
  /// Before the last step: the voice stands a little over the music.
  private static let musicLoudness = -16.0
  private static let voiceLoudness = -15.0

  let settings: SoundSettings

  init(settings: SoundSettings = SoundSettings()) { self.settings = settings }

  /// - Throws: `SoundError`, `EngineError.assetMissing`; `CancellationError` when `flag` is set.
  func sound(
    for soundtrack: Soundtrack, assets: AssetResolver = .none, flag: CancellationFlag? = nil
  ) throws -> StereoSound {
    try mastered(soundtrack, assets: assets, flag: flag).sound
  }

  /// - Throws: `SoundError`, `EngineError.assetMissing`; `CancellationError` when `flag` is set.
  func mastered(
    _ soundtrack: Soundtrack, assets: AssetResolver = .none, flag: CancellationFlag? = nil
  ) throws -> MasteredSound {
    let mix = try mix(soundtrack, assets: assets, flag: flag)
    try flag?.check()
    return try Mastering.master(
      mix, to: Self.loudness, peak: Self.peak, rounds: settings.isDraft ? 1 : 5)
  }

  /// Everything, not yet mastered.
  func mix(_ soundtrack: Soundtrack, assets: AssetResolver, flag: CancellationFlag?) throws -> StereoSound {
    // Before the music, which takes longer: a text too long is told at once.
    let spoken = try VoiceOver(program: settings.voice).spoken(soundtrack, assets: assets, flag: flag)
    try flag?.check()
    var sound = try music(soundtrack, assets: assets)
    if !spoken.isEmpty || !soundtrack.clips.isEmpty {
      var gain = 0.0
      if case .track(let track) = soundtrack.music { gain = track.gain }
      try Loudness.bring(&sound, to: Self.musicLoudness + gain)
    }
    for clip in soundtrack.clips {
      try flag?.check()
      try clip.add(to: &sound, assets: assets)
    }
    if !spoken.isEmpty {
      var voice = StereoSound(count: sound.count)
      for part in spoken { voice.add(part.sound, at: part.start) }
      try Loudness.bring(&voice, to: Self.voiceLoudness)
      Ducking(decibels: settings.duckingDecibels).apply(to: &sound, under: voice)
      sound.add(voice)
    }
    return sound
  }

  private func music(_ soundtrack: Soundtrack, assets: AssetResolver) throws -> StereoSound {
    let count = soundtrack.duration.samples
    guard count > 0, let source = soundtrack.music else { return StereoSound(count: max(0, count)) }
    switch source {
    case .composed(let music):
      let length = soundtrack.duration.frames
      let cuts = soundtrack.cuts.filter { $0.at.frames > 0 && $0.at.frames < length }
      let score = Arranger(music, cuts: cuts, duration: soundtrack.duration).score
      var sound = try Synthesiser(soundFont: settings.soundFont, isDraft: settings.isDraft).play(
        score, count: count)
      Fade.apply(to: &sound, in: 0.002, out: min(0.7, soundtrack.duration.seconds / 6))
      return sound
    case .track(let track):
      return try TrackCutter(track, path: assets.path(of: track.asset)).cut(to: count)
    }
  }
}
