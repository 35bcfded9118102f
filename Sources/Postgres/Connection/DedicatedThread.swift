import Glibc
import Synchronization

/// A thread of its own for an actor whose work blocks: it is the actor's executor, so that waiting for a socket or a
/// child process never holds a thread of Swift's cooperative pool. While there is nothing to do it sleeps in
/// `poll(2)` on {watched socket, wake pipe}.
final class DedicatedThread: SerialExecutor {
  private struct State {
    var jobs: [UnownedJob] = []
    var isAsleep = false
    var isStopping = false
    var atEnd: (@Sendable () -> Void)?
    var watch: Watch?
  }

  struct Watch: Sendable {
    let socket: Int32
    let onReadable: @Sendable () -> Void
  }

  private let state = Mutex(State())
  private let identity = Atomic<UInt>(0)
  /// Read end, written to wake the thread.
  let wakeDescriptor: Int32
  private let wakeWriter: Int32

  init() throws(PostgresError) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else {
      throw PostgresError(.connection, "cannot make a pipe: \(systemMessage())", hint: "Raise `ulimit -n`")
    }
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    wakeDescriptor = ends[0]
    wakeWriter = ends[1]
    let retained = Unmanaged.passRetained(self)
    let failure = Self.startDetached(retained.toOpaque())
    if failure != 0 {
      retained.release()
      throw PostgresError(.connection, "cannot start a thread: \(systemMessage(failure))")
    }
  }

  private static func startDetached(_ argument: UnsafeMutableRawPointer) -> Int32 {
    // Uninitialised memory, for pthread_attr_init to fill: the type's initialiser belongs to whichever C module was
    // imported first, which differs between builds.
    withUnsafeTemporaryAllocation(of: pthread_attr_t.self, capacity: 1) { buffer in
      guard let attributes = buffer.baseAddress else { return ENOMEM }
      pthread_attr_init(attributes)
      defer { pthread_attr_destroy(attributes) }
      pthread_attr_setstacksize(attributes, 1 << 20)
      pthread_attr_setdetachstate(attributes, Int32(PTHREAD_CREATE_DETACHED))
      var thread: pthread_t = 0
      return pthread_create(
        &thread, attributes,
        { argument in
          guard let argument else { return nil }
          Unmanaged<DedicatedThread>.fromOpaque(argument).takeRetainedValue().run()
          return nil
        }, argument)
    }
  }

  deinit {
    close(wakeDescriptor)
    close(wakeWriter)
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let mustWake = state.withLock { state in
      state.jobs.append(job)
      return state.isAsleep
    }
    if mustWake { wake() }
  }

  func checkIsolated() {
    precondition(isIsolatingCurrentContext() == true, "called outside of the connection's thread")
  }

  func isIsolatingCurrentContext() -> Bool? { identity.load(ordering: .relaxed) == UInt(pthread_self()) }

  /// Ends a `poll` on `wakeDescriptor`. A full pipe already does, so the result does not matter.
  func wake() {
    var byte: UInt8 = 1
    _ = write(wakeWriter, &byte, 1)
  }

  func drainWake() {
    withUnsafeTemporaryAllocation(byteCount: 64, alignment: 1) { buffer in
      while read(wakeDescriptor, buffer.baseAddress, buffer.count) == buffer.count {}
    }
  }

  /// Calls `onReadable` on this thread whenever the socket becomes readable while nothing else is to be done.
  func setWatch(_ watch: Watch?) { state.withLock { $0.watch = watch } }

  /// The thread ends when its jobs are done; `atEnd` is the last thing it runs.
  func stop(_ atEnd: @escaping @Sendable () -> Void) {
    state.withLock { state in
      state.isStopping = true
      state.atEnd = atEnd
      state.watch = nil
    }
    wake()
  }

  private enum Step {
    case run([UnownedJob])
    case sleep(Watch?)
    case end((@Sendable () -> Void)?)
  }

  private func run() {
    identity.store(UInt(pthread_self()), ordering: .relaxed)
    while true {
      let step: Step = state.withLock { state in
        if !state.jobs.isEmpty {
          defer { state.jobs = [] }
          return .run(state.jobs)
        }
        if state.isStopping { return .end(state.atEnd) }
        state.isAsleep = true
        return .sleep(state.watch)
      }
      switch step {
      case .run(let jobs): for job in jobs { job.runSynchronously(on: asUnownedSerialExecutor()) }
      case .sleep(let watch): sleep(watching: watch)
      case .end(let atEnd):
        atEnd?()
        return
      }
    }
  }

  private func sleep(watching watch: Watch?) {
    let readable = Int16(POLLIN)
    var descriptors = [
      pollfd(fd: wakeDescriptor, events: readable, revents: 0),
      pollfd(fd: watch?.socket ?? -1, events: readable, revents: 0),
    ]
    _ = poll(&descriptors, 2, -1)
    state.withLock { $0.isAsleep = false }
    if descriptors[0].revents != 0 { drainWake() }
    if descriptors[1].revents != 0 { watch?.onReadable() }
  }
}

func systemMessage(_ code: Int32 = errno) -> String { String(cString: strerror(code)) }
