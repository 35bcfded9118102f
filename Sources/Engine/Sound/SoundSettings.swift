import Cryptography
import Foundation

/// What the machine brings to the sound: the soundfont, and the program that speaks.
public struct SoundSettings: Sendable, Hashable {
  /// An SF2 file with the General MIDI presets.
  public var soundFont: String
  public var voice: VoiceProgram
  /// By how many decibels music steps back while somebody speaks.
  public var duckingDecibels: Double
  /// Music without reverb and chorus, played in half the time: for previews.
  var isDraft = false

  /// Where Debian's `fluid-soundfont-gm` puts its file.
  public static let standardSoundFont = "/usr/share/sounds/sf2/FluidR3_GM.sf2"

  public init(
    soundFont: String = SoundSettings.standardSoundFont, voice: VoiceProgram = .espeak,
    duckingDecibels: Double = 12
  ) {
    self.soundFont = soundFont
    self.voice = voice
    self.duckingDecibels = duckingDecibels
  }

  /// Hexadecimal; differs when another soundfont, voice program or ducking would give other samples. For the
  /// names of cached files, together with the soundtrack and `Engine.version`.
  ///
  /// Of the soundfont the length, the first 64 KiB (its name and version) and the last MiB (its presets) are
  /// read, not its 140 MB.
  ///
  /// - Throws: `SoundError.soundFontMissing`, `SoundError.soundFontUnusable`.
  public func fingerprint() throws(SoundError) -> String {
    try fingerprint(soundFont: true, voice: true)
  }

  /// Of that which is used.
  func fingerprint(soundFont isUsed: Bool, voice speaks: Bool) throws(SoundError) -> String {
    var parts = isUsed ? try soundFontParts() + [Array("draft \(isDraft)".utf8)] : []
    if speaks {
      let words = [voice.executable] + voice.arguments + [voice.standardVoice ?? "", "\(duckingDecibels)"]
      parts += words.map { Array($0.utf8) }
    }
    return SHA256.hash(fields: parts.map { SHA256.hash($0).hex }).hex
  }

  private func soundFontParts() throws(SoundError) -> [[UInt8]] {
    guard let file = FileHandle(forReadingAtPath: soundFont) else {
      throw .soundFontMissing(path: soundFont)
    }
    var parts: [[UInt8]] = []
    do {
      let size = try file.seekToEnd()
      try file.seek(toOffset: 0)
      parts.append(Array((try file.read(upToCount: 65_536)) ?? Data()))
      try file.seek(toOffset: size > 1 << 20 ? size - 1 << 20 : 0)
      parts.append(Array((try file.read(upToCount: 1 << 20)) ?? Data()))
      parts.append(Array("\(size)".utf8))
      try file.close()
    } catch {
      throw .soundFontUnusable(path: soundFont, reason: "it cannot be read")
    }
    return parts
  }
}
