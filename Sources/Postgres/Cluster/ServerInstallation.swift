import Foundation

/// Where PostgreSQL's server programs are. Debian keeps them out of PATH, one folder per major version.
struct ServerInstallation: Sendable {
  let folder: String
  let majorVersion: Int

  func path(of program: String) -> String { folder + "/" + program }

  /// The newest one, or the one that fits existing data.
  static func find(majorVersion wanted: Int?, dataFolder: String) throws(PostgresError) -> ServerInstallation
  {
    let found = try all()
    guard let newest = found.max(by: { $0.majorVersion < $1.majorVersion }) else {
      throw PostgresError(
        .cluster, "PostgreSQL's server programs (initdb, pg_ctl, postgres) are not installed",
        hint: "apt-get install postgresql, or set RETAKE_DATABASE_URL to a database elsewhere")
    }
    guard let wanted else { return newest }
    if let match = found.first(where: { $0.majorVersion == wanted }) { return match }
    let versions = found.map { "\($0.majorVersion)" }.joined(separator: ", ")
    throw PostgresError(
      .cluster, "\(dataFolder) was made by PostgreSQL \(wanted), installed is \(versions)",
      hint:
        "Install postgresql-\(wanted), or upgrade the folder with pg_upgrade, or choose another data folder")
  }

  private static func all() throws(PostgresError) -> [ServerInstallation] {
    var candidates: [String] = []
    let debian = "/usr/lib/postgresql"
    if FileManager.default.fileExists(atPath: debian) {
      do {
        candidates += try FileManager.default.contentsOfDirectory(atPath: debian).map {
          "\(debian)/\($0)/bin"
        }
      } catch {
        throw PostgresError(.cluster, "cannot read \(debian): \(error.localizedDescription)")
      }
    }
    let path = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":").map(
      String.init)
    candidates += path
    if let config = path.map({ $0 + "/pg_config" }).first(where: isExecutable) {
      candidates.append(try Program(path: config, arguments: ["--bindir"]).run().output)
    }
    var installations: [ServerInstallation] = []
    for folder in candidates where !installations.contains(where: { $0.folder == folder }) {
      guard ["initdb", "pg_ctl", "postgres"].allSatisfy({ isExecutable(folder + "/" + $0) }) else { continue }
      let version = try Program(path: folder + "/postgres", arguments: ["--version"]).run().output
      if let major = majorVersion(in: version) {
        installations.append(ServerInstallation(folder: folder, majorVersion: major))
      }
    }
    return installations
  }

  /// From "postgres (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)".
  static func majorVersion(in text: String) -> Int? {
    guard let word = text.split(separator: " ").first(where: { $0.first?.isNumber == true }) else {
      return nil
    }
    return Int(word.prefix(while: \.isNumber))
  }

  private static func isExecutable(_ path: String) -> Bool {
    FileManager.default.isExecutableFile(atPath: path)
  }
}
