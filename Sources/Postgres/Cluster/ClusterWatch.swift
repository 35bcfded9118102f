public import Foundation
import Glibc
import Synchronization

/// A shell that waits for the end of this process, which the closing of a pipe tells it even after `kill -9`, then
/// stops the server of one folder and removes the folder.
final class ClusterWatch: Sendable {
  private let writer: Mutex<Int32>
  private let shell: pid_t

  init(_ folder: ClusterFolder) throws(PostgresError) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw PostgresError(.cluster, "cannot make a pipe: \(systemMessage())") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    writer = Mutex(ends[1])
    defer { close(ends[0]) }
    do {
      shell = try Self.program("read -r _; \(Self.removal)", folder).spawn(input: ends[0], output: nil)
    } catch {
      close(ends[1])
      throw error
    }
  }

  /// The shell does its work after this, unless `finish` waited for it.
  deinit { closeWriter() }

  /// Lets the shell do its work now, and waits for it.
  func finish() {
    closeWriter()
    while waitpid(shell, nil, 0) < 0, errno == EINTR {}
  }

  private func closeWriter() {
    writer.withLock { writer in
      if writer >= 0 { close(writer) }
      writer = -1
    }
  }

  /// Removes what a process left that was killed together with its watch.
  static func removeNow(_ folder: ClusterFolder) throws(PostgresError) {
    _ = try program(removal, folder).run()
  }

  private static func program(_ script: String, _ folder: ClusterFolder) -> Program {
    Program(path: "/bin/sh", arguments: ["-c", script, "sh", folder.root, folder.socketFolder])
  }

  /// Ends only a process that works in this very folder. SIGQUIT is PostgreSQL's immediate shutdown. A
  /// process that ended but was never waited for has no working folder any more.
  private static let removal = """
    pid=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null)
    if [ -n "$pid" ] && [ "$(readlink "/proc/$pid/cwd")" = "$(readlink -f "$1/data")" ]; then
      kill -QUIT "$pid"
      tries=0
      while [ -n "$(readlink "/proc/$pid/cwd")" ] && [ $tries -lt 100 ]; do sleep 0.1; tries=$((tries + 1)); done
    fi
    rm -rf -- "$1"
    if [ "$2" != "$1" ]; then rm -rf -- "$2"; fi
    """
}

extension PrivateCluster {
  /// Removes folders of clusters that were not durable, whose names begin with `prefix`, and which no living process
  /// uses any more.
  public static func removeAbandoned(in parent: URL, prefix: String) throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: parent.path) where name.hasPrefix(prefix)
    {
      let folder = ClusterFolder(parent.appendingPathComponent(name))
      let own = geteuid()
      guard own == 0 || ServerUser.owner(of: folder.root) == own else { continue }
      guard FileManager.default.fileExists(atPath: folder.shareLock) else { continue }
      // A process that is just starting holds the first lock, one that has started the second.
      let gate = try FileLock(path: folder.startLock)
      let share = try FileLock(path: folder.shareLock)
      if gate.tryLock(.exclusive), share.tryLock(.exclusive) { try ClusterWatch.removeNow(folder) }
    }
  }
}
