/// Versions that were shown beside each other, or beside others that were: whose differences can be told.
struct ComparableVersions {
  /// Ascending, as the design numbers them.
  var versions: [Int]
  /// Versions and days numbered within the block.
  var cells: [TwoWayLogit.Cell]
  var days: Int

  /// The connected components of the versions by the days they share.
  /// - Parameter days: cells of at least two versions each.
  static func blocks(of days: [[TwoWayLogit.Cell]], versions: Int) -> [ComparableVersions] {
    var parents = Array(0..<versions)
    func root(_ version: Int) -> Int {
      var version = version
      while parents[version] != version {
        parents[version] = parents[parents[version]]
        version = parents[version]
      }
      return version
    }
    for cells in days {
      for cell in cells.dropFirst() {
        let (one, other) = (root(cells[0].version), root(cell.version))
        parents[max(one, other)] = min(one, other)
      }
    }
    var byRoot: [Int: ComparableVersions] = [:]
    for cells in days {
      byRoot[root(cells[0].version), default: ComparableVersions(versions: [], cells: [], days: 0)].add(cells)
    }
    var places = [Int](repeating: 0, count: versions)
    return byRoot.sorted { $0.key < $1.key }.map { _, block in
      var block = block
      block.versions = Set(block.cells.map(\.version)).sorted()
      for (place, version) in block.versions.enumerated() { places[version] = place }
      for index in block.cells.indices { block.cells[index].version = places[block.cells[index].version] }
      return block
    }
  }

  private mutating func add(_ day: [TwoWayLogit.Cell]) {
    for var cell in day {
      cell.day = days
      cells.append(cell)
    }
    days += 1
  }
}
