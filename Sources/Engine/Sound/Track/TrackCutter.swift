import Foundation

/// Cuts or loops a recording to an ad's length: it begins on a bar, goes back on a bar where it is too short,
/// and fades out over its last bar.
struct TrackCutter {
  /// Both sides of a join sound together for so long before the bar.
  private static let join = Engine.sampleRate / 50
  /// More is not decoded: enough for the longest ad, and to hear where the beats are.
  private static let longest = 240.0

  private let track: MusicTrack
  private let path: String

  init(_ track: MusicTrack, path: String) {
    self.track = track
    self.path = path
  }

  /// - Parameter count: samples.
  func cut(to count: Int) throws(SoundError) -> StereoSound {
    let wanted = track.from.seconds + Double(count) / Double(Engine.sampleRate) + 5
    let recording: StereoSound
    do throws(SoundDecoder.Fault) {
      recording = try SoundDecoder.decode(path, seconds: max(Self.longest, wanted))
    } catch {
      throw .trackUnreadable(asset: track.asset, path: path, reason: error.reason)
    }
    guard recording.seconds > track.from.seconds + 0.1 else {
      throw .trackUnreadable(
        asset: track.asset, path: path,
        reason: "lasts \(Int(recording.seconds * 1000)) ms, but is to begin at \(track.from)")
    }
    let bars = bars(of: recording)
    if !track.loops { try checkLength(Double(recording.count) - bars.first, count) }
    var sound = Self.laid(recording, bars: bars, count: count)
    let seconds = sound.seconds
    let closing = min(max(0.5, bars.length / Double(Engine.sampleRate)), seconds / 4)
    Fade.apply(to: &sound, in: 0.005, out: closing)
    return sound
  }

  /// Whether the recording can be read at all.
  func check() throws(SoundError) {
    do throws(SoundDecoder.Fault) {
      _ = try SoundDecoder.decode(path, seconds: 1)
    } catch {
      throw .trackUnreadable(asset: track.asset, path: path, reason: error.reason)
    }
  }

  private func checkLength(_ held: Double, _ count: Int) throws(SoundError) {
    // A frame is not worth a refusal.
    guard held + Double(StereoSound.samples(frames: 1)) < Double(count) else { return }
    func milliseconds(_ samples: Double) -> Int { Int(samples * 1000 / Double(Engine.sampleRate)) }
    throw .trackTooShort(
      asset: track.asset, holds: milliseconds(max(0, held)), needed: milliseconds(Double(count)))
  }

  /// Where bars begin, in samples: `first`, and every `length` after.
  struct Bars: Hashable {
    var first: Double
    var length: Double
  }

  func bars(of recording: StereoSound) -> Bars {
    let rate = Double(Engine.sampleRate)
    // A minute is enough to hear the beat.
    let heard = recording.part(0..<min(recording.count, 60 * Engine.sampleRate))
    let estimate =
      track.tempo != nil && track.firstBeat != nil ? nil : TempoEstimate(of: heard, tempo: track.tempo)
    let whole = Double(recording.count)
    guard let tempo = track.tempo ?? estimate?.tempo else {
      // No beat to be heard: the whole recording is one bar.
      return Bars(first: min(track.from.seconds * rate, whole), length: whole)
    }
    let length = 60 / tempo * Double(track.beatsPerBar) * rate
    let first = (track.firstBeat?.seconds ?? estimate?.firstBeat ?? 0) * rate
    let skipped = max(0, ((track.from.seconds * rate - first) / length).rounded(.up))
    let begin = first + skipped * length
    // A recording shorter than a bar repeats as it is.
    guard begin + length <= whole + rate * 0.05 else {
      return Bars(
        first: min(track.from.seconds * rate, whole), length: max(1, whole - track.from.seconds * rate))
    }
    return Bars(first: begin, length: length)
  }

  static func laid(_ recording: StereoSound, bars: Bars, count: Int) -> StereoSound {
    let first = Int(bars.first.rounded())
    if recording.count - first >= count { return recording.part(first..<first + count) }
    // Whole bars; the last may lack a few milliseconds that an encoder took.
    let whole = max(1, ((Double(recording.count - first) + 2400) / bars.length).rounded(.down))
    let loop = Int((whole * bars.length).rounded())
    var sound = StereoSound(count: count)
    var at = 0
    while at < count {
      // Each round begins a little before its bar, under the end of the round before.
      let lead = at == 0 ? 0 : min(join, first)
      var round = recording.part(first - lead..<first + loop)
      joined(&round, lead: max(lead, at == 0 ? 0 : 96), tail: join)
      sound.add(round, at: at - lead)
      at += loop
    }
    return sound
  }

  /// Equal-power fades: in over the first `lead` samples, out over the last `tail`.
  private static func joined(_ sound: inout StereoSound, lead: Int, tail: Int) {
    for index in 0..<min(lead, sound.count) {
      let gain = Float(sin(Double(index) / Double(lead) * .pi / 2))
      sound.left[index] *= gain
      sound.right[index] *= gain
    }
    let tail = min(tail, sound.count)
    for index in 0..<tail {
      let gain = Float(cos(Double(index + 1) / Double(tail) * .pi / 2))
      sound.left[sound.count - tail + index] *= gain
      sound.right[sound.count - tail + index] *= gain
    }
  }
}
