/// Where things with a hash stand in an array that its owner keeps beside it: open addressing with linear probing,
/// at most half full. Nothing is ever removed, and one lookup touches one or two cache lines.
struct FlatIndex {
  /// 32 bits of the hash, then the position plus one; zero is free.
  private var slots: [UInt64]
  private var mask: Int
  private(set) var count = 0

  init(capacity: Int = 16) {
    var size = 16
    while size < capacity * 2 { size *= 2 }
    slots = [UInt64](repeating: 0, count: size)
    mask = size - 1
  }

  /// The position of the thing with this hash for which `isSame` says yes; else the next free one, the owner's to
  /// fill. Only the upper half of the hash is looked at.
  @inline(__always)
  mutating func position(_ hash: UInt64, isSame: (Int) -> Bool) -> (position: Int, isNew: Bool) {
    if count &* 2 >= slots.count { grow() }
    let tag = hash & 0xFFFF_FFFF_0000_0000
    var slot = Int(truncatingIfNeeded: hash >> 32) & mask
    while true {
      let held = slots[slot]
      if held == 0 {
        count &+= 1
        slots[slot] = tag | UInt64(truncatingIfNeeded: count)
        return (count &- 1, true)
      }
      if held & 0xFFFF_FFFF_0000_0000 == tag {
        let position = Int(truncatingIfNeeded: held & 0xFFFF_FFFF) &- 1
        if isSame(position) { return (position, false) }
      }
      slot = (slot &+ 1) & mask
    }
  }

  private mutating func grow() {
    let old = slots
    mask = old.count * 2 - 1
    slots = [UInt64](repeating: 0, count: old.count * 2)
    for held in old where held != 0 {
      var slot = Int(truncatingIfNeeded: held >> 32) & mask
      while slots[slot] != 0 { slot = (slot &+ 1) & mask }
      slots[slot] = held
    }
  }
}

extension FixedWidthInteger where Self: SignedInteger {
  /// The sum of two that are not negative, or the largest number there is: whatever a client sends, counting goes on.
  @inline(__always)
  func addingUpToLimit(_ other: Self) -> Self {
    let (sum, isTooLarge) = addingReportingOverflow(other)
    return isTooLarge ? .max : sum
  }
}
