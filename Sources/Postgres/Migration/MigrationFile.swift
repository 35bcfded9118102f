import Foundation

/// One file of the schema: `0003_add_rollups.sql`.
public struct MigrationFile: Sendable, Equatable {
  public let version: Int
  public let name: String
  public let text: String

  /// All of a folder, in order. Numbers start at 1 and have no gaps, so that two branches cannot both bring a 0007.
  static func all(in folder: URL) throws(PostgresError) -> [MigrationFile] {
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    } catch {
      throw PostgresError(
        .migration, "cannot read the schema's folder \(folder.path): \(error.localizedDescription)")
    }
    var files: [MigrationFile] = []
    for name in names.sorted() where name.hasSuffix(".sql") {
      files.append(try MigrationFile(at: folder.appendingPathComponent(name)))
    }
    for (index, file) in files.enumerated() where file.version != index + 1 {
      throw PostgresError(
        .migration,
        "\(folder.path) has no file number \(index + 1), or more than one; found \(file.fileName) there",
        hint: "Number the files 0001, 0002 … without gaps")
    }
    return files
  }

  private init(at url: URL) throws(PostgresError) {
    let base = url.deletingPathExtension().lastPathComponent
    let parts = base.split(separator: "_", maxSplits: 1)
    guard parts.count == 2, parts[0].count == 4, let version = Int(parts[0]) else {
      throw PostgresError(
        .migration, "\(url.lastPathComponent) is no migration's name", hint: "Name it NNNN_what_it_does.sql")
    }
    self.version = version
    name = String(parts[1])
    do {
      text = try String(contentsOf: url, encoding: .utf8)
    } catch {
      throw PostgresError(.migration, "cannot read \(url.path): \(error.localizedDescription)")
    }
  }

  public var fileName: String {
    let digits = "\(version)"
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "_\(name).sql"
  }
}
