import Foundation

/// Integrated loudness by ITU-R BS.1770-4 (as EBU R 128 uses it): K-weighting, blocks of 400 ms every
/// 100 ms, absolute gate at -70 LUFS, relative gate 10 LU under the mean of what passed.
enum Loudness {
  /// In LUFS; -infinity for silence or less than one block.
  static func integrated(_ sound: StereoSound) -> Double {
    let hop = Engine.sampleRate / 10
    let steps = sound.count / hop
    guard steps >= 4 else { return -.infinity }
    let energy = zip(energies(sound.left, hop, steps), energies(sound.right, hop, steps)).map { $0 + $1 }
    let blocks = (0...(steps - 4)).map { first in energy[first..<first + 4].reduce(0, +) / Double(4 * hop) }
    func loudness(_ mean: Double) -> Double { -0.691 + 10 * log10(mean) }
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    let audible = blocks.filter { $0 > 0 && loudness($0) > -70 }
    guard !audible.isEmpty else { return -.infinity }
    let gate = loudness(mean(audible)) - 10
    return loudness(mean(audible.filter { loudness($0) > gate }))
  }

  /// Sums of squares of the K-weighted samples, one per `hop`. Coefficients for 48 kHz: BS.1770-4, tables
  /// 1 and 2.
  private static func energies(_ samples: [Float], _ hop: Int, _ steps: Int) -> [Double] {
    var sums = [Double](repeating: 0, count: steps)
    samples.withUnsafeBufferPointer { samples in
      var (a1, a2, b1, b2) = (0.0, 0.0, 0.0, 0.0)
      var index = 0
      for step in 0..<steps {
        var sum = 0.0
        let end = (step &+ 1) &* hop
        while index < end {
          // Both filters in transposed direct form II.
          let x = Double(samples[index])
          let shelf = 1.53512485958697 * x + a1
          a1 = -2.69169618940638 * x + 1.69065929318241 * shelf + a2
          a2 = 1.19839281085285 * x - 0.73248077421585 * shelf
          let pass = shelf + b1
          b1 = -2 * shelf + 1.99004745483398 * pass + b2
          b2 = shelf - 0.99007225036621 * pass
          sum += pass * pass
          index &+= 1
        }
        sums[step] = sum
      }
    }
    return sums
  }
}
