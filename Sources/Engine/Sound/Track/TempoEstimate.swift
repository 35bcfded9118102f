import Foundation

/// Where the beats of a recording are: the period and the first beat that gather most onsets (Ellis 2007,
/// "Beat tracking by dynamic programming", section 3: onset strength and its autocorrelation under a
/// preference for tempi near 120; here refined by a comb over the whole recording, for tempo is constant
/// in what is licensed for ads).
struct TempoEstimate: Sendable, Hashable {
  /// Beats in a minute.
  var tempo: Double
  /// Seconds to the first beat.
  var firstBeat: Double

  /// Samples between two values of the onset envelope: 5.3 ms.
  private static let hop = 256
  private static let rate = Double(Engine.sampleRate) / Double(hop)

  /// - Parameter tempo: when it is known, only the first beat is looked for.
  /// - Returns: nil for sound without onsets, or shorter than four beats.
  init?(of sound: StereoSound, tempo known: Double? = nil) {
    let onsets = Self.onsets(sound)
    guard onsets.count > 32, let strongest = onsets.max(), strongest > 0 else { return nil }
    let coarse: Double
    if let known {
      coarse = known
    } else {
      guard let found = Self.coarse(onsets) else { return nil }
      coarse = found
    }
    var best = (score: -Double.infinity, tempo: coarse, phase: 0.0)
    let bends = known == nil ? stride(from: -0.03, through: 0.03, by: 0.0005).map { $0 } : [0]
    for bend in bends {
      let tempo = coarse * (1 + bend)
      let period = 60 / tempo * Self.rate
      for phase in stride(from: 0, to: period, by: 1) {
        let score = Self.comb(onsets, period: period, phase: phase)
        if score > best.score { best = (score, tempo, phase) }
      }
    }
    self.tempo = known ?? (best.tempo * 100).rounded() / 100
    firstBeat = Self.start(onsets, period: 60 / best.tempo * Self.rate, phase: best.phase) / Self.rate
  }

  /// How much the logarithm of the energy rises, in two bands: drums low, hands high.
  static func onsets(_ sound: StereoSound) -> [Double] {
    let count = sound.count / hop
    var result = [Double](repeating: 0, count: count)
    let floor = 1e-4
    var (low, before) = (Float(0), (low: log(floor), high: log(floor)))
    for index in 0..<count {
      var sums = (low: 0.0, high: 0.0)
      for at in index * hop..<(index + 1) * hop {
        let sample = (sound.left[at] + sound.right[at]) * 0.5
        low += (sample - low) * 0.02
        let high = sample - low
        sums.low += Double(low * low)
        sums.high += Double(high * high)
      }
      let now = (low: log(floor + sums.low), high: log(floor + sums.high))
      result[index] = max(0, now.low - before.low) + max(0, now.high - before.high)
      before = now
    }
    return result
  }

  private static func coarse(_ onsets: [Double]) -> Double? {
    let mean = onsets.reduce(0, +) / Double(onsets.count)
    let centred = onsets.map { $0 - mean }
    func correlation(_ lag: Int) -> Double {
      guard lag < centred.count else { return 0 }
      var sum = 0.0
      for index in lag..<centred.count { sum += centred[index] * centred[index - lag] }
      return sum / Double(centred.count - lag)
    }
    var best = (score: 0.0, tempo: 0.0)
    for lag in Int(60 / 200 * rate)...Int(60 / 55 * rate) {
      let tempo = 60 * rate / Double(lag)
      // One octave around 120 is what feet agree on.
      let preference = exp(-0.5 * pow(log2(tempo / 115) / 0.6, 2))
      let score = (correlation(lag) + 0.5 * correlation(lag * 2) + 0.25 * correlation(lag * 4)) * preference
      if score > best.score { best = (score, tempo) }
    }
    return best.score > 0 ? best.tempo : nil
  }

  private static func comb(_ onsets: [Double], period: Double, phase: Double) -> Double {
    var (sum, count, at) = (0.0, 0, phase)
    while Int(at) + 1 < onsets.count {
      let index = Int(at)
      sum += onsets[index] * (1 - (at - Double(index))) + onsets[index + 1] * (at - Double(index))
      count += 1
      at += period
    }
    return count > 0 ? sum / Double(count) : 0
  }

  /// The first beat with a sound: recordings begin with silence.
  private static func start(_ onsets: [Double], period: Double, phase: Double) -> Double {
    let threshold = (onsets.max() ?? 0) * 0.1
    guard let first = onsets.firstIndex(where: { $0 > threshold }) else { return phase }
    let beats = ((Double(first) - phase) / period).rounded()
    return max(0, phase + max(0, beats) * period)
  }
}
