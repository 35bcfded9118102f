import Documents

/// What a composition says of its sound, and where.
struct SoundChoice: Sendable, Hashable {
  private(set) var music: Soundtrack.Source?
  private(set) var musicPlace: Place?
  private(set) var voice: [VoiceLine] = []
  private(set) var voicePlaces: [Place] = []
  private let language: String

  /// Silence.
  init() { language = "en" }

  /// The music of the composition `root`.
  init(_ root: FormReader) {
    language = root.text("language") ?? "en"
    guard let node = root.value("music") else { return }
    musicPlace = Place(node)
    if node.isMapping, node.mapping().keys.contains("asset") {
      music = .track(MusicTrack(FormReader(node, Forms.recording, root.clock)))
    } else {
      let reader = FormReader(node, Forms.music, root.clock)
      music = .composed(
        Music(
          mood: reader.choice("mood", Music.Mood.self), tempo: reader.whole("tempo"),
          seed: reader.whole("seed")))
    }
  }

  /// Beats in a minute, where they are known.
  var tempo: Double? {
    switch music {
    case .composed(let music): Double(music.tempo)
    case .track(let track): track.tempo
    case nil: nil
    }
  }

  mutating func readVoice(_ root: FormReader) {
    guard case .list(_, let count) = root.form["voice"].type else { return }
    let items = root.value("voice")?.list(count: count) { $0 } ?? []
    voice = VoiceLine.list(items, language: language, clock: root.clock)
    voicePlaces = items.map { Place($0) }
  }

  func soundtrack(duration: TimeSpan, cuts: [Soundtrack.Cut]) -> Soundtrack {
    Soundtrack(duration: duration, cuts: cuts, music: music, voice: voice)
  }

  /// Where what `error` tells of stands in the document.
  func place(of error: SoundError) -> Place? {
    switch error {
    case .trackUnreadable, .trackTooShort, .soundFontMissing, .soundFontUnusable: musicPlace
    case .voiceProgramFailed(_, let line, _), .voiceTooLong(let line, _, _, _),
      .voiceUnreadable(let line, _, _, _):
      voicePlaces.indices.contains(line - 1) ? voicePlaces[line - 1] : nil
    case .voiceProgramMissing: voicePlaces.first
    case .clipUnreadable, .libraryFailed: nil
    }
  }
}

extension Screenplay {
  /// Runs `body`, telling of its errors where in the document their reason stands.
  ///
  /// - Throws: `EngineError`; what else `body` throws.
  func locating<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as SoundError {
      if case .composition(let composition) = self,
        let place = composition.sound.place(of: error) ?? composition.clipPlace(of: error)
      {
        throw EngineError.refused(composition.problem(place, error.description))
      }
      throw EngineError.libraryFailed(operation: "making the sound", reason: error.description)
    }
  }
}
