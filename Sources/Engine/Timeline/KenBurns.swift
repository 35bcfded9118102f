import Foundation

/// A photo's slow move: which part of it fills the picture at any time.
struct KenBurns: Sendable, Hashable {
  var bitmap: Int
  var bitmapWidth: Double
  var bitmapHeight: Double
  /// The scale at which the bitmap just covers the picture.
  var coverScale: Double
  var from: PhotoBackground.Framing
  var to: PhotoBackground.Framing
  /// nil: a camera's.
  var easing: Easing?

  func mark(progress: Double, width: Double, height: Double) -> Frame.Mark {
    let clamped = min(1, max(0, progress))
    let p = easing?(clamped) ?? Easing.camera(clamped)
    // Zoom by ratio, so that the speed looks even.
    let zoom = from.zoom * pow(to.zoom / from.zoom, p)
    let scale = coverScale * zoom
    let (shownWidth, shownHeight) = (width / scale, height / scale)
    func edge(_ a: Double, _ b: Double, _ size: Double, _ shown: Double) -> Double {
      let centre = (a + (b - a) * p) * size
      return min(max(0, centre - shown / 2), max(0, size - shown))
    }
    let left = edge(from.x, to.x, bitmapWidth, shownWidth)
    let top = edge(from.y, to.y, bitmapHeight, shownHeight)
    return Frame.Mark(bitmap: bitmap, x: -left * scale, y: -top * scale, scale: scale)
  }
}
