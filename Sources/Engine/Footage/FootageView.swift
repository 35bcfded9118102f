/// Which part of a clip is shown, and how large.
struct FootageView: Sendable, Hashable {
  /// The part, as shares of the frame as shown.
  var left = 0.0
  var top = 0.0
  var width = 1.0
  var height = 1.0
  /// Pixels that the part becomes.
  var columns: Int
  var rows: Int
  /// Pixels; 0: square corners.
  var cornerRadius = 0.0

  /// All of the clip.
  init(columns: Int, rows: Int) {
    self.columns = max(1, columns)
    self.rows = max(1, rows)
  }

  /// The part that fills a box: of a clip of this aspect, around the framing's point.
  init(filling columns: Int, _ rows: Int, aspect: Double, framing: PhotoBackground.Framing) {
    self.init(columns: columns, rows: rows)
    let box = Double(self.columns) / Double(self.rows)
    let zoom = max(1, framing.zoom)
    (width, height) = aspect > box ? (box / aspect / zoom, 1 / zoom) : (1 / zoom, aspect / box / zoom)
    left = min(max(0, framing.x - width / 2), 1 - width)
    top = min(max(0, framing.y - height / 2), 1 - height)
  }

  var isWhole: Bool { width >= 1 && height >= 1 }

  /// The crop filter for frames of this size; nil where nothing is cut away. Even numbers, so that colour, which
  /// has half as many samples, is cut at the same place.
  func crop(_ frameWidth: Int, _ frameHeight: Int) -> String? {
    func even(_ value: Double, _ most: Int) -> Int { min(most, max(2, Int((value / 2).rounded()) * 2)) }
    guard !isWhole, frameWidth >= 4, frameHeight >= 4 else { return nil }
    let (w, h) = (
      even(width * Double(frameWidth), frameWidth), even(height * Double(frameHeight), frameHeight)
    )
    func place(_ share: Double, _ size: Int, _ part: Int) -> Int {
      min(max(0, Int((share * Double(size) / 2).rounded()) * 2), size - part)
    }
    return "crop=\(w):\(h):\(place(left, frameWidth, w)):\(place(top, frameHeight, h))"
  }
}
