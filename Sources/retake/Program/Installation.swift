import Foundation

/// Where the files that come with the program lie: `schema/`, `config/`, `dashboards/`, `examples/`.
///
/// `RETAKE_HOME` names the folder; otherwise it is the nearest folder above the executable that holds
/// `schema/` (a checkout), or `share/retake` beside the executable's `bin/` (an installation).
struct Installation {
  let root: URL

  var schema: URL { root.appending(path: "schema") }
  var placements: URL { root.appending(path: "config/placements.yaml") }
  var metrics: URL { root.appending(path: "config/metrics.yaml") }
  var gate: URL { root.appending(path: "config/gate.yaml") }
  var traffic: URL { root.appending(path: "config/traffic.yaml") }
  var devices: URL { root.appending(path: "config/devices.yaml") }
  var events: URL { root.appending(path: "config/events.yaml") }
  var settings: URL { root.appending(path: "config/retake.yaml") }
  var pages: URL { root.appending(path: "dashboards/web") }
  var examples: URL { root.appending(path: "examples") }

  static func find(environment: [String: String]) throws -> Installation {
    if let home = environment["RETAKE_HOME"], !home.isEmpty {
      let root = URL(filePath: home)
      guard holdsSchema(root) else {
        throw CommandFailure("RETAKE_HOME is \(home), but there is no schema/ folder in it.")
      }
      return Installation(root: root)
    }
    let executable = URL(filePath: CommandLine.executablePath).resolvingSymlinksInPath()
    let shared = executable.deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "share/retake")
    if holdsSchema(shared) { return Installation(root: shared) }
    var folder = executable.deletingLastPathComponent()
    while folder.path != "/" {
      if holdsSchema(folder) { return Installation(root: folder) }
      folder = folder.deletingLastPathComponent()
    }
    throw CommandFailure(
      "The program's own files (schema/, config/, dashboards/) are not beside \(executable.path). "
        + "Set RETAKE_HOME to the folder that holds them.")
  }

  private static func holdsSchema(_ folder: URL) -> Bool {
    FileManager.default.fileExists(atPath: folder.appending(path: "schema/0001_workspaces.sql").path)
  }
}

extension CommandLine {
  /// The running executable, whatever name it was started by.
  static var executablePath: String {
    let link = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    return link ?? arguments[0]
  }
}
