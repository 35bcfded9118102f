import Foundation

/// Fades at both ends.
enum Fade {
  /// By the given seconds; the closing one by equal power, so that the end does not sink too early.
  static func apply(to sound: inout StereoSound, in opening: Double, out closing: Double) {
    let rate = Double(Engine.sampleRate)
    let (first, last) = (min(sound.count, Int(opening * rate)), min(sound.count, Int(closing * rate)))
    for index in 0..<first {
      let gain = Float(index) / Float(first)
      sound.left[index] *= gain
      sound.right[index] *= gain
    }
    for index in 0..<last {
      let gain = Float(sin(Double(index) / Double(last) * .pi / 2))
      let at = sound.count - 1 - index
      sound.left[at] *= gain
      sound.right[at] *= gain
    }
  }
}
