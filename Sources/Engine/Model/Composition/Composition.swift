import Documents

/// A whole ad told in full: scenes on a timeline, layers with keyframes, masks and effects, in no particular
/// size. Where a `Storyboard` says what to show and leaves the rest to the engine, a composition says
/// everything; a layer of kind `flow` holds a storyboard's layers. Read from YAML or JSON; docs/composition.md
/// has every key, docs/composition.schema.json the JSON Schema.
public struct Composition: Sendable, Hashable {
  /// The version of the form; a document must name it.
  public static let schema = "retake.composition/1"
  /// Longer ones are refused.
  static let longest = 180.0

  /// The document's name as messages give it, such as its path.
  public let document: String
  public let title: String?
  public let seed: Int
  /// BCP 47.
  public let language: String
  public let palette: Palette
  public let fonts: Fonts
  /// Beats in a minute.
  public let tempo: Double
  let sound: SoundChoice
  let scenes: [CompositionScene]
  let layers: [CompositionLayer]

  init(
    document: String, title: String?, seed: Int, language: String, palette: Palette, fonts: Fonts,
    tempo: Double, sound: SoundChoice, scenes: [CompositionScene], layers: [CompositionLayer]
  ) {
    self.document = document
    self.title = title
    self.seed = seed
    self.language = language
    self.palette = palette
    self.fonts = fonts
    self.tempo = tempo
    self.sound = sound
    self.scenes = scenes
    self.layers = layers
  }

  /// What is composed for it; nil where a recording is heard, or none.
  public var music: Music? {
    if case .composed(let music) = sound.music { music } else { nil }
  }

  public var duration: TimeSpan { .seconds(scenes.last?.until ?? 0) }

  /// Everything the pictures follow from, as text that is equal for equal compositions in every process.
  var identity: String {
    let nameless = Composition(
      document: "", title: nil, seed: seed, language: language, palette: palette, fonts: fonts, tempo: tempo,
      sound: SoundChoice(), scenes: scenes, layers: layers)
    return String(reflecting: nameless)
  }

  /// When each scene begins: where the music's hits belong.
  public var cuts: [TimeSpan] { scenes.map { .seconds($0.from) } }

  /// Every asset that is shown or heard, each once, in order of appearance, pictures first.
  public var assets: [String] {
    var seen: [String] = []
    func add(_ assets: [String]) {
      for asset in assets where !seen.contains(asset) { seen.append(asset) }
    }
    for scene in scenes {
      if let asset = scene.transition.asset { add([asset]) }
      for layer in scene.layers { add(layer.assets) }
    }
    for layer in layers { add(layer.assets) }
    add(sound.soundtrack(duration: .zero, cuts: []).assets)
    return seen
  }

  var isRightToLeft: Bool { Storyboard.isRightToLeft(language) }

  func problem(_ place: Place, _ message: String) -> DocumentError.Problem {
    DocumentError.Problem(
      file: document, line: place.line, column: place.column, path: place.path, message: message)
  }
}

/// Where in its document something stands.
struct Place: Sendable, Hashable, CustomDebugStringConvertible {
  var line: Int
  var column: Int
  var path: String

  init(_ node: DocumentNode) {
    line = node.line
    column = node.column
    path = node.path
  }

  /// Without line and column, which change when a comment does.
  var debugDescription: String { path }

  /// A seed that stays with the place as long as what stands before it does.
  func seed(_ base: Int) -> UInt64 {
    // FNV-1a.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in path.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return hash ^ UInt64(bitPattern: Int64(base)) &* 0x9E37_79B9_7F4A_7C15
  }
}

/// A scene with its times worked out, in seconds of the whole.
struct CompositionScene: Sendable, Hashable {
  struct Transition: Sendable, Hashable {
    var kind: String
    var duration: Double
    var easing: Easing
    var direction: Passage.Direction
    var softness: Double
    var asset: String?
    var pattern: LumaPattern

    static let cut = Transition(
      kind: "cut", duration: 0, easing: .linear, direction: .left, softness: 0, asset: nil, pattern: .clouds)
  }

  var place: Place
  var name: String?
  var from: Double
  /// Where it ends by its own words: where the next begins, or the end of their overlap.
  var until: Double
  var transition: Transition
  /// From back to front; the first is the background.
  var layers: [CompositionLayer]
}
