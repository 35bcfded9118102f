import Foundation
import Glibc

/// The places of a private cluster: `FOLDER/data`, `FOLDER/server.log`, the locks, and the socket.
struct ClusterFolder: Sendable {
  let root: String

  init(_ url: URL) { root = url.standardizedFileURL.path }

  var data: String { root + "/data" }
  var unfinishedData: String { root + "/data.unfinished" }
  var log: String { root + "/server.log" }
  /// Held for reading by every process that uses the cluster.
  var shareLock: String { root + "/share.lock" }
  /// Held while somebody starts or stops the server.
  var startLock: String { root + "/start.lock" }

  var isInitialised: Bool { FileManager.default.fileExists(atPath: data + "/PG_VERSION") }

  func majorVersion() throws(PostgresError) -> Int? {
    guard isInitialised else { return nil }
    do {
      let text = try String(contentsOfFile: data + "/PG_VERSION", encoding: .utf8)
      return ServerInstallation.majorVersion(in: text.trimmingCharacters(in: .whitespacesAndNewlines))
    } catch {
      throw PostgresError(.cluster, "cannot read \(data)/PG_VERSION: \(error.localizedDescription)")
    }
  }

  /// `sun_path` has 108 bytes, one for the zero at the end.
  static let longestSocketPath = 107

  /// The folder itself, or a short private one when its path does not fit into a socket's address.
  var socketFolder: String {
    if (root + "/.s.PGSQL.5432").utf8.count <= Self.longestSocketPath { return root }
    // FNV-1a, 64 bits: a name for the folder, nothing secret.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in root.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return "/tmp/retake-socket-" + String(hash, radix: 36)
  }

  /// Makes what is missing, for `user` alone.
  func prepare(for user: ServerUser) throws(PostgresError) {
    do {
      try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    } catch {
      throw PostgresError(
        .cluster, "cannot make the folder \(root): \(systemReason(error))",
        hint: "Choose another data folder, or free some space")
    }
    try own(root, by: user)
    if let obstacle = try user.obstacle(onTheWayTo: root) {
      throw PostgresError(
        .cluster, "user \(user.name), as whom PostgreSQL must run, may not enter \(obstacle)",
        hint: "chmod o+x \(obstacle), or choose a data folder elsewhere (such as /var/lib/retake)")
    }
    if access(root, W_OK) != 0 {
      throw PostgresError(
        .cluster, "cannot write to \(root): \(systemMessage())", hint: "Choose another data folder")
    }
    let socketFolder = socketFolder
    if socketFolder != root {
      if mkdir(socketFolder, 0o700) != 0, errno != EEXIST {
        throw PostgresError(.cluster, "cannot make the folder \(socketFolder): \(systemMessage())")
      }
      try own(socketFolder, by: user)
    }
  }

  /// Mode 0700 and the right owner. A folder of that name made by somebody else is refused, not taken over.
  private func own(_ path: String, by user: ServerUser) throws(PostgresError) {
    var information = stat()
    guard lstat(path, &information) == 0, information.st_mode & S_IFMT == S_IFDIR else {
      throw PostgresError(
        .cluster, "\(path) is not a folder", hint: "Move it away, or choose another data folder")
    }
    let own = geteuid()
    guard [user.identifier, own].contains(information.st_uid) else {
      throw PostgresError(
        .cluster, "\(path) belongs to somebody else (user number \(information.st_uid))",
        hint: "Move it away, or choose another data folder")
    }
    if information.st_uid != user.identifier, chown(path, user.identifier, user.group) != 0 {
      throw PostgresError(.cluster, "cannot give \(path) to user \(user.name): \(systemMessage())")
    }
    if information.st_mode & 0o777 != 0o700, chmod(path, 0o700) != 0 {
      throw PostgresError(.cluster, "cannot make \(path) private: \(systemMessage())")
    }
  }

  func lastLogLines(_ count: Int = 4) -> String {
    guard let text = try? String(contentsOfFile: log, encoding: .utf8) else { return "" }
    return text.split(separator: "\n").suffix(count).joined(separator: "; ")
  }

  private func systemReason(_ error: any Error) -> String {
    switch (error as? CocoaError)?.code {
    case .fileWriteNoPermission?: return systemMessage(EACCES)
    case .fileWriteVolumeReadOnly?: return systemMessage(EROFS)
    case .fileWriteOutOfSpace?: return systemMessage(ENOSPC)
    default: return error.localizedDescription
    }
  }
}
