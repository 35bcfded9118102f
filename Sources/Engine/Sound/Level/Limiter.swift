import Foundation

/// Keeps every sample below a ceiling: sees 4 ms ahead and lets go over about 80 ms.
struct Limiter {
  private static let ahead = Engine.sampleRate / 250
  private static let release = Float(exp(-1 / (0.08 * Double(Engine.sampleRate))))

  /// `sound` times `gain`, no sample above `ceiling`.
  static func limited(_ sound: StereoSound, gain: Float, ceiling: Float) -> StereoSound {
    var result = sound
    let count = sound.count
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
