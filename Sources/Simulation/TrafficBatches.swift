public import Foundation

/// What a faithful collector must answer to some traffic, as far as nothing is lost on the way.
public struct ExpectedCounts: Hashable, Sendable {
  public var stored = 0
  public var duplicate = 0
  public var quarantined = 0
  public var rejected = 0
  /// Of the stored, those that a collector must not count.
  public var filtered = 0

  public init(
    stored: Int = 0, duplicate: Int = 0, quarantined: Int = 0, rejected: Int = 0,
    filtered: Int = 0
  ) {
    self.stored = stored
    self.duplicate = duplicate
    self.quarantined = quarantined
    self.rejected = rejected
    self.filtered = filtered
  }

  public var sent: Int { stored + duplicate + quarantined + rejected }

  public static func += (left: inout ExpectedCounts, right: ExpectedCounts) {
    left.stored += right.stored
    left.duplicate += right.duplicate
    left.quarantined += right.quarantined
    left.rejected += right.rejected
    left.filtered += right.filtered
  }
}

/// One request's body and what it holds.
public struct TrafficBatch: Hashable, Sendable {
  /// A JSON array of events.
  public var body: [UInt8]
  public var expected: ExpectedCounts
}

/// The traffic of all segments over some hours, in order of time and cut into requests, with some events sent a
/// second time a little later. Lazy: only what the next request needs is made.
public struct TrafficBatches: Sequence, IteratorProtocol {
  private let simulators: [AudienceSimulator]
  private let duplicates: Double
  private let eventsPerBatch: Int
  private let end: Date
  private var hour: Date
  private var random: RandomStream
  private var ready: ArraySlice<SimulatedEvent> = []
  /// Events to be sent again, with the number of events after which they are.
  private var again: [(due: Int, event: SimulatedEvent)] = []
  private var made = 0

  /// - Parameter hours: from the hour that holds its lower bound up to, without, its upper bound.
  public init(
    simulators: [AudienceSimulator], truth: Truth, hours: Range<Date>, eventsPerBatch: Int = 1_000
  ) {
    self.simulators = simulators
    duplicates = truth.traffic.duplicates
    self.eventsPerBatch = eventsPerBatch
    end = hours.upperBound
    hour = Date(timeIntervalSince1970: (hours.lowerBound.timeIntervalSince1970 / 3600).rounded(.down) * 3600)
    random = RandomStream(truth.seed, UInt64(bitPattern: Int64(hour.timeIntervalSince1970)), 7)
  }

  public mutating func next() -> TrafficBatch? {
    var batch = TrafficBatch(body: [UInt8(ascii: "[")], expected: ExpectedCounts())
    batch.body.reserveCapacity(eventsPerBatch * 240)
    while batch.expected.sent < eventsPerBatch, let (event, isRepeated) = nextEvent() {
      if batch.expected.sent > 0 { batch.body.append(UInt8(ascii: ",")) }
      event.write(to: &batch.body)
      switch (event.fault, isRepeated) {
      case (.badTimestamp, _): batch.expected.quarantined += 1
      case (.malformed, _): batch.expected.rejected += 1
      case (nil, true): batch.expected.duplicate += 1
      case (nil, false):
        batch.expected.stored += 1
        if event.isInvalidTraffic { batch.expected.filtered += 1 }
      }
    }
    guard batch.expected.sent > 0 else { return nil }
    batch.body.append(UInt8(ascii: "]"))
    return batch
  }

  private mutating func nextEvent() -> (SimulatedEvent, isRepeated: Bool)? {
    if let due = again.first, due.due <= made {
      again.removeFirst()
      return (due.event, true)
    }
    while ready.isEmpty, hour < end {
      ready = simulators.flatMap { $0.events(in: hour) }.sorted { $0.timestampMs < $1.timestampMs }[...]
      hour = hour.addingTimeInterval(3600)
    }
    guard let event = ready.popFirst() else {
      return again.isEmpty ? nil : (again.removeFirst().event, true)
    }
    made += 1
    if random.happens(duplicates) {
      // A retry within a moment, or one that waited for a better connection.
      again.append((made + 1 + random.index(below: 4 * eventsPerBatch), event))
      again.sort { $0.due < $1.due }
    }
    return (event, false)
  }
}
