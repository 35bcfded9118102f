import Foundation
import Glibc

/// Whom the server runs as. PostgreSQL refuses to run as root, so root hands the folder to user `postgres` (or to
/// whoever owns it already) and starts everything through `setpriv`.
struct ServerUser: Sendable {
  let identifier: uid_t
  let group: gid_t
  let name: String
  /// Put before every command.
  private let prefix: [String]

  /// Who owns the data already, if there are some; else `postgres` for root, and ourselves for everybody else.
  static func choose(dataFolder: String) throws(PostgresError) -> ServerUser {
    let owner = owner(of: dataFolder)
    let own = geteuid()
    if own != 0 {
      if let owner, owner != own {
        throw PostgresError(
          .cluster, "\(dataFolder) belongs to user \(userName(owner)), you are \(userName(own))",
          hint: "Run as \(userName(owner)) or root, or choose another data folder")
      }
      return ServerUser(identifier: own, group: getegid(), name: userName(own), prefix: [])
    }
    if owner == 0 {
      throw PostgresError(
        .cluster, "\(dataFolder) belongs to root, as whom PostgreSQL refuses to run",
        hint: "chown -R postgres: \(dataFolder)")
    }
    let entry = owner.map { getpwuid($0) } ?? getpwnam("postgres")
    guard let entry else {
      throw PostgresError(
        .cluster, "PostgreSQL refuses to run as root, and there is no user postgres to run it as",
        hint: "apt-get install postgresql, or run as a normal user")
    }
    let (identifier, group) = (entry.pointee.pw_uid, entry.pointee.pw_gid)
    let name = String(cString: entry.pointee.pw_name)
    let setpriv = ["/usr/bin/setpriv", "/bin/setpriv"].first(where: Self.isExecutable)
    let runuser = ["/usr/sbin/runuser", "/sbin/runuser"].first(where: Self.isExecutable)
    let prefix: [String]
    if let setpriv {
      prefix = [setpriv, "--reuid=\(identifier)", "--regid=\(group)", "--init-groups", "--"]
    } else if let runuser {
      prefix = [runuser, "-u", name, "--"]
    } else {
      throw PostgresError(
        .cluster,
        "neither setpriv nor runuser is installed, one of which root needs to run PostgreSQL as \(name)",
        hint: "apt-get install util-linux, or run as a normal user")
    }
    return ServerUser(identifier: identifier, group: group, name: name, prefix: prefix)
  }

  func program(_ path: String, _ arguments: [String]) -> Program {
    // PostgreSQL's programs refuse to begin in a folder their user cannot enter, such as root's home.
    Program(path: "/usr/bin/env", arguments: ["--chdir=/"] + prefix + [path] + arguments)
  }

  /// The first folder on the way that this user may not enter.
  func obstacle(onTheWayTo folder: String) throws(PostgresError) -> String? {
    if prefix.isEmpty { return nil }
    if try program("/usr/bin/test", ["-x", folder]).run().isSuccess { return nil }
    var way = ""
    for part in folder.split(separator: "/") {
      way += "/\(part)"
      if try !program("/usr/bin/test", ["-x", way]).run().isSuccess { return way }
    }
    return folder
  }

  static func owner(of path: String) -> uid_t? {
    var information = stat()
    return lstat(path, &information) == 0 ? information.st_uid : nil
  }

  private static func isExecutable(_ path: String) -> Bool { access(path, X_OK) == 0 }

  private static func userName(_ identifier: uid_t) -> String {
    getpwuid(identifier).map { String(cString: $0.pointee.pw_name) } ?? "number \(identifier)"
  }
}
