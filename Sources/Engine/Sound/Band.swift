import Foundation

/// Plays notes into two channels and adds a little room.
struct Band {
  private var dry: StereoSound
  /// What goes through the room, one channel.
  private var room: [Float]
  private var noise = SplitMix(seed: 77)
  private let wave = WaveTables()
  private let rate = Double(Engine.sampleRate)

  init(count: Int) {
    dry = StereoSound(count: count)
    room = [Float](repeating: 0, count: count)
  }

  mutating func play(_ note: Score.Note) {
    let start = Int(note.start * rate)
    guard start < dry.count else { return }
    let frequency = 440 * pow(2, Double(note.pitch - 69) / 12)
    let (samples, send): ([Float], Float) =
      switch note.voice {
      case .pad: (pad(frequency, note.length), 0.5)
      case .pluck: (pluck(frequency, min(1.6, note.length + 0.5)), 0.35)
      case .bell: (tone(wave.bell, frequency, min(1.8, note.length + 0.8), attack: 0.002, decay: 0.45), 0.5)
      case .keys: (tone(wave.keys, frequency, note.length + 0.2, attack: 0.006, decay: 0.9), 0.3)
      case .bass: (tone(wave.bass, frequency, note.length, attack: 0.008, decay: 0.7), 0.04)
      case .kick: (kick(), 0.04)
      case .snare: (hiss(0.16, decay: 0.05, bright: false), 0.25)
      case .hat: (hiss(0.06, decay: 0.016, bright: true), 0.08)
      case .shaker: (hiss(0.09, decay: 0.03, bright: true), 0.12)
      }
    mix(samples, at: start, strength: Float(note.strength), pan: Float(note.pan), send: send)
  }

  /// Both channels, with the room's answer.
  func mixed() -> StereoSound {
    var result = dry
    Room.add(room, to: &result)
    return result
  }

  private mutating func mix(_ samples: [Float], at start: Int, strength: Float, pan: Float, send: Float) {
    let left = strength * (1 - max(0, pan) * 0.7)
    let right = strength * (1 + min(0, pan) * 0.7)
    let count = min(samples.count, dry.count - start)
    let wet = strength * send
    samples.withUnsafeBufferPointer { source in
      dry.left.withUnsafeMutableBufferPointer { l in
        dry.right.withUnsafeMutableBufferPointer { r in
          room.withUnsafeMutableBufferPointer { w in
            var index = 0
            while index < count {
              let sample = source[index]
              l[start &+ index] += sample * left
              r[start &+ index] += sample * right
              w[start &+ index] += sample * wet
              index &+= 1
            }
          }
        }
      }
    }
  }

  /// One period read round and round, falling by half life; `seconds` end in a short release.
  private func tone(_ table: [Float], _ frequency: Double, _ seconds: Double, attack: Double, decay: Double)
    -> [Float]
  {
    let count = Int(seconds * rate)
    var samples = [Float](repeating: 0, count: count)
    let step = UInt32(frequency / rate * 4_294_967_296)
    let rise = Float(1 / max(1, attack * rate))
    let fall = Float(pow(0.5, 1 / (decay * rate)))
    let release = min(count, Int(0.03 * rate))
    let releaseStep = 1 / Float(max(1, release))
    table.withUnsafeBufferPointer { table in
      samples.withUnsafeMutableBufferPointer { out in
        var (phase, level, gate) = (UInt32(0), Float(1), Float(0))
        var index = 0
        while index < count {
          if gate < 1 { gate = min(1, gate + rise) }
          let left = count &- index
          let end = left < release ? Float(left) * releaseStep : 1
          out[index] = table[Int(phase >> 21)] * level * gate * end
          level *= fall
          phase = phase &+ step
          index &+= 1
        }
      }
    }
    return samples
  }

  /// Two voices a hair apart, swelling and sinking.
  private func pad(_ frequency: Double, _ seconds: Double) -> [Float] {
    var samples = tone(wave.pad, frequency * 0.9985, seconds, attack: 0.18, decay: 6)
    let other = tone(wave.pad, frequency * 1.0015, seconds, attack: 0.18, decay: 6)
    var index = 0
    let fade = min(samples.count, Int(0.25 * rate))
    samples.withUnsafeMutableBufferPointer { out in
      other.withUnsafeBufferPointer { other in
        while index < out.count {
          let left = out.count &- index
          out[index] = (out[index] + other[index]) * (left < fade ? Float(left) / Float(fade) : 1) * 0.5
          index &+= 1
        }
      }
    }
    return samples
  }

  /// Karplus & Strong 1983: a burst of noise in a loop that is averaged each time round.
  private mutating func pluck(_ frequency: Double, _ seconds: Double) -> [Float] {
    let period = max(2, Int((rate / frequency).rounded()))
    var string = (0..<period).map { _ in Float(noise.unit() * 2 - 1) }
    // A soft finger: the burst is smoothed before the string rings.
    for _ in 0..<3 {
      var before = string[period - 1]
      for index in 0..<period {
        let now = string[index]
        string[index] = (now + before) * 0.5
        before = now
      }
    }
    let count = Int(seconds * rate)
    var samples = [Float](repeating: 0, count: count)
    let fade = Int(0.05 * rate)
    string.withUnsafeMutableBufferPointer { string in
      samples.withUnsafeMutableBufferPointer { out in
        var (at, index) = (0, 0)
        while index < count {
          let next = at &+ 1 == period ? 0 : at &+ 1
          let value = string[at]
          string[at] = (value + string[next]) * 0.4975
          let left = count &- index
          out[index] = left < fade ? value * Float(left) / Float(fade) : value
          at = next
          index &+= 1
        }
      }
    }
    return samples
  }

  /// A sine that falls from a knock to a hum.
  private func kick() -> [Float] {
    let count = Int(0.28 * rate)
    var phase = 0.0
    return (0..<count).map { index in
      let time = Double(index) / rate
      phase += (48 + 110 * exp(-time * 38)) / rate
      return Float(sin(phase * 2 * .pi) * exp(-time * 11) * min(1, Double(count - index) / 400))
    }
  }

  private mutating func hiss(_ seconds: Double, decay: Double, bright: Bool) -> [Float] {
    var (last, smooth) = (0.0, 0.0)
    return (0..<Int(seconds * rate)).map { index in
      let white = noise.unit() * 2 - 1
      // The difference of neighbours leaves the top, a slow mean leaves the middle.
      let high = (white - last) * 0.5
      last = white
      smooth += (white - smooth) * 0.35
      return Float((bright ? high : smooth * 0.7 + high * 0.5) * exp(-Double(index) / rate / decay))
    }
  }
}
