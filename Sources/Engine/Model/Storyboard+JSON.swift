extension Storyboard: Codable {
  private enum Keys: String, CodingKey {
    case schema, duration, seed, language, palette, fonts, scenes, music, voice
  }

  /// What tells a recording from words to a composer.
  private enum MusicKeys: String, CodingKey { case asset }

  public init(from decoder: any Decoder) throws {
    let map = try decoder.container(keyedBy: Keys.self)
    let schema = try map.decode(String.self, forKey: .schema)
    guard schema == Self.schema else {
      throw DecodingError.dataCorruptedError(
        forKey: .schema, in: map, debugDescription: "\"\(schema)\" is not \(Self.schema)")
    }
    self.init(
      duration: try map.decode(TimeSpan.self, forKey: .duration),
      seed: try map.decode(Int.self, forKey: .seed),
      language: try map.decode(String.self, forKey: .language),
      palette: try map.decode(Palette.self, forKey: .palette),
      fonts: try map.decode(Fonts.self, forKey: .fonts),
      scenes: try map.decode([Scene].self, forKey: .scenes))
    voice = try map.decodeIfPresent([VoiceLine].self, forKey: .voice) ?? []
    guard map.contains(.music), try !map.decodeNil(forKey: .music) else { return }
    if try map.nestedContainer(keyedBy: MusicKeys.self, forKey: .music).contains(.asset) {
      recording = try map.decode(MusicTrack.self, forKey: .music)
    } else {
      music = try map.decode(Music.self, forKey: .music)
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var map = encoder.container(keyedBy: Keys.self)
    try map.encode(Self.schema, forKey: .schema)
    try map.encode(duration, forKey: .duration)
    try map.encode(seed, forKey: .seed)
    try map.encode(language, forKey: .language)
    try map.encode(palette, forKey: .palette)
    try map.encode(fonts, forKey: .fonts)
    try map.encode(scenes, forKey: .scenes)
    if let recording {
      try map.encode(recording, forKey: .music)
    } else {
      try map.encodeIfPresent(music, forKey: .music)
    }
    if !voice.isEmpty { try map.encode(voice, forKey: .voice) }
  }
}
