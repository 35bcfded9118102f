import Glibc

/// Ids that were written lately: a retry that comes soon is recognised without asking the database. Forgetting is
/// harmless, the table's primary key remembers; a false memory would lose an event, so whole ids are compared.
///
/// A cache of sets, as processors have: an id belongs to one set, where the oldest of eight makes room for the newest.
/// Memory is fixed, a look costs two neighbouring cache lines, and as the choice of the set is keyed nobody outside can
/// make ids crowd.
struct RecentEventIDs: ~Copyable {
  private typealias Words = (high: UInt64, low: UInt64)

  private static let setSize = 8

  /// Zero, which no id is, where nothing was remembered yet.
  private let slots: UnsafeMutablePointer<Words>
  private let setMask: Int
  private let secret: (UInt64, UInt64)

  /// - Parameter capacity: ids remembered. Room is made for twice as many, so that few sets overflow before that.
  init(capacity: Int, secret: (UInt64, UInt64) = (.random(in: .min ... .max), .random(in: .min ... .max))) {
    var sets = 1
    while sets * Self.setSize < 2 * capacity { sets *= 2 }
    setMask = sets - 1
    self.secret = secret
    slots = .allocate(capacity: sets * Self.setSize)
    forget()
  }

  deinit { slots.deallocate() }

  /// Remembers the id.
  /// - Returns: false when it was known.
  @inline(__always)
  mutating func insert(_ id: EventID) -> Bool {
    let mixed = (id.high ^ secret.0).multipliedFullWidth(by: (id.low ^ secret.1) | 1)
    let set = slots + (Int(truncatingIfNeeded: mixed.high ^ mixed.low) & setMask) &* Self.setSize
    for index in 0..<Self.setSize where set[index].low == id.low && set[index].high == id.high {
      return false
    }
    for index in stride(from: Self.setSize &- 1, to: 0, by: -1) { set[index] = set[index &- 1] }
    set[0] = (id.high, id.low)
    return true
  }

  /// Forgets everything.
  mutating func removeAll() { forget() }

  private func forget() {
    memset(slots, 0, (setMask + 1) * Self.setSize * MemoryLayout<Words>.stride)
  }
}
