import Foundation

/// Two channels of samples at `Engine.sampleRate`, -1…1.
struct StereoSound: Sendable, Hashable {
  var left: [Float]
  var right: [Float]

  var count: Int { left.count }

  init(count: Int) {
    left = [Float](repeating: 0, count: count)
    right = left
  }

  /// The same sound softer by `decibels`, which are negative; louder ones would need the limiter again.
  func turned(by decibels: Double) -> StereoSound {
    guard decibels < 0 else { return self }
    let factor = Float(pow(10, decibels / 20))
    var result = self
    for index in left.indices {
      result.left[index] *= factor
      result.right[index] *= factor
    }
    return result
  }

  /// As long as `frames` pictures last.
  static func samples(frames: Int) -> Int { frames * Engine.sampleRate / Engine.framesPerSecond }
}
