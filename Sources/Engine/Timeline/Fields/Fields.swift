/// A few soft lights wandering over a ground: what designers call a mesh gradient.
struct MeshField: Sendable, Hashable {
  struct Light: Sendable, Hashable {
    /// Middle and radius as shares of the picture's width, height and longer side.
    var x: Double
    var y: Double
    var radius: Double
    var colour: Colour
  }

  var ground: Colour
  var lights: [Light]
}

/// Slow clouds between colours, from seeded value noise.
struct NoiseField: Sendable, Hashable {
  var seed: UInt64
  /// From the noise's lows to its highs; at least two.
  var colours: [Colour]
  /// Clouds across the longer side.
  var scale: Double
  /// Where in the noise's third dimension this frame stands.
  var depth: Double
}

/// Small bright things on their ways, a pure function of the seed and the time.
struct ParticleField: Sendable, Hashable {
  enum Form: String, Sendable, Hashable, CaseIterable { case dots, bokeh, confetti, snow, sparks }

  var seed: UInt64
  var form: Form
  var count: Int
  /// Diameter of the largest, in pixels.
  var size: Double
  /// Picture heights in a second.
  var speed: Double
  var colours: [Colour]
  /// Seconds.
  var time: Double
}

/// Film grain: seeded noise, another one in every frame.
struct GrainField: Sendable, Hashable {
  var seed: UInt64
  /// 0…1; 0.1 is visible, 0.3 is a style.
  var strength: Double
  /// The noise's number; frames with the same number look the same.
  var frame: Int
}

/// Darkness (or colour) growing towards the corners.
struct VignetteField: Sendable, Hashable {
  var colour: Colour
  var strength: Double
  /// Where it begins, as a share of the way from the middle to the corner.
  var start: Double
}

/// Changes the colours of what is beneath, in the order of the fields.
struct ColourGrade: Sendable, Hashable {
  /// In stops; +1 doubles the light.
  var exposure = 0.0
  /// -1 (blue) to 1 (orange).
  var temperature = 0.0
  /// Around middle grey; 1 changes nothing.
  var contrast = 1.0
  /// 0 is grey, 1 changes nothing.
  var saturation = 1.0
  /// Shadows run to the first colour and highlights to the second, as far as `toning` says.
  var shadows: Colour?
  var highlights: Colour?
  var toning = 0.0
}
