extension Composition {
  /// What footage is to be heard, and when.
  var clipSounds: [ClipSound] {
    heard.map(\.sound)
  }

  private var heard: [(sound: ClipSound, place: Place)] {
    var sounds: [(sound: ClipSound, place: Place)] = []
    func add(_ layers: [CompositionLayer], from start: Double, until end: Double) {
      for layer in layers {
        let (from, until) = (start + layer.from, min(end, layer.until.map { start + $0 } ?? end))
        switch layer.kind {
        case .footage(let footage) where footage.volume > 0 && from < until:
          let sound = ClipSound(
            asset: footage.asset, from: .seconds(from), until: .seconds(until),
            clipFrom: .seconds(footage.from), clipUntil: footage.until.map { .seconds($0) },
            repeats: footage.repeats == .again, volume: footage.volume)
          sounds.append((sound, layer.place))
        case .stack(let stack): add(stack.layers, from: start, until: until)
        default: break
        }
      }
    }
    for (index, scene) in scenes.enumerated() {
      // A scene is heard while it is seen: until the next one is wholly there.
      let next = index + 1 < scenes.count ? scenes[index + 1] : nil
      add(scene.layers, from: scene.from, until: next.map { $0.from + $0.transition.duration } ?? scene.until)
    }
    add(layers, from: 0, until: scenes.last?.until ?? 0)
    return sounds
  }

  /// The layer whose clip cannot be heard.
  func clipPlace(of error: SoundError) -> Place? {
    guard case .clipUnreadable(let asset, _, _) = error else { return nil }
    return heard.first { $0.sound.asset == asset }?.place
  }
}
