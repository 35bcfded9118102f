import Campaigns
import FoundationEssentials

/// The rules that look at what a viewer did before: impossible sequences and excess.
///
/// An event is impossible when what it follows from lies less than a person's time away from it, on either side, and
/// nothing that explains it was met earlier in its own hour or the one before. What was never met is not held against
/// anybody: a click whose impression is lost, or comes later, counts.
struct SequenceRules: ~Copyable {
  private struct Rule {
    var cause: SequenceMemory.Cause
    var delayMs: Int64
  }

  /// Of one event, while its request is judged.
  private struct Place {
    /// 0: no rule applies.
    var key: UInt64 = 0
    var offset: Int64 = 0
    var entry: UnsafeMutablePointer<SequenceMemory.Entry>?
  }

  private var memory: SequenceMemory
  /// By the kind's raw value.
  private let causes: [SequenceMemory.Cause?]
  private let rules: [Rule?]
  private let caps: [Int?]

  private static let hourMs: Int64 = 3_600_000

  init(_ policy: TrafficPolicy) {
    memory = SequenceMemory(bytes: policy.memoryBytes)
    let size = EventKind.allCases.count + 1
    var rules = [Rule?](repeating: nil, count: size)
    func follow(_ kind: EventKind, _ cause: SequenceMemory.Cause, after delayMs: Int64) {
      if delayMs > 0 { rules[Int(kind.rawValue)] = Rule(cause: cause, delayMs: delayMs) }
    }
    follow(.click, .impression, after: policy.minimumClickDelayMs)
    follow(.conversion, .click, after: policy.minimumConversionDelayMs)
    follow(.firstQuartile, .start, after: policy.minimumCompleteDelayMs / 4)
    follow(.midpoint, .start, after: policy.minimumCompleteDelayMs / 2)
    follow(.thirdQuartile, .start, after: policy.minimumCompleteDelayMs * 3 / 4)
    follow(.complete, .start, after: policy.minimumCompleteDelayMs)
    var causes = [SequenceMemory.Cause?](repeating: nil, count: size)
    if policy.minimumClickDelayMs > 0 { causes[Int(EventKind.impression.rawValue)] = .impression }
    if policy.minimumCompleteDelayMs > 0 { causes[Int(EventKind.start.rawValue)] = .start }
    if policy.minimumConversionDelayMs > 0 { causes[Int(EventKind.click.rawValue)] = .click }
    var caps = [Int?](repeating: nil, count: size)
    for (kind, cap) in policy.capsPerHour { caps[Int(kind.rawValue)] = cap }
    self.rules = rules
    self.causes = causes
    self.caps = caps
  }

  /// Judges the events that count so far. Those of one call are judged together: their order does not matter for what
  /// is impossible, nor for how many are in excess.
  mutating func judge(_ events: inout [Event]) {
    let limit = memory.limit
    var start = 0
    while start < events.count {
      let end = min(start + limit, events.count)
      events.withUnsafeMutableBufferPointer {
        judge(part: UnsafeMutableBufferPointer(rebasing: $0[start..<end]))
      }
      start = end
    }
  }

  private mutating func judge(part events: UnsafeMutableBufferPointer<Event>) {
    memory.makeRoom(for: events.count)
    withUnsafeTemporaryAllocation(of: Place.self, capacity: events.count) { places in
      for index in events.indices {
        let kind = Int(events[index].kind.rawValue)
        guard events[index].traffic == .counted,
          causes[kind] != nil || rules[kind] != nil || caps[kind] != nil
        else {
          places.initializeElement(at: index, to: Place())
          continue
        }
        let (hour, offset) = Self.time(of: events[index])
        let key = Self.key(of: events[index], hour: hour)
        memory.warm(key)
        places.initializeElement(at: index, to: Place(key: key, offset: offset))
      }
      for index in events.indices where places[index].key != 0 {
        let entry = memory.meet(places[index].key)
        if let cause = causes[Int(events[index].kind.rawValue)], events[index].source.tellsOrder {
          entry.pointee.note(cause, at: places[index].offset)
        }
        places[index].entry = entry
      }
      for index in events.indices {
        guard let entry = places[index].entry else { continue }
        let kind = events[index].kind
        if events[index].source.tellsOrder, let rule = rules[Int(kind.rawValue)],
          isImpossible(events[index], rule, entry.pointee)
        {
          events[index].traffic = .impossibleSequence
        } else if let cap = caps[Int(kind.rawValue)],
          let count = entry.pointee.count(kind, id: events[index].id), count > cap
        {
          events[index].traffic = .excess
        }
      }
    }
  }

  private func isImpossible(_ event: Event, _ rule: Rule, _ own: SequenceMemory.Entry) -> Bool {
    let (hour, offset) = Self.time(of: event)
    var isNear = false
    if let first = own.first(rule.cause) {
      if offset - first >= rule.delayMs { return false }
      isNear = abs(offset - first) < rule.delayMs
    }
    // Most events end here: nothing near in their own hour, and the hours beside it are too far away to be near.
    guard isNear || offset < rule.delayMs || offset + rule.delayMs > Self.hourMs else { return false }
    if let before = memory.find(Self.key(of: event, hour: hour - 1))?.pointee.first(rule.cause) {
      if offset + Self.hourMs - before >= rule.delayMs { return false }
      isNear = true
    }
    if !isNear, let after = memory.find(Self.key(of: event, hour: hour + 1))?.pointee.first(rule.cause) {
      isNear = after + Self.hourMs - offset < rule.delayMs
    }
    return isNear
  }

  @inline(__always)
  private static func key(of event: Event, hour: Int64) -> UInt64 {
    SequenceMemory.key(variant: event.variant.uuid, viewer: event.viewer, hour: hour)
  }

  /// Whole hours since 1970, and milliseconds into the hour.
  @inline(__always)
  private static func time(of event: Event) -> (hour: Int64, offset: Int64) {
    let hour = event.occurredAtMs / hourMs
    let offset = event.occurredAtMs - hour * hourMs
    return offset < 0 ? (hour - 1, offset + hourMs) : (hour, offset)
  }
}
