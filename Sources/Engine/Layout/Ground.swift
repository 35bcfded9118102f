import Foundation

/// What lies behind the words of a scene, as a few pixels at the scene's start and end: enough to choose
/// colours that can be read on it.
struct Ground {
  /// Pixels in a row of the samples; small, because only areas of the size of words matter.
  static let columns = 64

  private let width: Int
  private let height: Int
  private var samples: [[Colour]]
  private let scale: Double

  /// - Parameter frames: small pictures of the background, all of one size, `scale` of the true one.
  init(_ frames: [Bitmap], scale: Double) {
    width = frames.first?.width ?? 1
    height = frames.first?.height ?? 1
    self.scale = scale
    samples = frames.map { bitmap in
      let stride = bitmap.stride
      return bitmap.withPixels { pixels in
        (0..<bitmap.height).flatMap { row in
          (0..<bitmap.width).map { column in
            let pixel = pixels + row * stride + column * 4
            return Colour(red: pixel[2], green: pixel[1], blue: pixel[0])
          }
        }
      } ?? []
    }
  }

  /// Every sample behind `box`.
  func colours(behind box: Rectangle) -> [Colour] {
    let columns = clamp(box.x, box.right, width)
    let rows = clamp(box.y, box.bottom, height)
    return samples.flatMap { frame in
      rows.flatMap { row in columns.map { frame[row * width + $0] } }
    }
  }

  private func clamp(_ low: Double, _ high: Double, _ count: Int) -> ClosedRange<Int> {
    let first = min(max(0, Int((low * scale).rounded(.down))), count - 1)
    return first...min(max(first, Int((high * scale).rounded(.up)) - 1), count - 1)
  }

  /// The contrast of `text` with nearly all of `colours`: only the worst fifteenth is left out.
  static func contrast(of text: Colour, on colours: [Colour]) -> Double {
    let contrasts = colours.map { text.contrast(with: $0) }.sorted()
    return contrasts.isEmpty ? 21 : contrasts[contrasts.count / 15]
  }

  /// The mean of all samples.
  var mean: Colour {
    let all = samples.joined()
    func mean(_ part: KeyPath<Colour, UInt8>) -> UInt8 {
      UInt8(all.reduce(0) { $0 + Int($1[keyPath: part]) } / max(1, all.count))
    }
    return Colour(red: mean(\.red), green: mean(\.green), blue: mean(\.blue))
  }

  /// The weakest veil of `colour`, 0…0.9, under which `text` has at least `goal` of contrast.
  static func veil(_ colour: Colour, for text: Colour, on colours: [Colour], goal: Double) -> Double {
    // Every tenth sample of a large area says as much as all.
    let step = max(1, colours.count / 400)
    let few = stride(from: 0, to: colours.count, by: step).map { colours[$0] }
    for opacity in stride(from: 0.0, to: 0.9, by: 0.05)
    where contrast(of: text, on: few.map { $0.mixed(with: colour, opacity) }) >= goal {
      return opacity
    }
    return 0.9
  }
}
