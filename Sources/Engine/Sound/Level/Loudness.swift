import CSound
import Foundation

/// Loudness and true peak by EBU R 128 (ITU-R BS.1770-4), measured by libebur128.
struct Loudness: Sendable, Hashable {
  /// LUFS over the whole; -infinity for silence or less than 400 ms.
  var integrated: Double
  /// dBTP of the louder channel; nil when it was not asked for.
  var truePeak: Double?

  /// - Throws: `SoundError.libraryFailed` when memory is out.
  init(of sound: StereoSound, truePeak wantsPeak: Bool = false) throws(SoundError) {
    let modes = EBUR128_MODE_I.rawValue | (wantsPeak ? EBUR128_MODE_TRUE_PEAK.rawValue : 0)
    guard let state = ebur128_init(2, UInt(Engine.sampleRate), Int32(modes)) else {
      throw .libraryFailed(operation: "measuring loudness", reason: "out of memory")
    }
    var held: UnsafeMutablePointer<ebur128_state>? = state
    defer { ebur128_destroy(&held) }
    // Interleaved by parts, not a second copy of all.
    let size = 4800
    var part = [Float](repeating: 0, count: size * 2)
    var code = EBUR128_SUCCESS.rawValue
    for start in stride(from: 0, to: sound.count, by: size) {
      let count = min(size, sound.count - start)
      for index in 0..<count {
        part[2 * index] = sound.left[start + index]
        part[2 * index + 1] = sound.right[start + index]
      }
      code |= UInt32(bitPattern: ebur128_add_frames_float(state, part, count))
    }
    var loudness = -Double.infinity
    code |= UInt32(bitPattern: ebur128_loudness_global(state, &loudness))
    guard code == EBUR128_SUCCESS.rawValue else {
      throw .libraryFailed(operation: "measuring loudness", reason: "libebur128 answers \(code)")
    }
    integrated = loudness
    guard wantsPeak else { return }
    var highest = 0.0
    for channel in [0, 1] as [UInt32] {
      var peak = 0.0
      ebur128_true_peak(state, channel, &peak)
      highest = max(highest, peak)
    }
    truePeak = highest > 0 ? 20 * log10(highest) : -.infinity
  }

  /// Scales `sound` to `target` LUFS; silence stays silence.
  static func bring(_ sound: inout StereoSound, to target: Double) throws(SoundError) {
    let measured = try Loudness(of: sound).integrated
    guard measured.isFinite else { return }
    sound.scale(by: gain(decibels: target - measured))
  }
}
