/// Puts ids in order in time that grows with their number only: digit by digit from the lowest that differs (least
/// significant digit radix sort). Ids begin with their time, so those of one commit differ in few digits.
enum EventOrder {
  struct Key {
    var high: UInt64
    var low: UInt64
    /// Where the event stands.
    var index: UInt32

    @inline(__always)
    init(_ id: EventID, index: Int) {
      high = id.high
      low = id.low
      self.index = UInt32(truncatingIfNeeded: index)
    }
  }

  private static let digitBits: UInt64 = 11
  private static let digitMask: UInt64 = (1 << digitBits) - 1

  /// By id; equal ids in the order in which they came.
  static func sort(_ keys: inout [Key]) {
    guard keys.count > 64, let first = keys.first else { return keys.sort(by: isBefore) }
    let differing = keys.reduce(0) { $0 | ($1.high ^ first.high) }
    var other = keys
    var shift = UInt64(differing.trailingZeroBitCount)
    while shift < 64, differing >> shift != 0 {
      // What all have in common, such as the version between time and hash, needs no pass.
      if differing >> shift & digitMask != 0 {
        keys.withUnsafeBufferPointer { from in
          other.withUnsafeMutableBufferPointer { pass(from, to: $0, shift) }
        }
        swap(&keys, &other)
      }
      shift += digitBits
    }
    sortTies(&keys)
  }

  private static func pass(
    _ from: UnsafeBufferPointer<Key>, to: UnsafeMutableBufferPointer<Key>, _ shift: UInt64
  ) {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 1 << Int(digitBits)) { places in
      places.initialize(repeating: 0)
      for key in from { places[Int(truncatingIfNeeded: key.high &>> shift & digitMask)] &+= 1 }
      var place: UInt32 = 0
      for digit in places.indices { (places[digit], place) = (place, place &+ places[digit]) }
      for key in from {
        let digit = Int(truncatingIfNeeded: key.high &>> shift & digitMask)
        to[Int(places[digit])] = key
        places[digit] &+= 1
      }
    }
  }

  /// Keys whose high words are equal: few, unless somebody makes them so.
  private static func sortTies(_ keys: inout [Key]) {
    var start = 0
    while start < keys.count {
      var end = start + 1
      while end < keys.count, keys[end].high == keys[start].high { end += 1 }
      if end - start > 1 { keys[start..<end].sort(by: isBefore) }
      start = end
    }
  }

  private static func isBefore(_ left: Key, _ right: Key) -> Bool {
    (left.high, left.low, left.index) < (right.high, right.low, right.index)
  }
}
