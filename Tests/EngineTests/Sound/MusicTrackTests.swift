import Documents
import Foundation
import Testing

@testable import Engine

@Suite struct MusicTrackTests {
  /// A knock of 30 ms twice a second: 120 beats a minute.
  private static let knocks = "aevalsrc='0.6*sin(2*PI*900*t)*exp(-90*mod(t-0.25+4,0.5))':s=22050"

  @Test(arguments: [
    ("a.wav", ["-ac", "1", "-ar", "22050"]), ("a.wav", ["-ac", "1", "-ar", "11025", "-c:a", "pcm_u8"]),
    ("a.mp3", ["-ac", "2", "-ar", "44100", "-b:a", "128k"]), ("a.flac", ["-ar", "96000"]),
    ("a.m4a", ["-ac", "6", "-ar", "48000"]), ("a.ogg", ["-ac", "1", "-ar", "32000", "-c:a", "libvorbis"]),
  ])
  func everyKindOfFileLoopsOnItsBars(name: String, arguments: [String]) async throws {
    try await Fixtures.withFolder { folder in
      let path = folder.appending(path: name).path
      try SoundFixtures.make(path, source: Self.knocks + ":d=5.3", arguments)
      let track = MusicTrack(asset: "song", tempo: 120)
      let sound = try TrackCutter(track, path: path).cut(to: 9 * 48_000)
      #expect(sound.count == 9 * 48_000)
      // It begins on a beat and keeps the beat through both joins.
      for beat in 1..<13 {
        let rise = SoundFixtures.steepestRise(sound.left, near: Double(beat) * 0.5)
        #expect(abs(rise - Double(beat) * 0.5) <= 0.013, "beat \(beat) at \(rise)")
      }
      #expect(sound.left.suffix(10).allSatisfy { abs($0) < 0.001 })
    }
  }

  @Test func theTempoOfARecordingIsHeard() async throws {
    try await Fixtures.withFolder { folder in
      let path = folder.appending(path: "a.wav").path
      for tempo in [84.0, 127.5] {
        let period = 60 / tempo
        try SoundFixtures.make(
          path,
          source: "aevalsrc='0.5*sin(2*PI*70*t)*exp(-30*mod(t,\(period)))"
            + "+0.2*sin(2*PI*5000*t)*exp(-200*mod(t,\(period / 2)))':s=44100:d=20")
        let heard = try #require(TempoEstimate(of: try SoundDecoder.decode(path, seconds: 60)))
        #expect(abs(heard.tempo - tempo) < 0.3, "\(heard) for \(tempo)")
      }
    }
  }

  @Test func aJoinMakesNoClick() async throws {
    try await Fixtures.withFolder { folder in
      let path = folder.appending(path: "a.wav").path
      // A bar does not hold whole periods of this tone: put end to end, the wave would jump.
      try SoundFixtures.make(path, source: "sine=frequency=331.7:sample_rate=48000:duration=6")
      let track = MusicTrack(asset: "song", tempo: 117, firstBeat: .milliseconds(120))
      let sound = try TrackCutter(track, path: path).cut(to: 14 * 48_000)
      let amplitude = sound.left[48_000..<96_000].map(abs).max() ?? 0
      let steepest = amplitude * Float(2 * Double.pi * 331.7 / 48_000)
      for index in 1000..<sound.count {
        #expect(abs(sound.left[index] - sound.left[index - 1]) <= steepest * 1.6, "sample \(index)")
      }
    }
  }

  @Test func aLongRecordingBeginsWhereItIsToldAndFadesOut() async throws {
    try await Fixtures.withFolder { folder in
      let path = folder.appending(path: "a.wav").path
      // Low for eight seconds, then high.
      try SoundFixtures.make(path, source: "aevalsrc='0.4*sin(2*PI*t*if(lt(t,8),300,900))':s=44100:d=30")
      let track = MusicTrack(asset: "song", tempo: 120, firstBeat: .zero, from: .milliseconds(7200))
      let sound = try TrackCutter(track, path: path).cut(to: 6 * 48_000)
      // The bar after 7.2 s begins at 8 s.
      #expect(SoundFixtures.amplitude(of: 900, in: sound.left[4800..<9600]) > 0.25)
      #expect(SoundFixtures.amplitude(of: 300, in: sound.left[4800..<9600]) < 0.02)
      let end = SoundFixtures.amplitude(of: 900, in: sound.left[sound.count - 4800..<sound.count])
      let middle = SoundFixtures.amplitude(
        of: 900, in: sound.left[sound.count - 36_000..<sound.count - 31_200])
      #expect(end < 0.05 && middle > 0.07 && middle < 0.27)
    }
  }

  @Test func filesThatAreNoneOrCutOffAreToldByNameAndReason() async throws {
    try await Fixtures.withFolder { folder in
      let path = folder.appending(path: "a.wav").path
      func reason(_ track: MusicTrack = MusicTrack(asset: "song")) -> String {
        do {
          _ = try TrackCutter(track, path: path).cut(to: 48_000)
          return ""
        } catch { return error.description }
      }
      #expect(reason().contains("music asset \"song\": \(path) cannot be opened"))
      try Data("#EXTM3U\n/etc/passwd\n".utf8).write(to: URL(fileURLWithPath: path))
      #expect(reason().contains("cannot be opened"))
      try SoundFixtures.make(path, source: "color=black:s=64x64:d=1", ["-f", "mp4"])
      #expect(reason().contains("holds no sound"))
      for format in ["wav", "flac"] {
        try SoundFixtures.make(path, source: "sine=duration=200", ["-f", format])
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        try whole.prefix(whole.count / 2).write(to: URL(fileURLWithPath: path))
        #expect(reason().contains("is cut off: it tells"), "\(reason())")
      }
      try SoundFixtures.make(path, source: "sine=duration=2")
      #expect(reason(MusicTrack(asset: "song", from: .seconds(9))).contains("is to begin at 9s"))
    }
  }

  @Test func aTrackInASoundtrackIsAsLoudAsComposedMusic() async throws {
    try await Fixtures.withFolder { folder in
      let path = folder.appending(path: "a.wav").path
      try SoundFixtures.make(path, source: Self.knocks + ":d=7", ["-af", "volume=-20dB"])
      let soundtrack = Soundtrack(duration: .seconds(5), music: .track(MusicTrack(asset: "song")))
      let made = try Composer().mastered(soundtrack, assets: AssetResolver(["song": path]))
      let out = folder.appending(path: "a.aac").path
      try SoundFixtures.write(made.encoded, to: out)
      let reading = try SoundFixtures.reading(out)
      #expect(abs(reading.loudness + 14) <= 0.5 && reading.peak <= -1, "\(reading)")
      #expect(throws: EngineError.assetMissing(asset: "song")) {
        try SoundCache().mastered(soundtrack, assets: .none)
      }
    }
  }

  @Test func documentsSayWhereTheBarsAre() throws {
    let document = try Document(
      text: "{asset: song, tempo: 98.5, first_beat: 80ms, beats_per_bar: 3, from: 12s}", name: "m.yaml")
    let track = try document.read { MusicTrack($0) }
    #expect(
      track
        == MusicTrack(
          asset: "song", tempo: 98.5, firstBeat: .milliseconds(80), beatsPerBar: 3, from: .seconds(12)))
    #expect(try JSONDecoder().decode(MusicTrack.self, from: JSONEncoder().encode(track)) == track)
  }
}
