/// Lets the voice program speak the lines of a soundtrack, each within its room.
struct VoiceOver {
  struct Spoken {
    var start: Int
    var sound: StereoSound
  }

  /// Between two lines, and after the last.
  private static let pause = 0.12
  /// How much faster a line may be spoken that would not fit.
  private static let fastest = 1.25
  /// All lines are brought to one loudness before they are mixed.
  private static let loudness = -18.0

  let program: VoiceProgram

  /// - Throws: `SoundError`; `CancellationError` when `flag` is set.
  func spoken(
    _ soundtrack: Soundtrack, assets: AssetResolver = .none, flag: CancellationFlag?
  ) throws -> [Spoken] {
    let rate = Double(Engine.sampleRate)
    return try soundtrack.voice.enumerated().map { index, line in
      let next = index + 1 < soundtrack.voice.count ? soundtrack.voice[index + 1].at : soundtrack.duration
      let room = min(next, soundtrack.duration).seconds - line.at.seconds - Self.pause
      var sound =
        try line.asset.map { try recording($0, of: index + 1, assets) }
        ?? speak(line, number: index + 1, speed: 1, flag: flag)
      if line.asset == nil, sound.seconds > room, sound.seconds <= room * Self.fastest * 1.05 {
        // Pauses do not shrink with the words: a little more than the quotient.
        let speed = min(Self.fastest, sound.seconds / room * 1.04)
        sound = try speak(line, number: index + 1, speed: speed, flag: flag)
      }
      guard sound.seconds <= room else {
        throw SoundError.voiceTooLong(
          line: index + 1, text: line.asset ?? line.text, speaks: Int(sound.seconds * 1000),
          room: Int(max(0, room) * 1000))
      }
      try Loudness.bring(&sound, to: Self.loudness)
      return Spoken(start: Int(line.at.seconds * rate), sound: sound)
    }
  }

  private func recording(_ asset: String, of line: Int, _ assets: AssetResolver) throws -> StereoSound {
    let path = try assets.path(of: asset)
    do throws(SoundDecoder.Fault) {
      guard let sound = Self.trimmed(try SoundDecoder.decode(path, seconds: 600)) else {
        throw SoundDecoder.Fault(reason: "is silent")
      }
      return sound
    } catch {
      throw SoundError.voiceUnreadable(line: line, asset: asset, path: path, reason: error.reason)
    }
  }

  private func speak(
    _ line: VoiceLine, number: Int, speed: Double, flag: CancellationFlag?
  ) throws -> StereoSound {
    let bytes: [UInt8]
    do throws(ExternalProgram.Failure) {
      bytes = try ExternalProgram(
        executable: program.executable, arguments: program.arguments(for: line, speed: speed),
        timeoutMilliseconds: program.timeoutMilliseconds, maximumBytes: program.maximumBytes
      ).run(input: Array(line.text.utf8), flag: flag)
    } catch {
      if error == .cancelled { throw CancellationError() }
      throw soundError(error, number)
    }
    guard !bytes.isEmpty else { throw failed(number, "wrote nothing to standard output") }
    // libav reads files.
    guard let file = ScratchFile(bytes) else {
      throw failed(number, "spoke, but the temporary folder is full")
    }
    defer { withExtendedLifetime(file) {} }
    do throws(SoundDecoder.Fault) {
      let sound = try SoundDecoder.decode(file.path, seconds: 600)
      guard let trimmed = Self.trimmed(sound) else { throw SoundDecoder.Fault(reason: "is silent") }
      return trimmed
    } catch {
      throw failed(
        number, "wrote something that \(error.reason); it is to write a WAV file to standard output")
    }
  }

  private func failed(_ line: Int, _ reason: String) -> SoundError {
    .voiceProgramFailed(program: program.executable, line: line, reason: reason)
  }

  private func soundError(_ failure: ExternalProgram.Failure, _ line: Int) -> SoundError {
    switch failure {
    case .notFound: .voiceProgramMissing(program: program.executable)
    case .cannotStart(let reason): failed(line, "cannot be started: \(reason)")
    case .timedOut(let milliseconds): failed(line, "did not finish within \(milliseconds) ms and was ended")
    case .tooMuchOutput(let limit): failed(line, "wrote more than \(limit) bytes and was ended")
    case .failed(let status, let message):
      failed(line, "ended with \(status)" + (message.isEmpty ? "" : ": \(message)"))
    case .cancelled: failed(line, "was cancelled")
    }
  }

  /// Without the silence before and after, and with soft edges; nil when there is nothing else.
  static func trimmed(_ sound: StereoSound) -> StereoSound? {
    let threshold: Float = 0.003
    func isHeard(_ index: Int) -> Bool {
      abs(sound.left[index]) > threshold || abs(sound.right[index]) > threshold
    }
    guard let first = (0..<sound.count).first(where: isHeard),
      let last = (0..<sound.count).last(where: isHeard)
    else { return nil }
    let margin = Engine.sampleRate / 100
    var part = sound.part(max(0, first - margin)..<min(sound.count, last + margin))
    Fade.apply(to: &part, in: 0.005, out: 0.01)
    return part
  }
}
