import Foundation
import Glibc

/// `postmaster.pid` of a data folder.
struct ServerProcessFile {
  let processIdentifier: pid_t
  let socketFolder: String
  let port: Int
  let isReady: Bool

  /// What the file says, if the process it names is alive and works in this very folder. A number left over from
  /// before a crash may belong to anybody by now.
  static func ofRunningServer(in dataFolder: String) -> ServerProcessFile? {
    guard let text = try? String(contentsOfFile: dataFolder + "/postmaster.pid", encoding: .utf8) else {
      return nil
    }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map {
      $0.trimmingCharacters(in: .whitespaces)
    }
    // Process, data folder, start time, port, socket folder, listen address, shared memory, state.
    guard let number = lines.first, let process = pid_t(number), works(process, in: dataFolder) else {
      return nil
    }
    return ServerProcessFile(
      processIdentifier: process, socketFolder: lines.count > 4 ? lines[4] : "",
      port: lines.count > 3 ? Int(lines[3]) ?? 5432 : 5432, isReady: lines.count > 7 && lines[7] == "ready")
  }

  static func works(_ process: pid_t, in dataFolder: String) -> Bool {
    guard kill(process, 0) == 0 || errno == EPERM else { return false }
    guard let current = realpath("/proc/\(process)/cwd", nil), let expected = realpath(dataFolder, nil) else {
      return false
    }
    defer {
      free(current)
      free(expected)
    }
    return strcmp(current, expected) == 0
  }
}
