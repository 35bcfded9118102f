import CSound
import Foundation

/// Integrated loudness and true peak of a sound. ITU-R BS.1770-4 and EBU R 128, by libebur128.
final class GateLoudness {
  private var state: UnsafeMutablePointer<ebur128_state>?
  private let channels: Int

  /// nil when there is no memory for it or the format is one nobody has.
  init?(channels: Int, sampleRate: Int) {
    guard channels > 0, sampleRate > 0 else { return nil }
    let mode = EBUR128_MODE_I.rawValue | EBUR128_MODE_TRUE_PEAK.rawValue
    state = ebur128_init(UInt32(channels), UInt(sampleRate), Int32(mode))
    self.channels = channels
    if state == nil { return nil }
  }

  deinit { ebur128_destroy(&state) }

  /// `samples` holds the channels' samples in turn, -1…1.
  func add(_ samples: [Float]) {
    _ = ebur128_add_frames_float(state, samples, samples.count / channels)
  }

  /// LUFS; nil for silence.
  var loudness: Double? {
    var value = 0.0
    guard ebur128_loudness_global(state, &value) == EBUR128_SUCCESS.rawValue, value.isFinite, value > -70
    else { return nil }
    return value
  }

  /// dBTP over all channels; nil for silence.
  var peak: Double? {
    var highest = 0.0
    for channel in 0..<channels {
      var value = 0.0
      guard ebur128_true_peak(state, UInt32(channel), &value) == EBUR128_SUCCESS.rawValue else { return nil }
      highest = max(highest, value)
    }
    return highest > 0 ? 20 * log10(highest) : nil
  }
}
