import Foundation

/// One period of each tone, as sums of few harmonics: nothing above them can alias.
struct WaveTables {
  /// 2048 samples, read by the top 11 bits of a 32-bit phase.
  static let size = 2048

  let pad = WaveTables.table([1, 0.42, 0.26, 0.12, 0.08, 0.04])
  let bass = WaveTables.table([1, 0.5, 0.22, 0.1, 0.05])
  let keys = WaveTables.table([1, 0.18, 0.3, 0.04, 0.1, 0.02, 0.03])
  let bell = WaveTables.table([1, 0, 0, 0.38, 0, 0, 0.12])

  private static func table(_ harmonics: [Double]) -> [Float] {
    let total = harmonics.reduce(0, +)
    return (0..<size).map { index in
      let angle = Double(index) / Double(size) * 2 * .pi
      let sum = harmonics.enumerated().reduce(0) { $0 + $1.element * sin(angle * Double($1.offset + 1)) }
      return Float(sum / total * 1.4)
    }
  }
}
