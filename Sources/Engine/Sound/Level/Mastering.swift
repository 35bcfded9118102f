/// The last step over a finished mix: as loud as asked for and not above the peak, measured as a listener's
/// player will decode it.
enum Mastering {
  /// The mix is limited this far below the peak allowed at first: what the decoder of a lossy codec puts
  /// between samples and beside them.
  private static let headroom = 1.0
  /// How near to the target is near enough, in LU; platforms' own meters differ by more.
  private static let nearness = 0.15
  /// Kept below the peak allowed, in dB: meters oversample differently.
  private static let margin = 0.15

  /// - Parameters:
  ///   - target: LUFS. Silence, and sound too short to have a loudness, stays as it is but for the peak.
  ///   - peak: dBTP after decoding.
  ///   - rounds: how often it may be done again to come nearer; 1 is enough for a draft.
  static func master(
    _ mix: StereoSound, to target: Double, peak: Double, rounds: Int = 5
  ) throws(SoundError) -> MasteredSound {
    let loudness = mix.count > 0 ? try Loudness(of: mix).integrated : -.infinity
    guard loudness.isFinite else {
      let quiet = Limiter.limited(mix, gain: 1, ceiling: gain(decibels: peak - headroom))
      return MasteredSound(sound: quiet, encoded: try EncodedSound(quiet), decoded: nil)
    }
    var ceiling = peak - headroom
    var goal = target
    // Two rounds are common; a sound that would need more is taken at its best, and the peak goes first.
    var best: MasteredSound?
    for _ in 0..<rounds {
      let sound = try levelled(mix, from: loudness, to: goal, ceiling: ceiling)
      let encoded = try EncodedSound(sound)
      let decoded = try Loudness(of: try encoded.decoded(), truePeak: true)
      best = MasteredSound(sound: sound, encoded: encoded, decoded: decoded)
      let over = (decoded.truePeak ?? -.infinity) - (peak - margin)
      let missing = target - decoded.integrated
      if over <= 0, abs(missing) <= 0.3 { break }
      if over > 0 { ceiling -= over + 0.1 }
      if abs(missing) > 0.1 { goal += missing }
    }
    guard let best else {
      throw SoundError.libraryFailed(operation: "mastering", reason: "no round was made")
    }
    return best
  }

  /// Brings `mix`, which has `loudness`, to `target` LUFS without a sample above `ceiling` dBFS. Limiting
  /// takes some loudness away again, so the gain is found in a few rounds.
  static func levelled(
    _ mix: StereoSound, from loudness: Double, to target: Double, ceiling: Double
  ) throws(SoundError) -> StereoSound {
    var decibels = target - loudness
    var sound = mix
    for _ in 0..<6 {
      sound = Limiter.limited(mix, gain: gain(decibels: decibels), ceiling: gain(decibels: ceiling))
      let missing = target - (try Loudness(of: sound).integrated)
      if abs(missing) < nearness { break }
      decibels += missing * 1.2
    }
    return sound
  }
}

/// A finished sound and what it is encoded to.
struct MasteredSound: Sendable {
  var sound: StereoSound
  var encoded: EncodedSound
  /// What a player hears; nil for silence.
  var decoded: Loudness?
}
