/// Who holds which connection and who waits: a pure state machine that says what is to be done. Generic over the
/// connection, so that its test needs no server.
struct PoolState<Connection: Sendable> {
  enum Grant: Sendable {
    /// An open connection.
    case connection(Connection)
    /// The right to open one.
    case slot
  }

  enum Answer {
    case granted(Grant)
    /// Ask to be queued.
    case mustWait
    case closed
  }

  private(set) var idle: [Connection] = []
  /// Connections lent, idle, or being opened.
  private(set) var openCount = 0
  private(set) var isClosed = false
  let limit: Int
  /// Waiting callers in the order they came; those who left are only in `order` until they are passed over.
  private var order: [UInt64] = []
  private var head = 0
  private var deadlines: [UInt64: ContinuousClock.Instant] = [:]

  init(limit: Int) { self.limit = max(1, limit) }

  var waitingCount: Int { deadlines.count }
  var leasedCount: Int { openCount - idle.count }

  /// The connection used last is lent first, so that the others can be let go. Broken ones are forgotten.
  mutating func lease(isUsable: (Connection) -> Bool) -> Answer {
    if isClosed { return .closed }
    while let connection = idle.popLast() {
      if isUsable(connection) { return .granted(.connection(connection)) }
      openCount -= 1
    }
    guard openCount < limit else { return .mustWait }
    openCount += 1
    return .granted(.slot)
  }

  mutating func wait(_ waiter: UInt64, until deadline: ContinuousClock.Instant) {
    order.append(waiter)
    deadlines[waiter] = deadline
  }

  /// False when the waiter was served already.
  mutating func leave(_ waiter: UInt64) -> Bool { deadlines.removeValue(forKey: waiter) != nil }

  /// Takes a usable connection back, or passes it to who waited longest.
  mutating func giveBack(_ connection: Connection) -> (waiter: UInt64, Grant)? {
    if isClosed {
      openCount -= 1
      return nil
    }
    if let waiter = nextWaiter() { return (waiter, .connection(connection)) }
    idle.append(connection)
    return nil
  }

  /// A connection broke or could not be opened: its place goes to who waited longest.
  mutating func drop() -> (waiter: UInt64, Grant)? {
    if !isClosed, let waiter = nextWaiter() { return (waiter, .slot) }
    openCount -= 1
    return nil
  }

  /// Waiters whose time has come, and when to look again.
  mutating func expire(at now: ContinuousClock.Instant) -> (expired: [UInt64], next: ContinuousClock.Instant?)
  {
    let expired = deadlines.filter { $0.value <= now }.map(\.key).sorted()
    for waiter in expired { deadlines[waiter] = nil }
    return (expired, deadlines.values.min())
  }

  mutating func close() -> (idle: [Connection], waiters: [UInt64]) {
    isClosed = true
    defer {
      openCount -= idle.count
      idle = []
      deadlines = [:]
      order = []
      head = 0
    }
    return (idle, deadlines.keys.sorted())
  }

  private mutating func nextWaiter() -> UInt64? {
    while head < order.count {
      let waiter = order[head]
      head += 1
      if head > 64, head * 2 > order.count {
        order.removeFirst(head)
        head = 0
      }
      if deadlines.removeValue(forKey: waiter) != nil { return waiter }
    }
    order.removeAll(keepingCapacity: true)
    head = 0
    return nil
  }
}
