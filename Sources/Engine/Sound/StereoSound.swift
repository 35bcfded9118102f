/// Two channels of samples at `Engine.sampleRate`, -1…1.
struct StereoSound: Sendable, Hashable {
  var left: [Float]
  var right: [Float]

  var count: Int { left.count }

  init(count: Int) {
    left = [Float](repeating: 0, count: count)
    right = left
  }

  /// As long as `frames` pictures last.
  static func samples(frames: Int) -> Int { frames * Engine.sampleRate / Engine.framesPerSecond }
}
