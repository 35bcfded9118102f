extension Storyboard {
  /// Holds the storyboard to its own rules and the placement's. Says nothing of assets and of text that
  /// does not fit: both show when the scenes are laid out.
  ///
  /// - Throws: `EngineError.invalidStoryboard`, `EngineError.placementUnfit`.
  public func check(for placement: Placement) throws(EngineError) {
    try checkTimes()
    try placement.check(duration: duration, what: "storyboard")
  }

  private func checkTimes() throws(EngineError) {
    guard let first = scenes.first else { throw .invalidStoryboard(reason: "it has no scenes") }
    guard first.transition.kind == .cut else {
      throw .invalidStoryboard(reason: "the first scene's transition must be a cut")
    }
    let total = scenes.reduce(TimeSpan.zero) { $0 + $1.duration }
    guard total == duration else {
      throw .invalidStoryboard(reason: "its duration is \(duration), but its scenes last \(total) together")
    }
    guard duration <= .seconds(180) else {
      throw .invalidStoryboard(reason: "it lasts \(duration); 180s is the most")
    }
    for (index, scene) in scenes.enumerated() {
      guard scene.duration >= .milliseconds(300) else {
        throw .invalidStoryboard(reason: "scene \(index + 1) lasts \(scene.duration); 300ms is the least")
      }
      guard scene.transition.duration >= .zero, scene.transition.duration <= scene.duration else {
        throw .invalidStoryboard(
          reason: "the transition into scene \(index + 1) lasts \(scene.transition.duration), "
            + "longer than the scene (\(scene.duration))")
      }
    }
    if let music, !(60...180).contains(music.tempo) {
      throw .invalidStoryboard(reason: "the music's tempo is \(music.tempo); 60 to 180 is allowed")
    }
  }
}

extension Placement {
  /// Holds `what`, so long, to the placement's rules.
  func check(duration: TimeSpan, what: String) throws(EngineError) {
    let (width, height, zone) = (width, height, safeZone)
    guard (64...8192).contains(width), (64...8192).contains(height), width % 2 == 0, height % 2 == 0 else {
      throw .placementUnfit(
        placement: id, reason: "\(width)x\(height) is not an even size between 64 and 8192 pixels")
    }
    guard min(zone.left, zone.right, zone.top, zone.bottom) >= 0, zone.left + zone.right < width,
      zone.top + zone.bottom < height
    else {
      throw .placementUnfit(placement: id, reason: "its safe zone leaves no room")
    }
    guard codecs.contains("h264") else {
      throw .placementUnfit(
        placement: id,
        reason: "it takes \(codecs.joined(separator: ", ")), but the engine writes h264")
    }
    if let least = minimumDuration, duration < least {
      throw .placementUnfit(
        placement: id, reason: "it wants at least \(least), but the \(what) lasts \(duration)")
    }
    if let most = maximumDuration, duration > most {
      throw .placementUnfit(
        placement: id, reason: "it takes at most \(most), but the \(what) lasts \(duration)")
    }
  }
}

extension Composition {
  /// Holds the composition to the placement's rules; its own are held when it is read.
  ///
  /// - Throws: `EngineError.placementUnfit`.
  public func check(for placement: Placement) throws(EngineError) {
    try placement.check(duration: duration, what: "composition")
  }
}
