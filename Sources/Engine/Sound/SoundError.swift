/// Why an ad's sound could not be made: what, where, and what to do about it.
public enum SoundError: Error, Sendable, Hashable {
  case soundFontMissing(path: String)
  case soundFontUnusable(path: String, reason: String)
  case trackUnreadable(asset: String, path: String, reason: String)
  /// Milliseconds there are from where it begins, and that are needed.
  case trackTooShort(asset: String, holds: Int, needed: Int)
  /// `line` counts from 1.
  case voiceUnreadable(line: Int, asset: String, path: String, reason: String)
  case clipUnreadable(asset: String, path: String, reason: String)
  case voiceProgramMissing(program: String)
  case voiceProgramFailed(program: String, line: Int, reason: String)
  /// Times in milliseconds; `line` counts from 1.
  case voiceTooLong(line: Int, text: String, speaks: Int, room: Int)
  case libraryFailed(operation: String, reason: String)
}

extension SoundError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .soundFontMissing(let path):
      "there is no soundfont at \(path), and music is played from one: install the Debian package "
        + "fluid-soundfont-gm (scripts/setup does), or name another General MIDI .sf2 file in the settings"
    case .soundFontUnusable(let path, let reason):
      "the soundfont \(path) cannot be used: \(reason); reinstall the Debian package fluid-soundfont-gm, "
        + "or name another General MIDI .sf2 file in the settings"
    case .trackUnreadable(let asset, let path, let reason):
      "music asset \"\(asset)\": \(path) \(reason)"
    case .trackTooShort(let asset, let holds, let needed):
      "music asset \"\(asset)\" has \(Self.seconds(holds)) from where it is to begin, but the ad lasts "
        + "\(Self.seconds(needed)): let it loop, begin earlier, or take a longer one"
    case .voiceUnreadable(let line, let asset, let path, let reason):
      "voice line \(line), asset \"\(asset)\": \(path) \(reason)"
    case .clipUnreadable(let asset, let path, let reason):
      "the sound of footage asset \"\(asset)\": \(path) \(reason); leave its volume away, or give it sound"
    case .voiceProgramMissing(let program):
      "the voice program \"\(program)\" is not installed: install it (Debian: apt-get install espeak-ng for "
        + "the plain one), or name another in the settings"
    case .voiceProgramFailed(let program, let line, let reason):
      "voice line \(line): \(program) \(reason)"
    case .voiceTooLong(let line, let text, let speaks, let room):
      "voice line \(line) (\"\(text.prefix(40))\(text.count > 40 ? "…" : "")\") takes "
        + "\(Self.seconds(speaks)), but only \(Self.seconds(room)) are left for it, even when words are spoken a "
        + "little faster; shorten it, let it begin earlier, or make the ad longer"
    case .libraryFailed(let operation, let reason):
      "\(operation) failed: \(reason)"
    }
  }

  private static func seconds(_ milliseconds: Int) -> String {
    "\(milliseconds / 1000).\(milliseconds % 1000 / 100) s"
  }
}
