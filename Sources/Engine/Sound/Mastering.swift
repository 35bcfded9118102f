import Foundation

/// The last steps over a finished mix.
enum Mastering {
  /// Fades by the given seconds at both ends.
  static func fade(_ sound: inout StereoSound, in opening: Double, out closing: Double) {
    let rate = Double(Engine.sampleRate)
    let (first, last) = (min(sound.count, Int(opening * rate)), min(sound.count, Int(closing * rate)))
    for index in 0..<first {
      let gain = Float(index) / Float(first)
      sound.left[index] *= gain
      sound.right[index] *= gain
    }
    for index in 0..<last {
      // Equal power, so that the end does not sink too early.
      let gain = Float(sin(Double(index) / Double(last) * .pi / 2))
      let at = sound.count - 1 - index
      sound.left[at] *= gain
      sound.right[at] *= gain
    }
  }

  /// Brings `sound` to `target` LUFS without any sample above `ceiling` dBFS. Limiting takes some loudness
  /// away again, so the gain is found in a few rounds.
  static func level(_ sound: inout StereoSound, to target: Double, ceiling: Double) {
    let source = sound
    var gain = 0.0
    for _ in 0..<3 {
      let measured = Loudness.integrated(sound)
      guard measured.isFinite else { return }
      let missing = target - measured
      if abs(missing) < 0.1 { return }
      gain += missing
      sound = limited(source, gain: Float(pow(10, gain / 20)), ceiling: Float(pow(10, ceiling / 20)))
    }
  }

  /// Gain, then a limiter that sees 4 ms ahead and lets go over about 80 ms.
  private static func limited(_ sound: StereoSound, gain: Float, ceiling: Float) -> StereoSound {
    var result = sound
    let count = sound.count
    let ahead = Engine.sampleRate / 250
    let release = Float(exp(-1 / (0.08 * Double(Engine.sampleRate))))
    // The reduction each sample asks for, spread backwards so that it is reached in time.
    var wanted = [Float](repeating: 1, count: count)
    result.left.withUnsafeMutableBufferPointer { left in
      result.right.withUnsafeMutableBufferPointer { right in
        wanted.withUnsafeMutableBufferPointer { wanted in
          var index = 0
          while index < count {
            left[index] *= gain
            right[index] *= gain
            let peak = max(abs(left[index]), abs(right[index]))
            if peak > ceiling { wanted[index] = ceiling / peak }
            index &+= 1
          }
          let slope = 1 / Float(ahead)
          index = count &- 2
          while index >= 0 {
            wanted[index] = min(wanted[index], wanted[index &+ 1] + slope)
            index &-= 1
          }
          var now: Float = 1
          index = 0
          while index < count {
            now = min(wanted[index], 1 - (1 - now) * release)
            left[index] *= now
            right[index] *= now
            index &+= 1
          }
        }
      }
    }
    return result
  }
}
