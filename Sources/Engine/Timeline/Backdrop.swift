import Foundation

/// A procedure before its time is put in.
enum Backdrop: Sendable, Hashable {
  case gradient(GradientField, angle: Track)
  case mesh(seed: UInt64, ground: Colour, colours: [Colour], speed: Double)
  case noise(NoiseField, speed: Double)
  case particles(ParticleField)
  /// `rate`: how many times in a second the grain changes.
  case grain(GrainField, rate: Double)
  case vignette(VignetteField)
  case grade(ColourGrade)
  /// Pixels.
  case blur(Track)

  /// Tracks run in the layer's time, drifts in the scene's.
  func procedure(at time: Double, local: Double) -> Procedure {
    switch self {
    case .gradient(var field, let angle):
      field.angle = angle(local) * .pi / 180
      return .gradient(field)
    case .mesh(let seed, let ground, let colours, let speed):
      return .mesh(Self.mesh(seed, ground, colours, time * speed))
    case .noise(var field, let speed):
      field.depth = time * speed
      return .noise(field)
    case .particles(var field):
      field.time = time
      return .particles(field)
    case .grain(var field, let rate):
      field.frame = Int((time * rate + 0.001).rounded(.down))
      return .grain(field)
    case .vignette(let field): return .vignette(field)
    case .grade(let grade): return .grade(grade)
    case .blur(let radius): return .blur(radius: radius(local))
    }
  }

  /// Lights on slow ellipses of their own.
  private static func mesh(
    _ seed: UInt64, _ ground: Colour, _ colours: [Colour], _ time: Double
  ) -> MeshField {
    MeshField(
      ground: ground,
      lights: colours.enumerated().map { index, colour in
        func chance(_ what: Int) -> Double { Chance.unit(seed, index, what) }
        let share = (Double(index) + 0.5) / Double(colours.count)
        let phase = chance(0) * 2 * .pi
        let way = time * (0.35 + 0.35 * chance(1)) * (chance(2) < 0.5 ? -1 : 1) + phase
        return MeshField.Light(
          x: 0.5 + 0.42 * cos(share * 2 * .pi + phase * 0.2) + 0.16 * cos(way),
          y: 0.5 + 0.42 * sin(share * 2 * .pi + phase * 0.2) + 0.16 * sin(way * 0.8),
          radius: 0.55 + 0.3 * chance(3), colour: colour)
      })
  }
}
