import CMedia

/// One finished picture as a file's bytes.
enum StillPicture {
  /// The PNG with its colours named: sRGB, perceptual intent (PNG 11.3.2.5), between the head and what follows.
  static func png(_ bitmap: Bitmap) throws(EngineError) -> [UInt8] {
    let plain = try bitmap.png()
    // The signature and IHDR, always the first.
    let head = 8 + 25
    let named: [UInt8] = [0, 0, 0, 1, 0x73, 0x52, 0x47, 0x42, 0, 0xAE, 0xCE, 0x1C, 0xE9]
    guard plain.count > head else { return plain }
    return plain[..<head] + named + plain[head...]
  }

  /// - Parameter quality: 0 (worst) to 100.
  static func webp(_ bitmap: Bitmap, quality: Int) throws(EngineError) -> [UInt8] {
    let side = min(bitmap.width, bitmap.height)
    let scaler = try PictureScaler(width: bitmap.width, height: bitmap.height, shorterSide: side)
    let encoder = try WebPEncoder(
      width: bitmap.width, height: bitmap.height, quality: quality, moves: false)
    try encoder.encode(try scaler.scaled(bitmap), 0)
    return try encoder.finish()
  }

  /// Still pictures show more of their faults than moving ones.
  static let usualQuality = 90
}

extension PosterMoment {
  /// The number of the frame.
  func frame(in film: Film) -> Int {
    let count = film.frames.count
    switch self {
    case .first: return 0
    case .at(let time):
      return min(max(0, time.milliseconds * Engine.framesPerSecond / 1000), count - 1)
    case .telling:
      let score = Self.scores(film)
      guard let most = score.max(), most > 0, let first = score.firstIndex(of: most) else { return count / 2 }
      let end = score[first...].firstIndex { $0 < most } ?? count
      // Not the first of them: other things may still be on their way.
      return (first + end) / 2
    }
  }

  /// For every frame, how large an area of words rests in it.
  private static func scores(_ film: Film) -> [Int] {
    var changes = [Double](repeating: 0, count: film.frames.count + 1)
    for words in film.subject?.words ?? [] {
      let area = words.lines.reduce(0) { $0 + $1.width * $1.height }
      let steady = words.steady.clamped(to: 0..<film.frames.count)
      changes[steady.lowerBound] += area
      changes[steady.upperBound] -= area
    }
    var sum = 0.0
    return changes.dropLast().map { change in
      sum += change
      return Int(sum.rounded())
    }
  }
}
