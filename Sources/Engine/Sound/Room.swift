/// A small room: four combs and two all-passes a side (Schroeder 1962; lengths after Freeverb).
enum Room {
  private static let combs = [1116, 1188, 1277, 1356]
  private static let allPasses = [556, 441]
  /// The right side's lines are a little longer: the room has width.
  private static let spread = 23

  static func add(_ input: [Float], to sound: inout StereoSound) {
    let left = reverberated(input, spread: 0)
    let right = reverberated(input, spread: spread)
    for index in 0..<sound.count {
      sound.left[index] += left[index]
      sound.right[index] += right[index]
    }
  }

  private static func reverberated(_ input: [Float], spread: Int) -> [Float] {
    var output = [Float](repeating: 0, count: input.count)
    for length in combs { comb(input, into: &output, length: length + spread) }
    for length in allPasses { allPass(&output, length: length + spread) }
    return output
  }

  private static func comb(_ input: [Float], into output: inout [Float], length: Int) {
    var line = [Float](repeating: 0, count: length)
    input.withUnsafeBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        line.withUnsafeMutableBufferPointer { line in
          var (at, index, smooth) = (0, 0, Float(0))
          while index < input.count {
            let delayed = line[at]
            smooth = delayed * 0.75 + smooth * 0.25
            line[at] = input[index] * 0.25 + smooth * 0.78
            output[index] += delayed
            at = at &+ 1 == length ? 0 : at &+ 1
            index &+= 1
          }
        }
      }
    }
  }

  private static func allPass(_ samples: inout [Float], length: Int) {
    var line = [Float](repeating: 0, count: length)
    samples.withUnsafeMutableBufferPointer { samples in
      line.withUnsafeMutableBufferPointer { line in
        var (at, index) = (0, 0)
        while index < samples.count {
          let delayed = line[at]
          let value = samples[index]
          line[at] = value + delayed * 0.5
          samples[index] = delayed - value
          at = at &+ 1 == length ? 0 : at &+ 1
          index &+= 1
        }
      }
    }
  }
}
