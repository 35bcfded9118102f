import Documents
import Foundation
import Testing

@testable import Engine

/// What documents say of music and voice.
@Suite struct SoundChoiceTests {
  private static func composition(_ sound: String) -> String {
    "schema: retake.composition/1\nlanguage: de\n\(sound)\nscenes: [{duration: 4s}, {duration: 2s}]\n"
  }

  private static func read(_ sound: String) throws -> Composition {
    try Composition(document: Document(text: composition(sound), name: "ad.yaml"))
  }

  @Test func aRecordingAndLinesAreReadWithTheMusicsBeats() throws {
    let composition = try Self.read(
      """
      music: {asset: song.mp3, tempo: 90, from: 12s, gain: -3, loop: false}
      voice:
        - {text: Hallo, at: "@beat 3"}
        - {asset: bye.wav, at: 5s}
      """)
    let soundtrack = Screenplay.composition(composition).soundtrack
    var track = MusicTrack(asset: "song.mp3", tempo: 90, from: .seconds(12))
    (track.gain, track.loops) = (-3, false)
    #expect(soundtrack.music == .track(track))
    #expect(composition.music == nil && composition.tempo == 90)
    #expect(
      soundtrack.voice
        == [
          VoiceLine(text: "Hallo", at: .seconds(2), language: "de"),
          {
            var line = VoiceLine(asset: "bye.wav", at: .seconds(5))
            line.language = "de"
            return line
          }(),
        ])
    #expect(composition.assets == ["song.mp3", "bye.wav"])
    #expect(soundtrack.cuts.map(\.at) == [.seconds(4)])
  }

  @Test(arguments: [
    ("music: {asset: a.mp3, mood: warm}", "ad.yaml:3:23: music: unknown key \"mood\""),
    ("music: {tempo: 100}", "ad.yaml:3:8: music: the key \"mood\" is missing"),
    ("tempo: 100\nmusic: {asset: a.mp3, tempo: 90}", "the music's is 90"),
    ("voice: [{at: 1s}]", "must have either text"),
    ("voice: [{text: a, asset: b}]", "must have either text"),
    ("voice: [{text: a, at: 2s}, {text: b, at: 1s}]", "begins at 1s, not after the line before it (2s)"),
    ("music: {asset: a.mp3, from: 2h}", "music.from"),
  ])
  func whatContradictsItselfIsToldWithItsPlace(sound: String, expected: String) throws {
    let error = try #require(throws: DocumentError.self) { try Self.read(sound) }
    #expect(error.description.contains("ad.yaml:"), "\(error)")
    #expect(error.description.contains(expected), "\(error)")
  }

  @Test func storyboardsSayTheSameAndKeepItThroughJSON() throws {
    let hello = Fixtures.root.appending(path: "examples/storyboards/hello.yaml")
    let plain = try String(contentsOf: hello, encoding: .utf8)
    let text = plain.replacing(
      "music: {mood: pulse, tempo: 120, seed: 3}",
      with: "music: {asset: song.mp3, first_beat: 80ms}\nvoice: [{text: Hello, at: 1s}]")
    let board = try Storyboard(document: Document(text: text, name: "hello.yaml"))
    #expect(board.recording == MusicTrack(asset: "song.mp3", firstBeat: .milliseconds(80)))
    #expect(board.music == nil && board.voice == [VoiceLine(text: "Hello", at: .seconds(1))])
    #expect(board.assets.last == "song.mp3")
    #expect(try JSONDecoder().decode(Storyboard.self, from: JSONEncoder().encode(board)) == board)
    let composed = try Storyboard(document: Document(text: plain, name: "hello.yaml"))
    let json = try JSONEncoder().encode(composed)
    #expect(try JSONDecoder().decode(Storyboard.self, from: json) == composed)
    #expect(!String(decoding: json, as: UTF8.self).contains("voice"))
  }

  @Test func errorsOfTheSoundNameTheDocumentsLine() async throws {
    let composition = Screenplay.composition(
      try Self.read("music: {mood: warm, tempo: 100}\nvoice:\n  - {text: Hallo}\n  - {text: Nochmal, at: 1s}")
    )
    let none = SoundSettings(
      soundFont: "/nowhere.sf2", voice: VoiceProgram(executable: "no-such-voice", arguments: []))
    let placement = Fixtures.shapes[1]
    await #expect {
      try await Renderer(sound: none).check(composition, for: placement, assets: .none)
    } throws: {
      "\($0)".hasPrefix("ad.yaml:3:8: music: there is no soundfont at /nowhere.sf2")
    }
    var mute = SoundSettings()
    mute.voice = none.voice
    await #expect {
      try await Renderer(sound: mute).check(composition, for: placement, assets: .none)
    } throws: {
      "\($0)".hasPrefix("ad.yaml:5:5: voice[0]: the voice program \"no-such-voice\" is not installed")
    }
    var failing = SoundSettings()
    failing.voice = SoundFixtures.voice(
      "read word; [ \"$word\" = Hallo ] && exec espeak-ng --stdout hi; echo hoarse >&2; exit 3")
    try await Fixtures.withFolder { folder in
      _ = await #expect {
        try await Renderer(sound: failing).render(
          composition, for: placement, assets: .none, to: folder.appending(path: "a.mp4").path)
      } throws: {
        "\($0)".hasPrefix("ad.yaml:6:5: voice[1]: voice line 2: ") && "\($0)".hasSuffix("hoarse")
      }
    }
  }

  @Test func aRecordedVoiceIsHeardWhenItIsToBeAndARecordingReplacedUnderItsNameIsHeard() async throws {
    try await Fixtures.withFolder { folder in
      let path = folder.appending(path: "voice.wav").path
      try SoundFixtures.make(path, source: "sine=frequency=500:duration=1")
      let soundtrack = Soundtrack(duration: .seconds(3), voice: [VoiceLine(asset: "voice", at: .seconds(1))])
      let (cache, assets) = (SoundCache(), AssetResolver(["voice": path]))
      let sound = try cache.mastered(soundtrack, assets: assets).sound
      func peak(_ seconds: ClosedRange<Double>) -> Float {
        let rate = Double(Engine.sampleRate)
        return sound.left[Int(seconds.lowerBound * rate)..<Int(seconds.upperBound * rate)].map(abs).max() ?? 0
      }
      #expect(peak(0...0.95) < 0.001 && peak(1.1...1.9) > 0.05 && peak(2.1...3) < 0.001)
      try SoundFixtures.make(path, source: "sine=frequency=900:duration=1")
      #expect(try cache.mastered(soundtrack, assets: assets).sound != sound)
      try SoundFixtures.make(path, source: "sine=duration=9")
      #expect {
        try cache.mastered(soundtrack, assets: assets)
      } throws: {
        "\($0)".contains("voice line 1 (\"voice\") takes 9.0 s, but only 1.8 s are left")
      }
    }
  }
}
