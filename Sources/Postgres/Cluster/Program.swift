import Glibc

/// Runs another program to its end. Blocks: callers are actors with a thread of their own.
struct Program {
  struct Outcome {
    let status: Int32
    /// Standard output and standard error together.
    let output: String
    var isSuccess: Bool { status == 0 }
  }

  let path: String
  let arguments: [String]

  /// Signals that reach our process group do not reach the child: Ctrl-C must not stop a server in mid-start.
  func run() throws(PostgresError) -> Outcome {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw PostgresError(.cluster, "cannot make a pipe: \(systemMessage())") }
    _ = fcntl(ends[0], F_SETFD, FD_CLOEXEC)
    _ = fcntl(ends[1], F_SETFD, FD_CLOEXEC)
    let child: pid_t
    do {
      child = try spawn(input: nil, output: ends[1])
    } catch {
      close(ends[0])
      close(ends[1])
      throw error
    }
    close(ends[1])
    let output = readAll(from: ends[0])
    close(ends[0])
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
    let code = status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
    return Outcome(status: code, output: output)
  }

  /// Starts the program in a process group of its own and does not wait. No `input` is `/dev/null`, as is no `output`.
  func spawn(input: Int32?, output: Int32?) throws(PostgresError) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if let input {
      posix_spawn_file_actions_adddup2(&actions, input, 0)
    } else {
      posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    }
    for stream in [1, 2] as [Int32] {
      if let output {
        posix_spawn_file_actions_adddup2(&actions, output, stream)
      } else {
        posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_WRONLY, 0)
      }
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK))

    let argumentPointers = ([path] + arguments).map { strdup($0) } + [nil]
    let environmentPointers = Self.environment.map { strdup($0) } + [nil]
    defer { for pointer in argumentPointers + environmentPointers { free(pointer) } }
    var child: pid_t = 0
    let failure = posix_spawn(&child, path, &actions, &attributes, argumentPointers, environmentPointers)
    guard failure == 0 else { throw PostgresError(.cluster, "cannot run \(path): \(systemMessage(failure))") }
    return child
  }

  /// Ours, without what would point PostgreSQL's programs somewhere else, and in English, which we read.
  private static var environment: [String] {
    var all: [String] = ["LC_ALL=C.UTF-8"]
    var entry = environ
    while let text = entry.pointee {
      let pair = String(cString: text)
      if !pair.hasPrefix("PG"), !pair.hasPrefix("LC_"), !pair.hasPrefix("LANG"), !pair.hasPrefix("LD_PRELOAD")
      {
        all.append(pair)
      }
      entry += 1
    }
    return all
  }

  private func readAll(from descriptor: Int32) -> String {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count > 0 { bytes.append(contentsOf: buffer[..<count]) }
      if count == 0 || (count < 0 && errno != EINTR) { break }
    }
    return String(decoding: bytes, as: UTF8.self).trimmingLines
  }
}
