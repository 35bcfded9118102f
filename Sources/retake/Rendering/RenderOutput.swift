import Engine
import Foundation

/// Where results go: one file, or a folder with a file for each placement.
struct RenderOutput: Sendable {
  private let path: String
  let isFolder: Bool

  /// - Parameter isMany: several placements: a folder, which is made when it is missing.
  /// - Throws: `CommandFailure`.
  init(_ path: String, isMany: Bool) throws {
    var isPresent: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isPresent)
    isFolder = isMany || path.hasSuffix("/") || isPresent.boolValue
    self.path = path
    guard isFolder else { return }
    if exists, !isPresent.boolValue {
      throw CommandFailure("\(path) is a file; several placements need a folder: -o FOLDER/")
    }
    try OutputFile.makeFolder(URL(filePath: path))
  }

  func file(for placement: Placement, _ kind: String) -> String {
    guard isFolder else { return path }
    return (path.hasSuffix("/") ? path : path + "/") + "\(placement.id).\(kind)"
  }
}

/// The placements a person asked for.
struct RenderTargets: Sendable {
  let placements: [Placement]
  /// Whether some are left out where they do not take an ad of this length: nobody asked for them by name.
  let isAll: Bool

  /// - Parameter names: ids, or `all`.
  /// - Throws: `CommandFailure` for an unknown one.
  init(_ names: [String], in catalogue: PlacementCatalogue, file: String) throws {
    isAll = names.contains("all")
    if isAll {
      placements = catalogue.placements
      return
    }
    var found: [Placement] = []
    for name in names {
      guard let placement = catalogue[name] else {
        throw CommandFailure(
          "there is no placement \"\(name)\" in \(file); it has: \(catalogue.ids.joined(separator: ", ")).")
      }
      if !found.contains(placement) { found.append(placement) }
    }
    placements = found
  }

  /// Those for an ad so long, and why the others are left out.
  func fitting(_ duration: TimeSpan) -> (placements: [Placement], leftOut: [String]) {
    guard isAll else { return (placements, []) }
    var leftOut: [String] = []
    let fitting = placements.filter { placement in
      if let least = placement.minimumDuration, duration < least {
        leftOut.append("\(placement.id) (takes \(least) or more)")
        return false
      }
      if let most = placement.maximumDuration, duration > most {
        leftOut.append("\(placement.id) (takes \(most) or less)")
        return false
      }
      return true
    }
    return (fitting, leftOut)
  }
}
