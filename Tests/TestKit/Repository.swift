public import Foundation

/// Places in the repository whose tests these are.
public enum Repository {
  /// Found from this file's own path, so that it does not depend on the folder tests run in.
  public static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  public static var schema: URL { root.appendingPathComponent("schema") }

  public static func file(_ path: String) -> URL { root.appendingPathComponent(path) }
}
