import Campaigns
import FoundationEssentials

/// What one transaction writes for several callers, and what each of them will be told. Pure: the database comes
/// after.
struct CommitPlan {
  struct Row {
    var event: Event
    var caller: Int
  }

  let batches: [CheckedBatch]
  /// Each id once, in order of id: COPY appends to the end of the index.
  private(set) var rows: [Row] = []
  /// Per caller, as if every row were new.
  private var hoped: [EventCounts]

  /// - Parameter isKnown: ids that were committed before.
  init(_ batches: [CheckedBatch], isKnown: (EventID) -> Bool) {
    self.batches = batches
    hoped = batches.map { batch in
      let quarantined = batch.quarantined.count
      return EventCounts(quarantined: quarantined, rejected: batch.rejections.count - quarantined)
    }
    let total = batches.reduce(0) { $0 + $1.events.count }
    var seen = Set<EventID>(minimumCapacity: total)
    rows.reserveCapacity(total)
    for (caller, batch) in batches.enumerated() {
      for event in batch.events {
        if isKnown(event.id) || !seen.insert(event.id).inserted {
          hoped[caller].duplicate += 1
        } else {
          hoped[caller].stored += 1
          rows.append(Row(event: event, caller: caller))
        }
      }
    }
    rows.sort { $0.event.id < $1.event.id }
  }

  /// Days since 1970 whose partitions must exist.
  var days: Set<Int> { Set(rows.map(\.event.id.day)) }

  /// What is true once the rows are in the table.
  struct Outcome {
    var counts: [EventCounts]
    var deltas: RollupDeltas
    var viewers: ViewerDeltas
  }

  /// - Parameter stored: the ids the table took; nil when it took all.
  func outcome(stored: Set<EventID>?) -> Outcome {
    var outcome = Outcome(counts: hoped, deltas: RollupDeltas(), viewers: ViewerDeltas())
    for row in rows {
      if let stored, !stored.contains(row.event.id) {
        outcome.counts[row.caller].stored -= 1
        outcome.counts[row.caller].duplicate += 1
      } else {
        outcome.deltas.add(row.event)
        outcome.viewers.add(row.event)
      }
    }
    return outcome
  }
}
