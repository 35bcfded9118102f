import Cryptography
import Foundation
import Synchronization
import Testing

@testable import Engine

@Suite struct ComposerTests {
  private static let cuts = [
    Soundtrack.Cut(at: .milliseconds(1900)), Soundtrack.Cut(at: .milliseconds(4100), isSoft: true),
  ]

  private static func soundtrack(
    _ mood: Music.Mood, tempo: Int = 112, seed: Int = 3, seconds: Double = 6, cuts: [Soundtrack.Cut] = cuts
  ) -> Soundtrack {
    Soundtrack(
      duration: .seconds(seconds), cuts: cuts, music: .composed(Music(mood: mood, tempo: tempo, seed: seed)))
  }

  @Test(arguments: Music.Mood.allCases)
  func everyMoodIsAsLoudAsPromisedInTheFileAndStrikesOnTheCuts(mood: Music.Mood) async throws {
    try await Fixtures.withFolder { folder in
      let made = try Composer().mastered(Self.soundtrack(mood))
      #expect(made.sound.count == 288_000 && made.encoded.count == 288_000)
      let path = folder.appending(path: "a.aac").path
      try SoundFixtures.write(made.encoded, to: path)
      let reading = try SoundFixtures.reading(path)
      #expect(abs(reading.loudness + 14) <= 0.5, "\(mood): \(reading)")
      #expect(reading.peak <= -1, "\(mood): \(reading)")
      let samples = try SoundFixtures.decoded(path)
      for cut in Self.cuts {
        let second = cut.at.frameSeconds
        let rise = SoundFixtures.steepestRise(samples, near: second)
        #expect(abs(rise - second) <= 0.012, "\(mood): struck at \(rise), cut at \(second)")
      }
      // Both ends rest at zero, so that files played one after the other do not click.
      #expect(made.sound.left[0] == 0 && made.sound.left[287_999] == 0)
      #expect(samples.dropFirst(287_900).prefix(100).allSatisfy { abs($0) < 0.02 })
    }
  }

  @Test(arguments: [(5.0, 60), (15, 96), (60, 174)])
  func shortAndLongAdsAreEquallyLoudToTheEnd(seconds: Double, tempo: Int) async throws {
    try await Fixtures.withFolder { folder in
      let cuts = stride(from: 2.5, to: seconds - 1, by: 3.5).map { Soundtrack.Cut(at: .seconds($0)) }
      let made = try Composer().mastered(
        Self.soundtrack(.plucked, tempo: tempo, seconds: seconds, cuts: cuts))
      let path = folder.appending(path: "a.aac").path
      try SoundFixtures.write(made.encoded, to: path)
      let reading = try SoundFixtures.reading(path)
      #expect(abs(reading.loudness + 14) <= 0.5 && reading.peak <= -1, "\(seconds) s: \(reading)")
      let samples = try SoundFixtures.decoded(path)
      #expect(abs(samples.count - Int(seconds * 48_000)) <= 1024)
      // No second is silent but the last, which fades.
      for second in 0..<Int(seconds) - 1 {
        let part = samples[second * 48_000..<(second + 1) * 48_000]
        #expect(part.contains { abs($0) > 0.02 }, "second \(second) of \(seconds)")
      }
    }
  }

  @Test func theSameWordsGiveTheSameSamplesAndOtherSeedsTempiOrCutsOthers() async throws {
    func sum(_ soundtrack: Soundtrack) throws -> String {
      let sound = try Composer().sound(for: soundtrack)
      return SHA256.hash((sound.left + sound.right).flatMap { withUnsafeBytes(of: $0) { Array($0) } }).hex
    }
    let words = Self.soundtrack(.warm, seconds: 3, cuts: [Soundtrack.Cut(at: .seconds(1.5))])
    let sums = try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<3 { group.addTask { try sum(words) } }
      return try await group.reduce(into: Set<String>()) { $0.insert($1) }
    }
    #expect(sums.count == 1)
    let others = [
      Self.soundtrack(.warm, seed: 4, seconds: 3, cuts: words.cuts),
      Self.soundtrack(.warm, tempo: 113, seconds: 3, cuts: words.cuts),
      Self.soundtrack(.warm, seconds: 3, cuts: []), Self.soundtrack(.bold, seconds: 3, cuts: words.cuts),
    ]
    #expect(try Set(others.map(sum)).union(sums).count == 5)
  }

  @Test func withoutMusicThereIsSilenceOfTheRightLength() throws {
    let sound = try Composer().sound(for: Soundtrack(duration: .milliseconds(1500)))
    #expect(sound.count == 72_000 && sound.left.allSatisfy { $0 == 0 })
  }

  @Test func theTempoHeardIsTheTempoAskedForOrItsHalf() throws {
    for tempo in [92, 138] {
      let sound = try Composer().mix(
        Self.soundtrack(.pulse, tempo: tempo, seconds: 12, cuts: []), assets: .none, flag: nil)
      let heard = try #require(TempoEstimate(of: sound))
      let times = (Double(tempo) / heard.tempo).rounded()
      #expect(times <= 2 && abs(heard.tempo * times - Double(tempo)) < 0.5, "\(heard) at \(tempo)")
      #expect(heard.firstBeat < 0.03, "\(heard)")
    }
  }

  @Test func aMissingSoundfontNamesTheDebianPackage() {
    let settings = SoundSettings(soundFont: "/nowhere/a.sf2")
    let error = #expect(throws: SoundError.self) {
      try Composer(settings: settings).sound(for: Self.soundtrack(.airy))
    }
    #expect(error?.description.contains("install the Debian package fluid-soundfont-gm") == true)
    #expect(throws: SoundError.soundFontMissing(path: "/nowhere/a.sf2")) { try settings.fingerprint() }
  }

  @Test func aSoundfontThatIsNoneIsRefused() async throws {
    try await Fixtures.withFolder { folder in
      let path = folder.appending(path: "a.sf2").path
      try Data("not a soundfont".utf8).write(to: URL(fileURLWithPath: path))
      #expect(throws: SoundError.soundFontUnusable(path: path, reason: "it is damaged or no SF2 file")) {
        try Composer(settings: SoundSettings(soundFont: path)).sound(for: Self.soundtrack(.airy))
      }
    }
  }

  @Test func settingsThatSoundDifferentHaveDifferentFingerprints() throws {
    let standard = try SoundSettings().fingerprint()
    #expect(try standard == SoundSettings().fingerprint())
    #expect(try standard != SoundSettings(duckingDecibels: 9).fingerprint())
    #expect(try standard != SoundSettings(voice: SoundFixtures.tone(seconds: 1)).fingerprint())
  }

  @Test func whoeverAsksForASoundThatIsBeingMadeGetsThatOne() async throws {
    let cache = SoundCache()
    let sounds = try await withThrowingTaskGroup(of: StereoSound.self) { group in
      for _ in 0..<3 {
        group.addTask {
          try await RenderThread.run("sound") { flag in
            try cache.mastered(Self.soundtrack(.airy, seconds: 2, cuts: []), flag: flag).sound
          }
        }
      }
      return try await group.reduce(into: Set<StereoSound>()) { $0.insert($1) }
    }
    #expect(sounds.count == 1)
  }

  @Test func aRenderedFileIsAsLoudAsPromised() async throws {
    try await Fixtures.withFolder { folder in
      let path = folder.appending(path: "a.mp4").path
      var hello = try Fixtures.hello()
      hello.music = Music(mood: .bold, tempo: 110, seed: 2)
      _ = try await Renderer().render(
        hello, for: Placement(id: "t", width: 180, height: 320), assets: .none, to: path)
      let reading = try SoundFixtures.reading(path)
      #expect(abs(reading.loudness + 14) <= 0.5 && reading.peak <= -1, "\(reading)")
    }
  }
}
