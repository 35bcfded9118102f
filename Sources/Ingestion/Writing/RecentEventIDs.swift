/// Ids known to be committed, the newest some hundred thousand: a retry that comes soon is recognised without
/// asking the database. Forgetting is harmless, the table's primary key remembers.
struct RecentEventIDs {
  private var young: Set<EventID> = []
  private var old: Set<EventID> = []
  private let generation: Int

  /// - Parameter capacity: ids kept, at least half of it at any time once reached.
  init(capacity: Int) { generation = max(capacity / 2, 1) }

  func contains(_ id: EventID) -> Bool { young.contains(id) || old.contains(id) }

  mutating func insert(_ id: EventID) {
    if young.count >= generation {
      swap(&young, &old)
      young.removeAll(keepingCapacity: true)
    }
    young.insert(id)
  }
}
