import Foundation
import Testing

@testable import Engine

@Suite struct LevelTests {
  private static func noise(seconds: Double, level: Float) -> StereoSound {
    var dice = SplitMix(seed: 4)
    var sound = StereoSound(count: Int(seconds * 48_000))
    for index in 0..<sound.count {
      sound.left[index] = Float(dice.unit() * 2 - 1) * level
      sound.right[index] = Float(dice.unit() * 2 - 1) * level
    }
    return sound
  }

  @Test func loudnessIsThatOfTheStandardsSine() throws {
    // BS.1770: a 997 Hz sine at 0 dBFS in one channel reads -3.01 LUFS.
    var sound = StereoSound(count: 96_000)
    for index in 0..<sound.count { sound.left[index] = Float(sin(Double(index) * 2 * .pi * 997 / 48_000)) }
    let measured = try Loudness(of: sound, truePeak: true)
    #expect(abs(measured.integrated + 3.01) < 0.05)
    #expect(abs(try #require(measured.truePeak)) < 0.1)
  }

  @Test func truePeakIsBetweenTheSamples() throws {
    // A quarter of the sample rate, 45 degrees off: samples at 0.707, the wave at 1 (BS.1770-4, annex 2).
    var sound = StereoSound(count: 48_000)
    for index in 0..<sound.count {
      sound.left[index] = Float(sin(Double(index) * .pi / 2 + .pi / 4) * min(1, Double(index) / 4800))
    }
    #expect(abs(try #require(try Loudness(of: sound, truePeak: true).truePeak)) < 0.4)
  }

  @Test(arguments: [0.004, 0.05, 1.0] as [Float])
  func masteringReachesLoudnessAndPeakFromAnyLevel(level: Float) async throws {
    try await Fixtures.withFolder { folder in
      // Clicks over quiet noise: what limiting costs most loudness.
      var mix = Self.noise(seconds: 4, level: level * 0.2)
      for index in stride(from: 6000, to: mix.count, by: 24_000) {
        for offset in 0..<40 { mix.left[index + offset] = offset % 2 == 0 ? level : -level }
      }
      let made = try Mastering.master(mix, to: -14, peak: -1)
      let path = folder.appending(path: "a.aac").path
      try SoundFixtures.write(made.encoded, to: path)
      let reading = try SoundFixtures.reading(path)
      #expect(abs(reading.loudness + 14) <= 0.5 && reading.peak <= -1, "\(reading)")
    }
  }

  @Test func silenceAndAGlimpseOfSoundPassUnharmed() throws {
    let silent = try Mastering.master(StereoSound(count: 48_000), to: -14, peak: -1)
    #expect(silent.sound.left.allSatisfy { $0 == 0 } && silent.decoded == nil)
    let glimpse = try Mastering.master(Self.noise(seconds: 0.2, level: 1), to: -14, peak: -1)
    #expect(glimpse.sound.left.allSatisfy { abs($0) <= 0.8 } && glimpse.sound.count == 9600)
    #expect(try Mastering.master(StereoSound(count: 0), to: -14, peak: -1).sound.count == 0)
  }

  @Test func theLimiterNeverPassesItsCeilingAndLeavesQuietSoundAlone() {
    let loud = Limiter.limited(Self.noise(seconds: 1, level: 1), gain: 3, ceiling: 0.5)
    #expect(loud.left.allSatisfy { abs($0) <= 0.5 + 1e-6 } && loud.right.allSatisfy { abs($0) <= 0.5 + 1e-6 })
    let quiet = Self.noise(seconds: 0.1, level: 0.2)
    #expect(Limiter.limited(quiet, gain: 1, ceiling: 0.5) == quiet)
  }

  @Test func decodedPacketsAreTheSoundThatWasEncoded() throws {
    var sound = StereoSound(count: 48_000)
    for index in 0..<sound.count {
      sound.left[index] = Float(sin(Double(index) * 2 * .pi * 440 / 48_000)) * 0.4
      sound.right[index] = Float(sin(Double(index) * 2 * .pi * 660 / 48_000)) * 0.3
    }
    let heard = try EncodedSound(sound).decoded()
    #expect(heard.count == sound.count)
    var (signal, noise) = (Float(0), Float(0))
    for index in 3000..<45_000 {
      signal += sound.left[index] * sound.left[index]
      noise += (heard.left[index] - sound.left[index]) * (heard.left[index] - sound.left[index])
    }
    #expect(10 * log10(signal / noise) > 20)
  }
}
