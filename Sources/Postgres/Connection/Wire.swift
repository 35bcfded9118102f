import CPostgres
import Glibc
import Logging
import Synchronization

/// A `PGconn` and the waiting around it. Confined to the thread of its connection, which the compiler cannot know of
/// a C pointer; that is the reason for `@unchecked Sendable`.
final class Wire: @unchecked Sendable {
  let pointer: OpaquePointer
  private let wakeDescriptor: Int32
  private let drainWake: () -> Void
  private let notices: NoticeSink

  /// Set by whoever cancels the running exchange, before waking the thread.
  final class Cancellation: Sendable {
    private let flag = Atomic(false)
    func request() { flag.store(true, ordering: .releasing) }
    var isRequested: Bool { flag.load(ordering: .acquiring) }
  }

  /// What bounds one exchange.
  struct Bounds {
    var deadline: ContinuousClock.Instant?
    var cancellation: Cancellation?
    var isCancelSent = false
  }

  /// Connects; `bounds` hold for the whole attempt.
  init(_ configuration: DatabaseConfiguration, thread: DedicatedThread, bounds: Bounds, logger: Logger)
    throws(PostgresError)
  {
    let keywords = configuration.connectionKeywords
    guard let pointer = startConnecting(keywords) else {
      throw PostgresError(.connection, "out of memory while connecting to \(configuration)")
    }
    self.pointer = pointer
    wakeDescriptor = thread.wakeDescriptor
    drainWake = { [unowned thread] in thread.drainWake() }
    notices = NoticeSink(logger: logger)
    // A class's initialiser that throws after all properties are set still runs deinit, which closes the connection.
    try connect(to: configuration, bounds)
    PQsetnonblocking(pointer, 1)
    PQsetNoticeReceiver(pointer, NoticeSink.receive, Unmanaged.passUnretained(notices).toOpaque())
  }

  deinit { PQfinish(pointer) }

  var socket: Int32 { PQsocket(pointer) }
  var isBroken: Bool { PQstatus(pointer) == CONNECTION_BAD }
  var transactionStatus: PGTransactionStatusType { PQtransactionStatus(pointer) }
  var processIdentifier: Int32 { PQbackendPID(pointer) }
  var errorMessage: String { String(cString: PQerrorMessage(pointer)).trimmingLines }

  func connectionError(_ statement: String? = nil) -> PostgresError {
    let reason = errorMessage
    var error = PostgresError(.connection, reason.isEmpty ? "the connection to PostgreSQL was lost" : reason)
    error.statement = statement
    return error
  }

  private func connect(to configuration: DatabaseConfiguration, _ bounds: Bounds) throws(PostgresError) {
    var bounds = bounds
    // The socket is writable when the connection is made (libpq documentation, PQconnectPoll).
    var state = PQstatus(pointer) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING
    while true {
      switch state {
      case PGRES_POLLING_OK: return
      case PGRES_POLLING_READING: try wait(for: POLLIN, &bounds, until: "connecting to \(configuration)")
      case PGRES_POLLING_WRITING: try wait(for: POLLOUT, &bounds, until: "connecting to \(configuration)")
      default: throw configuration.connectionFailure(errorMessage)
      }
      state = PQconnectPoll(pointer)
    }
  }

  /// Sleeps until the socket is ready. A cancelled task has its statement cancelled here, by this same thread: the
  /// exchange cannot end, and the connection cannot be lent again, before the cancel call has returned.
  func wait(for events: Int32, _ bounds: inout Bounds, until what: @autoclosure () -> String)
    throws(PostgresError)
  {
    var descriptors = (
      pollfd(fd: socket, events: Int16(events), revents: 0),
      pollfd(fd: wakeDescriptor, events: Int16(POLLIN), revents: 0)
    )
    while true {
      if let cancellation = bounds.cancellation, cancellation.isRequested, !bounds.isCancelSent {
        bounds.isCancelSent = true
        guard PQstatus(pointer) == CONNECTION_OK else {
          throw PostgresError(.cancelled, "cancelled while \(what())")
        }
        try cancelRunningStatement()
        // What still comes is the end of the exchange; a server that sends none is gone.
        bounds.deadline = .now.advanced(by: .seconds(10))
      }
      let timeout = bounds.deadline.map { milliseconds(until: $0) } ?? -1
      let ready = withUnsafeMutablePointer(to: &descriptors) {
        $0.withMemoryRebound(to: pollfd.self, capacity: 2) { poll($0, 2, timeout) }
      }
      if ready == 0 { throw PostgresError(.timeout, "no answer in time while \(what())") }
      if ready < 0 {
        if errno == EINTR { continue }
        throw PostgresError(.connection, "poll failed: \(systemMessage())")
      }
      if descriptors.1.revents != 0 { drainWake() }
      if descriptors.0.revents != 0 { return }
    }
  }

  private func milliseconds(until deadline: ContinuousClock.Instant) -> Int32 {
    let left = ContinuousClock.now.duration(to: deadline)
    if left <= .zero { return 0 }
    return Int32(
      clamping: left.components.seconds * 1000 + left.components.attoseconds / 1_000_000_000_000_000 + 1)
  }

  private func cancelRunningStatement() throws(PostgresError) {
    guard let cancel = PQgetCancel(pointer) else { throw connectionError() }
    defer { PQfreeCancel(cancel) }
    var buffer = [CChar](repeating: 0, count: 256)
    if PQcancel(cancel, &buffer, Int32(buffer.count)) == 0 {
      let reason = buffer.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
      throw PostgresError(.connection, "cannot cancel the statement: \(reason.trimmingLines)")
    }
  }

  /// Reads what has come in while idle. False when the server closed the connection.
  func consumeIdleInput() -> Bool { PQconsumeInput(pointer) == 1 && !isBroken }

  func nextNotification() -> Notification? {
    guard let notify = PQnotifies(pointer) else { return nil }
    defer { PQfreemem(notify) }
    return Notification(
      channel: String(cString: notify.pointee.relname), payload: String(cString: notify.pointee.extra),
      mayHaveMissedEarlier: false)
  }
}

/// Hands the server's notices to the log.
private final class NoticeSink {
  let logger: Logger

  init(logger: Logger) { self.logger = logger }

  static let receive: PQnoticeReceiver = { argument, result in
    guard let argument, let result else { return }
    let sink = Unmanaged<NoticeSink>.fromOpaque(argument).takeUnretainedValue()
    let field = { (code: Unicode.Scalar) in
      PQresultErrorField(result, Int32(code.value)).map { String(cString: $0) } ?? ""
    }
    let level: Logger.Level = field("V") == "WARNING" ? .warning : .debug
    sink.logger.log(level: level, "\(field("M"))", metadata: ["sqlstate": "\(field("C"))"])
  }
}

private func startConnecting(_ keywords: [(String, String)]) -> OpaquePointer? {
  let names = keywords.map { strdup($0.0) }
  let values = keywords.map { strdup($0.1) }
  defer { for text in names + values { free(text) } }
  return (names.map { UnsafePointer($0) } + [nil]).withUnsafeBufferPointer { names in
    (values.map { UnsafePointer($0) } + [nil]).withUnsafeBufferPointer { values in
      PQconnectStartParams(names.baseAddress, values.baseAddress, 0)
    }
  }
}
