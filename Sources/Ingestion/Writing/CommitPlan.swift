import Campaigns
import FoundationEssentials
import Postgres

/// What one transaction writes for several callers, and what each of them will be told. Pure: the database comes
/// after.
struct CommitPlan: Sendable {
  struct Row {
    var event: Event
    var caller: Int
  }

  let batches: [CheckedBatch]
  /// Days since 1970 whose partitions must exist.
  let days: Set<Int>
  /// All rows as COPY sends them.
  let encoded: BinaryCopyWriter
  /// The events of all callers that seem to be new, as they came.
  private let events: [Event]
  private let callers: [UInt32]
  /// Each id once, in order of id: COPY appends to the end of the index. Places in `events`.
  private let order: [UInt32]
  /// As if every row were new.
  private let hoped: Outcome

  /// - Parameter isNew: whether an id was not met before; once asked, it was.
  init(_ batches: [CheckedBatch], isNew: (EventID) -> Bool) {
    self.batches = batches
    var hoped = Outcome(
      counts: batches.map { batch in
        let quarantined = batch.quarantined.count
        return EventCounts(
          duplicate: batch.events.count, quarantined: quarantined,
          rejected: batch.rejections.count - quarantined)
      })
    let total = batches.reduce(0) { $0 + $1.events.count }
    hoped.viewers = ViewerDeltas(expecting: total)
    var events: [Event] = []
    var callers: [UInt32] = []
    var keys: [EventOrder.Key] = []
    events.reserveCapacity(total)
    callers.reserveCapacity(total)
    keys.reserveCapacity(total)
    for (caller, batch) in batches.enumerated() {
      for event in batch.events where isNew(event.id) {
        keys.append(EventOrder.Key(event.id, index: events.count))
        events.append(event)
        callers.append(UInt32(truncatingIfNeeded: caller))
      }
    }
    EventOrder.sort(&keys)

    var order: [UInt32] = []
    order.reserveCapacity(keys.count)
    var days: Set<Int> = []
    var day = Int.min
    var last: (high: UInt64, low: UInt64) = (0, 0)
    // Equal ids stand side by side, and the first of them is the first that came.
    for key in keys where (key.high, key.low) != last {
      last = (key.high, key.low)
      order.append(key.index)
      let event = events[Int(key.index)]
      let caller = Int(callers[Int(key.index)])
      hoped.counts[caller].stored += 1
      hoped.counts[caller].duplicate -= 1
      hoped.add(event)
      if event.id.day != day {
        day = event.id.day
        days.insert(day)
      }
    }
    encoded = EventStore.encode(
      events, in: order, callers: callers, received: batches.map { $0.receivedAt.postgresMicroseconds ?? 0 })
    self.days = days
    self.events = events
    self.callers = callers
    self.order = order
    self.hoped = hoped
  }

  var rows: some RandomAccessCollection<Row> {
    order.lazy.map { Row(event: events[Int($0)], caller: Int(callers[Int($0)])) }
  }

  /// What is true once the rows are in the table.
  struct Outcome: Sendable {
    var counts: [EventCounts]
    var deltas = RollupDeltas()
    var viewers = ViewerDeltas()

    @inline(__always)
    mutating func add(_ event: Event) {
      deltas.add(event)
      viewers.add(event)
    }
  }

  /// - Parameter stored: the ids the table took; nil when it took all.
  func outcome(stored: Set<EventID>?) -> Outcome {
    guard let stored else { return hoped }
    var outcome = Outcome(counts: hoped.counts)
    for row in rows {
      if stored.contains(row.event.id) {
        outcome.add(row.event)
      } else {
        outcome.counts[row.caller].stored -= 1
        outcome.counts[row.caller].duplicate += 1
      }
    }
    return outcome
  }
}
