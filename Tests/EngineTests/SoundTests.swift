import Foundation
import Testing

@testable import Engine

@Suite struct SoundTests {
  @Test(arguments: Music.Mood.allCases)
  func everyMoodIsAsLoudAsPromisedAndNeverClips(mood: Music.Mood) {
    for (tempo, seed) in [(80, 1), (132, 9)] {
      let sound = Composer.sound(for: Music(mood: mood, tempo: tempo, seed: seed), duration: .seconds(6))
      #expect(sound.count == 288_000)
      #expect(abs(Loudness.integrated(sound) - Composer.loudness) < 0.5)
      let peak = max(sound.left.map(abs).max() ?? 0, sound.right.map(abs).max() ?? 0)
      #expect(peak <= Float(pow(10, Composer.ceiling / 20)) + 1e-6)
      #expect(abs(sound.left[0]) < 1e-3 && abs(sound.left[287_999]) < 1e-2)
    }
  }

  @Test func theSameWordsGiveTheSameSamplesAndOtherSeedsOthers() {
    let music = Music(mood: .plucked, tempo: 100, seed: 5)
    let first = Composer.sound(for: music, duration: .seconds(2))
    #expect(first == Composer.sound(for: music, duration: .seconds(2)))
    var other = music
    other.seed = 6
    #expect(first != Composer.sound(for: other, duration: .seconds(2)))
  }

  @Test func withoutMusicThereIsSilenceOfTheRightLength() {
    let sound = Composer.sound(for: nil, duration: .milliseconds(1500))
    #expect(sound.count == 72_000 && sound.left.allSatisfy { $0 == 0 })
  }

  @Test func ffmpegMeasuresTheLoudnessWePromiseInTheFile() async throws {
    try await Fixtures.withFolder { folder in
      let path = folder.appending(path: "a.mp4").path
      var hello = try Fixtures.hello()
      hello.music = Music(mood: .bold, tempo: 110, seed: 2)
      _ = try await Renderer().render(
        hello, for: Placement(id: "t", width: 180, height: 320), assets: .none, to: path)
      let report = try Fixtures.run(
        "ffmpeg", ["-hide_banner", "-nostats", "-i", path, "-af", "ebur128=peak=true", "-f", "null", "-"]
      ).output
      let summary = try #require(report.components(separatedBy: "Summary:").last)
      func figure(_ name: String) throws -> Double {
        let line = try #require(summary.split(separator: "\n").first { $0.contains(name) })
        return try #require(Double(line.split(separator: " ").dropFirst().first ?? ""))
      }
      #expect(abs(try figure(" I:") + 14) < 0.6)
      #expect(try figure("Peak:") <= -0.9)
    }
  }

  @Test func loudnessIsThatOfTheStandardsSine() {
    // BS.1770: a 997 Hz sine at 0 dBFS in one channel reads -3.01 LUFS.
    var sound = StereoSound(count: 96_000)
    for index in 0..<sound.count { sound.left[index] = Float(sin(Double(index) * 2 * .pi * 997 / 48_000)) }
    #expect(abs(Loudness.integrated(sound) + 3.01) < 0.05)
  }
}
