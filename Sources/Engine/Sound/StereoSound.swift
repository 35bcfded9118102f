import Foundation

/// Two channels of samples at `Engine.sampleRate`, -1…1.
struct StereoSound: Sendable, Hashable {
  var left: [Float]
  var right: [Float]

  var count: Int { left.count }
  var seconds: Double { Double(count) / Double(Engine.sampleRate) }

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

  /// Adds `other` from `start` on; what would lie outside is left away.
  mutating func add(_ other: StereoSound, at start: Int = 0, gain: Float = 1) {
    Self.add(other.left, to: &left, start, gain)
    Self.add(other.right, to: &right, start, gain)
  }

  private static func add(_ source: [Float], to target: inout [Float], _ start: Int, _ gain: Float) {
    let from = max(0, -start)
    let count = min(source.count, target.count - start)
    guard from < count else { return }
    target.withUnsafeMutableBufferPointer { target in
      source.withUnsafeBufferPointer { source in
        var index = from
        while index < count {
          target[start &+ index] += source[index] * gain
          index &+= 1
        }
      }
    }
  }

  mutating func scale(by gain: Float) {
    for index in left.indices { left[index] *= gain }
    for index in right.indices { right[index] *= gain }
  }

  /// The samples of `range`, silence where there are none.
  func part(_ range: Range<Int>) -> StereoSound {
    var result = StereoSound(count: range.count)
    result.add(self, at: -range.lowerBound)
    return result
  }
}

/// Decibels -> factor.
func gain(decibels: Double) -> Float { Float(pow(10, decibels / 20)) }
