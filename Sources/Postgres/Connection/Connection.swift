import CPostgres
public import Logging
import Synchronization

/// One connection to PostgreSQL with a thread of its own. Calls queue up and run one after the other; a cancelled
/// task's statement is cancelled on the server and the connection stays usable.
///
/// A connection got from `Database.withConnection` is lent: do not keep it beyond the closure.
public actor Connection: Queryable {
  private let thread: DedicatedThread
  var wire: Wire?
  var cache: StatementCache
  /// Doc: what the server enforces; this side waits a little longer before it gives the connection up.
  var statementTimeout: Duration?
  /// How much longer: the server reports its own timeout better than we can.
  var answerGrace = Connection.usualGrace
  static let usualGrace = Duration.seconds(5)
  /// Whether the running transaction has a limit of its own.
  var isLimited = false
  var transactionDepth = 0
  private var onNotification: (@Sendable (Notification) -> Void)?
  private var onLoss: (@Sendable () -> Void)?
  let logger: Logger

  enum Status: UInt8, AtomicRepresentable {
    case idle, inTransaction, broken
  }
  /// Read by the pool from any thread.
  nonisolated let status = Atomic<Status>(.broken)
  nonisolated let configuration: DatabaseConfiguration

  public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

  private init(_ configuration: DatabaseConfiguration, logger: Logger) throws(PostgresError) {
    self.configuration = configuration
    self.logger = logger
    thread = try DedicatedThread()
    cache = StatementCache(isEnabled: configuration.preparesStatements)
    statementTimeout = configuration.statementTimeout
  }

  deinit {
    // The last reference to libpq's connection goes on the thread it lives on.
    let wire = wire
    thread.stop { _ = wire }
  }

  /// Connects within `configuration.connectTimeout`.
  public static func open(
    _ configuration: DatabaseConfiguration, logger: Logger = Logger(label: "retake.postgres")
  ) async throws(PostgresError) -> Connection {
    let connection = try Connection(configuration, logger: logger)
    try await connection.connect()
    return connection
  }

  private func connect() async throws(PostgresError) {
    let deadline = ContinuousClock.now.advanced(by: configuration.connectTimeout)
    let (configuration, thread, logger) = (configuration, thread, logger)
    let made = try await cancellable { (cancellation) throws(PostgresError) in
      try Wire(
        configuration, thread: thread, bounds: Wire.Bounds(deadline: deadline, cancellation: cancellation),
        logger: logger)
    }
    wire = made
    status.store(.idle, ordering: .releasing)
    thread.setWatch(
      DedicatedThread.Watch(socket: made.socket) { [weak self] in
        self?.assumeIsolated { $0.socketBecameReadable() }
      })
  }

  /// The server's process for this connection, as in `pg_stat_activity.pid`.
  public var processIdentifier: Int32 { wire?.processIdentifier ?? 0 }

  public func query(_ sql: SQL) async throws(PostgresError) -> Rows {
    let (text, parameters) = sql.rendered
    return try await exchange(text) { (wire, bounds) throws(PostgresError) in
      Rows(result: try self.run(text, parameters, on: wire, &bounds))
    }
  }

  @discardableResult
  public func execute(_ sql: SQL) async throws(PostgresError) -> Int { try await query(sql).affected }

  /// Ends the connection now; later calls fail.
  public func close() {
    wire = nil
    thread.setWatch(nil)
    status.store(.broken, ordering: .releasing)
  }

  // MARK: - Exchanges

  /// Runs one exchange with the server. `body` does not suspend, so nobody else's statement can come in between.
  func exchange<R>(
    _ statement: String, ignoringCancellation: Bool = false,
    _ body: (Wire, inout Wire.Bounds) throws(PostgresError) -> R
  ) async throws(PostgresError) -> R {
    guard let wire, !wire.isBroken else {
      throw PostgresError(.connection, "the connection to PostgreSQL is closed")
    }
    let deadline = statementTimeout.map { ContinuousClock.now.advanced(by: $0 + answerGrace) }
    defer { settle(wire) }
    if ignoringCancellation {
      var bounds = Wire.Bounds(deadline: deadline)
      return try body(wire, &bounds)
    }
    return try await cancellable { (cancellation) throws(PostgresError) in
      var bounds = Wire.Bounds(deadline: deadline, cancellation: cancellation)
      do throws(PostgresError) {
        return try body(wire, &bounds)
      } catch {
        // An exchange given up half-way leaves a connection nobody can use.
        if error.kind == .timeout, error.sqlState == nil { close() }
        throw error
      }
    }
  }

  private func cancellable<R>(_ body: (Wire.Cancellation) throws(PostgresError) -> R)
    async throws(PostgresError)
    -> R
  {
    if Task.isCancelled {
      throw PostgresError(.cancelled, "the task was cancelled before the statement was sent")
    }
    let cancellation = Wire.Cancellation()
    let thread = thread
    let result = await withTaskCancellationHandler {
      // By way of `self`: a closure that does not capture the actor would run on the cooperative pool.
      self.attempt(body, cancellation)
    } onCancel: {
      cancellation.request()
      thread.wake()
    }
    return try result.get()
  }

  private func attempt<R>(
    _ body: (Wire.Cancellation) throws(PostgresError) -> R, _ cancellation: Wire.Cancellation
  ) -> Result<R, PostgresError> {
    thread.checkIsolated()
    return Result { () throws(PostgresError) in try body(cancellation) }
  }

  private func settle(_ wire: Wire) {
    deliverNotifications(wire)
    let status: Status
    if wire.isBroken || self.wire == nil {
      status = .broken
    } else {
      status = wire.transactionStatus == PQTRANS_IDLE ? .idle : .inTransaction
    }
    self.status.store(status, ordering: .releasing)
    if status == .broken { lose() }
  }

  // MARK: - What comes in between

  func observe(
    onNotification: @escaping @Sendable (Notification) -> Void, onLoss: @escaping @Sendable () -> Void
  ) {
    self.onNotification = onNotification
    self.onLoss = onLoss
    if wire == nil { lose() }
  }

  private func socketBecameReadable() {
    guard let wire else { return }
    guard wire.consumeIdleInput() else { return lose() }
    deliverNotifications(wire)
  }

  private func deliverNotifications(_ wire: Wire) {
    while let notification = wire.nextNotification() { onNotification?(notification) }
  }

  private func lose() {
    close()
    onLoss?()
    onLoss = nil
  }
}
