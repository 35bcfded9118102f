/// How much work is put into a file.
public enum RenderQuality: Sendable, Hashable {
  /// To be published: the placement's own size, looked at by the gate.
  case full
  /// To be looked at while one works on a document: half the placement's width and height and the quickest
  /// encoding. The gate does not look at it.
  case preview

  /// What `placement` becomes.
  func placement(_ placement: Placement) -> Placement {
    self == .preview ? placement.halved : placement
  }
  var isInspected: Bool { self == .full }
}

extension Placement {
  /// Half as wide and half as high, for an ad of any length and a file of any kind and size. What the platform covers is rounded up.
  var halved: Placement {
    func half(_ pixels: Int) -> Int { (pixels + 1) / 2 }
    func even(_ pixels: Int) -> Int { max(64, (half(pixels) + 1) / 2 * 2) }
    var result = self
    (result.minimumDuration, result.maximumDuration, result.maximumBytes) = (nil, nil, nil)
    result.rules = PlacementRules()
    result.rules.loudness = rules.loudness
    (result.width, result.height) = (even(width), even(height))
    result.safeZone = SafeZone(
      top: half(safeZone.top), bottom: half(safeZone.bottom), left: half(safeZone.left),
      right: half(safeZone.right))
    return result
  }
}
