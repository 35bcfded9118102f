import Foundation

/// The files of a campaign's folder in one JSON document.
struct CampaignUpload: Decodable {
  enum File: Decodable {
    case text(String)
    case bytes(Data)

    private enum Key: CodingKey { case base64 }

    init(from decoder: any Decoder) throws {
      if let container = try? decoder.container(keyedBy: Key.self) {
        self = .bytes(try container.decode(Data.self, forKey: .base64))
      } else {
        self = .text(try decoder.singleValueContainer().decode(String.self))
      }
    }

    var data: Data {
      switch self {
      case .text(let text): Data(text.utf8)
      case .bytes(let data): data
      }
    }
  }

  static let maximumFiles = 200

  let files: [String: File]

  /// Lays the files out in a folder of their own, which is gone when `body` returns.
  func withFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    guard files.count <= Self.maximumFiles else {
      throw Problem.badRequest("A campaign may have at most \(Self.maximumFiles) files.")
    }
    let manager = FileManager.default
    let folder = manager.temporaryDirectory.appending(path: "retake-upload-\(UUID().uuidString)")
    try manager.createDirectory(
      at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    defer {
      do {
        try manager.removeItem(at: folder)
      } catch {
        FileHandle.standardError.write(Data("Could not remove \(folder.path): \(error)\n".utf8))
      }
    }
    for (name, file) in files {
      let target = folder.appending(path: try Self.checked(name))
      try manager.createDirectory(
        at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
      try file.data.write(to: target)
    }
    return try await body(folder.path)
  }

  /// A relative path that stays inside the folder.
  private static func checked(_ name: String) throws(Problem) -> String {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    let isInside = parts.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." && !$0.contains("\0") }
    guard isInside, name.utf8.count <= 200 else {
      throw Problem.badRequest("\"\(name)\" is not a path inside the campaign's folder.")
    }
    return name
  }
}
