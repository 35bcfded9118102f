import Glibc

/// Runs another program to its end, with bytes in and bytes out, a time limit and a size limit. Blocks:
/// callers have a thread of their own.
struct ExternalProgram {
  enum Failure: Error, Hashable {
    case notFound
    case cannotStart(reason: String)
    case timedOut(milliseconds: Int)
    case tooMuchOutput(limit: Int)
    /// With the last of what it wrote to standard error.
    case failed(status: String, message: String)
    case cancelled
  }

  var executable: String
  var arguments: [String]
  var timeoutMilliseconds: Int
  var maximumBytes: Int

  /// - Parameter flag: looked at ten times a second; the program is ended when it is set.
  /// - Returns: what the program wrote to standard output.
  func run(input: [UInt8], flag: CancellationFlag?) throws(Failure) -> [UInt8] {
    // Input lies in a file: nothing waits for a program that does not read it, and no signal comes of one
    // that ends before.
    guard let source = ScratchFile(input) else {
      throw .cannotStart(reason: "the temporary folder takes no more: \(Self.message(errno))")
    }
    guard let out = Self.pipe() else { throw .cannotStart(reason: Self.message(errno)) }
    defer { close(out.read) }
    defer { withExtendedLifetime(source) {} }
    guard let err = Self.pipe() else {
      close(out.write)
      throw .cannotStart(reason: Self.message(errno))
    }
    defer { close(err.read) }
    let child: pid_t
    do throws(Failure) {
      child = try spawn(input: source.descriptor, output: out.write, error: err.write)
    } catch {
      close(out.write)
      close(err.write)
      throw error
    }
    close(out.write)
    close(err.write)
    var reader = Reader(child: child, maximumBytes: maximumBytes)
    let failure = reader.collect(
      from: out.read, err.read, timeoutMilliseconds: timeoutMilliseconds, flag: flag)
    if failure != nil { kill(-child, SIGKILL) }
    let status = reader.status ?? Reader.wait(for: child, 0) ?? 0
    if let failure { throw failure }
    guard status == 0 else {
      let signal = status & 0x7F
      throw .failed(
        status: signal == 0 ? "status \((status >> 8) & 0xFF)" : "signal \(signal)",
        message: Self.lastLine(reader.messages))
    }
    return reader.output
  }

  /// Whether `executable`, a path or a name looked for in `PATH`, could be run.
  static func isInstalled(_ executable: String) -> Bool {
    if executable.contains("/") { return access(executable, X_OK) == 0 }
    let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/local/bin:/usr/bin:/bin"
    return path.split(separator: ":").contains { access("\($0)/\(executable)", X_OK) == 0 }
  }

  private func spawn(input: Int32, output: Int32, error: Int32) throws(Failure) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (from, to) in [(input, 0), (output, 1), (error, 2)] as [(Int32, Int32)] {
      posix_spawn_file_actions_adddup2(&actions, from, to)
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    // A group of its own: what the program itself starts is ended with it.
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK))
    let pointers = ([executable] + arguments).map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    var child: pid_t = 0
    let code = posix_spawnp(&child, executable, &actions, &attributes, pointers, environ)
    if code == ENOENT { throw .notFound }
    guard code == 0 else { throw .cannotStart(reason: Self.message(code)) }
    return child
  }

  private static func pipe() -> (read: Int32, write: Int32)? {
    var ends: [Int32] = [-1, -1]
    guard Glibc.pipe(&ends) == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
    return (ends[0], ends[1])
  }

  private static func message(_ code: Int32) -> String { String(cString: strerror(code)) }

  private static func lastLine(_ bytes: [UInt8]) -> String {
    let text = String(decoding: bytes, as: UTF8.self)
    return text.split(whereSeparator: \.isNewline).last.map { String($0.prefix(300)) } ?? ""
  }
}

/// Reads both outputs of a program until it has ended.
private struct Reader {
  private(set) var output: [UInt8] = []
  private(set) var messages: [UInt8] = []
  private(set) var status: Int32?
  private let child: pid_t
  private let maximumBytes: Int
  private var buffer = [UInt8](repeating: 0, count: 65_536)

  init(child: pid_t, maximumBytes: Int) {
    self.child = child
    self.maximumBytes = maximumBytes
  }

  mutating func collect(
    from out: Int32, _ err: Int32, timeoutMilliseconds: Int, flag: CancellationFlag?
  ) -> ExternalProgram.Failure? {
    var waits = [out, err].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    let clock = ContinuousClock()
    let deadline = clock.now + .milliseconds(timeoutMilliseconds)
    while waits.contains(where: { $0.fd >= 0 }) {
      if flag?.isRaised == true { return .cancelled }
      let left = clock.now.duration(to: deadline)
      guard left > .zero else { return .timedOut(milliseconds: timeoutMilliseconds) }
      let slice = Int32(min(left, .milliseconds(100)) / .milliseconds(1)) + 1
      let ready = poll(&waits, UInt(waits.count), slice)
      // Something the program started may keep the pipes open: its own end is what counts.
      if ready == 0, status == nil { status = Self.wait(for: child, WNOHANG) }
      if ready == 0, status != nil { return nil }
      for index in waits.indices where waits[index].fd >= 0 && waits[index].revents != 0 {
        if !take(from: waits[index].fd, isOutput: index == 0) { waits[index].fd = -1 }
        if output.count > maximumBytes { return .tooMuchOutput(limit: maximumBytes) }
      }
    }
    // Both outputs are closed, but the program may go on for ever.
    while status == nil {
      if flag?.isRaised == true { return .cancelled }
      if clock.now > deadline { return .timedOut(milliseconds: timeoutMilliseconds) }
      status = Self.wait(for: child, WNOHANG)
      if status == nil { poll(nil, 0, 2) }
    }
    return nil
  }

  /// The program's status when it has ended.
  static func wait(for child: pid_t, _ options: Int32) -> Int32? {
    var status: Int32 = 0
    while true {
      let ended = waitpid(child, &status, options)
      if ended == child { return status }
      if ended < 0, errno == EINTR { continue }
      return nil
    }
  }

  /// False at the end.
  private mutating func take(from descriptor: Int32, isOutput: Bool) -> Bool {
    let count = read(descriptor, &buffer, buffer.count)
    if count < 0 { return errno == EINTR || errno == EAGAIN }
    if isOutput {
      output.append(contentsOf: buffer.prefix(count))
    } else {
      // The end tells most, and a program may write for ever.
      messages = Array((messages + buffer.prefix(count)).suffix(4096))
    }
    return count > 0
  }
}

extension CancellationFlag {
  fileprivate var isRaised: Bool {
    do {
      try check()
      return false
    } catch { return true }
  }
}
