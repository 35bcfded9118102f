import Documents
import Foundation
import Testing

@testable import Engine

@Suite struct VoiceOverTests {
  private static func soundtrack(
    _ text: String, at: TimeSpan = .seconds(1), seconds: Double = 6, music: Soundtrack.Source? = nil
  ) -> Soundtrack {
    Soundtrack(duration: .seconds(seconds), music: music, voice: [VoiceLine(text: text, at: at)])
  }

  private static func failure(_ program: VoiceProgram, _ soundtrack: Soundtrack = soundtrack("Hello"))
    -> String
  {
    do {
      _ = try VoiceOver(program: program).spoken(soundtrack, flag: nil)
      return ""
    } catch { return "\(error)" }
  }

  @Test func espeakSpeaksInTheLanguageOfTheLineAtItsTimeAndTheFileIsAsLoudAsPromised() async throws {
    try await Fixtures.withFolder { folder in
      var soundtrack = Self.soundtrack(
        "Half price until Sunday.", music: .composed(Music(mood: .warm, tempo: 96, seed: 1)))
      soundtrack.voice.append(VoiceLine(text: "Só até domingo.", at: .seconds(3.5), language: "pt-BR"))
      let spoken = try VoiceOver(program: .espeak).spoken(soundtrack, flag: nil)
      #expect(spoken.map(\.start) == [48_000, 168_000])
      #expect(spoken.allSatisfy { $0.sound.seconds > 0.5 && $0.sound.seconds < 2.4 })
      let again = try VoiceOver(program: .espeak).spoken(soundtrack, flag: nil)
      #expect(spoken.map(\.sound) == again.map(\.sound))
      let made = try Composer().mastered(soundtrack)
      let path = folder.appending(path: "a.aac").path
      try SoundFixtures.write(made.encoded, to: path)
      let reading = try SoundFixtures.reading(path)
      #expect(abs(reading.loudness + 14) <= 0.5 && reading.peak <= -1, "\(reading)")
    }
  }

  @Test func musicStepsBackUnderTheVoiceAndComesBack() async throws {
    try await Fixtures.withFolder { folder in
      let path = folder.appending(path: "a.wav").path
      try SoundFixtures.make(path, source: "sine=frequency=200:sample_rate=48000:duration=10")
      let settings = SoundSettings(voice: SoundFixtures.tone(seconds: 1.5))
      var soundtrack = Self.soundtrack("Hello", at: .seconds(2), seconds: 8)
      soundtrack.music = .track(MusicTrack(asset: "song", tempo: 120, firstBeat: .zero))
      let mix = try Composer(settings: settings).mix(
        soundtrack, assets: AssetResolver(["song": path]), flag: nil)
      func music(_ second: Double) -> Double {
        let start = Int(second * 48_000)
        return SoundFixtures.amplitude(of: 200, in: mix.left[start..<start + 9600])
      }
      let before = music(1.2)
      for second in [2.1, 2.6, 3.1] {
        #expect(abs(20 * log10(music(second) / before) + 12) < 0.5, "at \(second)")
      }
      #expect(abs(20 * log10(music(4.6) / before)) < 0.5)
    }
  }

  @Test func duckingHoldsBetweenWordsAndNeverJumps() {
    var voice = StereoSound(count: 5 * 48_000)
    for second in [1.0, 1.6, 3.9] {
      for index in Int(second * 48_000)..<Int((second + 0.2) * 48_000) {
        voice.left[index] = Float(sin(Double(index) * 0.2)) * 0.3
      }
    }
    let gains = Ducking(decibels: 12).gains(for: voice)
    #expect(gains[0] == 1 && gains[300] == 1)
    #expect(gains[105..<178].allSatisfy { abs($0 - 0.251) < 0.01 })
    #expect(zip(gains, gains.dropFirst()).allSatisfy { abs($0 - $1) < 0.12 })
  }

  @Test func aTextALittleTooLongIsSpokenFasterAndOneMuchTooLongIsRefused() throws {
    let text = "Only this week: everything for the garden at half the price."
    let calm = try VoiceOver(program: .espeak).spoken(Self.soundtrack(text, seconds: 20), flag: nil)
    let length = calm[0].sound.seconds
    let tight = Self.soundtrack(text, seconds: 1 + (length * 0.88 + 0.12))
    let fast = try VoiceOver(program: .espeak).spoken(tight, flag: nil)
    #expect(fast[0].sound.seconds <= length * 0.89)
    let told = Self.failure(.espeak, Self.soundtrack(text, seconds: 2.5))
    #expect(
      told.contains("voice line 1 (\"Only this week") && told.contains("only 1.3 s are left"), "\(told)")
    #expect(told.contains("shorten it, let it begin earlier, or make the ad longer"))
  }

  @Test func aLineEndsBeforeTheNextBegins() {
    var soundtrack = Self.soundtrack("One", at: .zero)
    soundtrack.voice.append(VoiceLine(text: "Two", at: .seconds(1)))
    #expect(Self.failure(SoundFixtures.tone(seconds: 1.5), soundtrack).contains("voice line 1"))
  }

  @Test func aProgramThatFailsHangsFloodsOrTalksNonsenseIsToldSo() {
    let missing = VoiceProgram(executable: "no-such-voice", arguments: [])
    #expect(Self.failure(missing).contains("\"no-such-voice\" is not installed"))
    let failing = SoundFixtures.voice("echo starting >&2; echo 'no model for this language' >&2; exit 3")
    #expect(
      Self.failure(failing).contains("voice line 1: sh ended with status 3: no model for this language"))
    let hanging = SoundFixtures.voice("sleep 600 & wait", timeout: 200)
    #expect(Self.failure(hanging).contains("did not finish within 200 ms and was ended"))
    let flooding = SoundFixtures.voice("yes", limit: 100_000)
    #expect(Self.failure(flooding).contains("wrote more than 100000 bytes"))
    #expect(Self.failure(SoundFixtures.voice("echo hello")).contains("is to write a WAV file"))
    #expect(Self.failure(SoundFixtures.voice("true")).contains("wrote nothing"))
    let silent = SoundFixtures.voice("ffmpeg -v error -f lavfi -i anullsrc=d=1 -f wav -")
    #expect(Self.failure(silent).contains("is silent"))
  }

  @Test func theTextReachesTheProgramWholeAndUnread() {
    let text = String(repeating: "“$(reboot)” ; {voice} ünd 🎉\n", count: 3000)
    let echo = SoundFixtures.voice("cmp -s - '\(NSTemporaryDirectory())/none'; exit 1")
    #expect(Self.failure(echo, Self.soundtrack(text)).contains("ended with status 1"))
    let counting = SoundFixtures.voice("wc -c >&2; exit 1")
    #expect(Self.failure(counting, Self.soundtrack(text)).contains(": \(text.utf8.count)"))
  }

  @Test func placeholdersAreFilledOnce() {
    let program = VoiceProgram(
      executable: "speak",
      arguments: ["--l={language}", "{primary_language}", "{voice}", "{speed}/{unknown}"],
      standardVoice: "anna")
    let line = VoiceLine(text: "Hi", at: .zero, language: "pt-BR", voice: "{speed}")
    #expect(program.arguments(for: line, speed: 1.056) == ["--l=pt-BR", "pt", "{speed}", "1.06/{unknown}"])
    #expect(program.arguments(for: VoiceLine(text: "Hi", at: .zero), speed: 1)[2] == "anna")
  }

  @Test func aCancelledRenderEndsTheVoiceProgram() {
    let flag = CancellationFlag()
    flag.set()
    #expect(throws: CancellationError.self) {
      try VoiceOver(program: SoundFixtures.voice("sleep 600", timeout: 60_000))
        .spoken(Self.soundtrack("Hello"), flag: flag)
    }
  }

  @Test func documentsGiveLinesTheirTimeAndLanguage() throws {
    let document = try Document(text: "{text: Hallo, at: 1500ms, voice: anna}", name: "v.yaml")
    let line = try document.read { VoiceLine($0, language: "de") }
    #expect(line == VoiceLine(text: "Hallo", at: .milliseconds(1500), language: "de", voice: "anna"))
  }
}
