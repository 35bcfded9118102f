import Documents

extension Composition {
  /// Ids must be unique, what is named must exist, and nothing may lead back to itself.
  static func checkReferences(_ layers: [CompositionLayer], _ node: DocumentNode?) {
    guard let node else { return }
    var byId: [String: CompositionLayer] = [:]
    for layer in layers {
      guard let id = layer.id else { continue }
      if let other = byId[id] {
        node.problem(
          "the layer on line \(layer.place.line) has the id \"\(id)\", which the one on line "
            + "\(other.place.line) has already")
      }
      byId[id] = layer
    }
    for layer in layers {
      for (what, id) in layer.references {
        guard byId[id] == nil else { continue }
        let near = Suggestion.nearest(to: id, in: Array(byId.keys)).map { " (did you mean \"\($0)\"?)" } ?? ""
        node.problem(
          "the layer on line \(layer.place.line) names \"\(id)\" as its \(what), but no layer here has that id"
            + near)
      }
      if let cycle = cycle(from: layer, byId) {
        node.problem(
          "the layer on line \(layer.place.line) leads back to itself: \(cycle.joined(separator: " -> "))")
      }
    }
  }

  /// The ids from `layer` along its references back to itself; nil where there is no such way.
  private static func cycle(from layer: CompositionLayer, _ byId: [String: CompositionLayer]) -> [String]? {
    guard let start = layer.id else { return nil }
    func walk(_ id: String, _ way: [String]) -> [String]? {
      guard let next = byId[id], way.count <= byId.count else { return nil }
      for (_, other) in next.references {
        if other == start { return way + [other] }
        if !way.contains(other), let found = walk(other, way + [other]) { return found }
      }
      return nil
    }
    return walk(start, [start])
  }
}

extension CompositionLayer {
  /// What it names, by what for.
  var references: [(what: String, id: String)] {
    var all: [(String, String)] = []
    if let below = position.below { all.append(("below", below)) }
    if let mask, case .layer(let id) = mask.source { all.append(("mask", id)) }
    return all
  }
}
