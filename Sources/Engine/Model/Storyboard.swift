/// What a variant shows, scene by scene, in no particular size: the same storyboard is laid out for every
/// placement. Its JSON (`Codable`) and its YAML (`Storyboard(document:)`) have the same keys.
public struct Storyboard: Sendable, Hashable {
  /// The version of this form; a document must name it.
  public static let schema = "retake.storyboard/1"

  /// The whole length; equals the sum of the scenes' durations.
  public var duration: TimeSpan
  /// Shapes everything that is free: drift of lights, the music's turns.
  public var seed: Int
  /// BCP 47, such as `en`, `de`, `pt-BR`, `ar`: chooses glyph forms and the direction of layouts.
  public var language: String
  public var palette: Palette
  public var fonts: Fonts
  public var scenes: [Scene]
  public var music: Music?
  /// A licensed recording in the place of composed music; written as `music`, too.
  public var recording: MusicTrack?
  /// In the order they are spoken.
  public var voice: [VoiceLine] = []

  public init(
    duration: TimeSpan, seed: Int = 1, language: String = "en", palette: Palette, fonts: Fonts = Fonts(),
    scenes: [Scene], music: Music? = nil
  ) {
    self.duration = duration
    self.seed = seed
    self.language = language
    self.palette = palette
    self.fonts = fonts
    self.scenes = scenes
    self.music = music
  }

  /// Every asset the storyboard shows or plays, each once, in order of appearance, pictures first.
  public var assets: [String] {
    var seen: [String] = []
    for scene in scenes {
      var ids: [String] = []
      if case .photo(let photo) = scene.background { ids.append(photo.asset) }
      for case .image(let image) in scene.layers { ids.append(image.asset) }
      for id in ids where !seen.contains(id) { seen.append(id) }
    }
    for id in Soundtrack(self).assets where !seen.contains(id) { seen.append(id) }
    return seen
  }

  /// Scripts written from right to left mirror the whole layout: `start` is then on the right.
  var isRightToLeft: Bool { Self.isRightToLeft(language) }

  static func isRightToLeft(_ language: String) -> Bool {
    ["ar", "he", "fa", "ur", "yi", "ps", "sd", "ug", "dv", "ckb"].contains(
      language.lowercased().split(separator: "-").first.map(String.init) ?? "")
  }
}

/// The sound under the pictures, composed from these words; the same words give the same sound.
public struct Music: Sendable, Hashable, Codable {
  public enum Mood: String, Sendable, Hashable, Codable, CaseIterable {
    case airy, pulse, plucked, warm, bold
  }

  public var mood: Mood
  /// Beats in a minute, 60 to 180.
  public var tempo: Int
  public var seed: Int

  public init(mood: Mood, tempo: Int, seed: Int) {
    self.mood = mood
    self.tempo = tempo
    self.seed = seed
  }
}
