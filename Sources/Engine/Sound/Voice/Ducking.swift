import Foundation

/// Lets music step back while somebody speaks: down before the first word, up again after the last, and not
/// between words.
struct Ducking {
  private static let hop = Engine.sampleRate / 100
  /// Steps of 10 ms.
  private static let attack = 18
  private static let release = 45
  /// Shorter pauses are not answered.
  private static let hold = 60
  /// Speech, in the mean square of a step: 40 dB below full scale.
  private static let threshold: Float = 1e-4

  let decibels: Double

  func apply(to music: inout StereoSound, under voice: StereoSound) {
    let gains = gains(for: voice)
    guard gains.count > 1 else { return }
    for index in 0..<music.count {
      // Straight lines between steps: no gain jumps.
      let step = index / Self.hop
      let (from, to) = (gains[min(step, gains.count - 1)], gains[min(step + 1, gains.count - 1)])
      let gain = from + (to - from) * Float(index % Self.hop) / Float(Self.hop)
      music.left[index] *= gain
      music.right[index] *= gain
    }
  }

  /// A factor for the beginning of every step of 10 ms.
  func gains(for voice: StereoSound) -> [Float] {
    let steps = voice.count / Self.hop + 1
    var down = [Double](repeating: 0, count: steps)
    for run in runs(in: voice, steps: steps) {
      for step in max(0, run.lowerBound - Self.attack)..<min(steps, run.upperBound + Self.release) {
        let depth: Double
        if step < run.lowerBound {
          depth = 1 - Double(run.lowerBound - step) / Double(Self.attack)
        } else if step >= run.upperBound {
          depth = 1 - Double(step - run.upperBound + 1) / Double(Self.release)
        } else {
          depth = 1
        }
        // Half a cosine: it leaves and arrives without a corner.
        down[step] = max(down[step], 0.5 - 0.5 * cos(.pi * depth))
      }
    }
    return down.map { gain(decibels: -decibels * $0) }
  }

  private func runs(in voice: StereoSound, steps: Int) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    for step in 0..<steps {
      let range = step * Self.hop..<min(voice.count, (step + 1) * Self.hop)
      let energy = range.reduce(Float(0)) { $0 + voice.left[$1] * voice.left[$1] }
      guard !range.isEmpty, energy / Float(range.count) > Self.threshold else { continue }
      if let last = runs.last, step - last.upperBound < Self.hold {
        runs[runs.count - 1] = last.lowerBound..<step + 1
      } else {
        runs.append(step..<step + 1)
      }
    }
    return runs
  }
}
