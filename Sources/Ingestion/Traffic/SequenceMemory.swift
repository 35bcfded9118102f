import Campaigns
import FoundationEssentials

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What viewers did lately: an entry of one cache line per viewer, version and hour of the events' own time, in two
/// generations of a fixed size. When the young one is half full it becomes the old one, and the old one is forgotten;
/// whoever is met again moves into the young one.
///
/// Everything kept is a minimum or a count of distinct events, so it does not depend on the order in which they came.
struct SequenceMemory: ~Copyable {
  struct Entry {
    /// 0: nobody.
    var key: UInt64 = 0
    /// Counts of kinds 1 to 8, a byte each.
    var counts: UInt64 = 0
    /// Counts of kinds 9 to 13, then 22 bits of the first click.
    var countsAndClick: UInt64 = 0
    /// 22 bits each of the first impression and the first start, then 4 bits of the place in `recent`.
    var causes: UInt64 = 0
    /// 16 bits of the last events' ids: what is sent again soon is not counted again. 0: none.
    var recent = SIMD16<UInt16>()
  }

  /// What an event of another kind follows from.
  enum Cause {
    case impression, start, click
  }

  private let mask: Int
  /// Entries of a generation before it grows old.
  let limit: Int
  private let storage: UnsafeMutableRawPointer
  private var young: UnsafeMutablePointer<Entry>
  private var old: UnsafeMutablePointer<Entry>
  private(set) var count = 0
  /// Only for `warm` to be kept by the compiler.
  private var warmth: UInt64 = 0

  /// - Parameter bytes: all that is ever used; pages that are never touched take no memory.
  init(bytes: Int) {
    let stride = MemoryLayout<Entry>.stride
    var slots = 1
    while slots * 2 * 2 * stride <= bytes { slots *= 2 }
    mask = slots - 1
    limit = slots / 2
    guard let storage = calloc(2 * slots * stride + 64, 1) else { preconditionFailure("out of memory") }
    self.storage = storage
    let first = storage.alignedUp(toMultipleOf: 64)
    young = first.bindMemory(to: Entry.self, capacity: slots)
    old = (first + slots * stride).bindMemory(to: Entry.self, capacity: slots)
  }

  deinit { free(storage) }

  static func key(variant: UUID, viewer: UUID, hour: Int64) -> UInt64 {
    let (variantHigh, variantLow) = words(variant)
    let (viewerHigh, viewerLow) = words(viewer)
    // Pseudonyms are a keyed hash, so nobody can choose keys that meet.
    let product = (viewerLow ^ variantLow &* 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(
      by: (viewerHigh ^ variantHigh ^ UInt64(bitPattern: hour) &* 0xD6E8_FEB8_6659_FD93) | 1)
    let key = product.high ^ product.low
    return key == 0 ? 1 : key
  }

  @inline(__always)
  private static func words(_ id: UUID) -> (UInt64, UInt64) {
    unsafeBitCast(id.uuid, to: (UInt64, UInt64).self)
  }

  /// Makes room for so many new entries, at most `limit`: until as many were met, no entry moves.
  mutating func makeRoom(for newEntries: Int) {
    guard count + newEntries > limit else { return }
    swap(&young, &old)
    young.update(repeating: Entry(), count: mask + 1)
    count = 0
  }

  /// Fetches what `meet` will look at. Of many keys in a row the processor fetches several at once, which it could not
  /// while each answer decides what comes next.
  @inline(__always)
  mutating func warm(_ key: UInt64) {
    let index = Int(truncatingIfNeeded: key) & mask
    warmth ^= young[index].key ^ old[index].key
  }

  /// The entry of a key, made when there is none.
  mutating func meet(_ key: UInt64) -> UnsafeMutablePointer<Entry> {
    let slot = slot(of: key, in: young)
    if slot.pointee.key == key { return slot }
    let known = self.slot(of: key, in: old)
    if known.pointee.key == key { slot.pointee = known.pointee } else { slot.pointee.key = key }
    count += 1
    return slot
  }

  /// The entry of a key; nil when there is none.
  func find(_ key: UInt64) -> UnsafeMutablePointer<Entry>? {
    for table in [young, old] {
      let slot = slot(of: key, in: table)
      if slot.pointee.key == key { return slot }
    }
    return nil
  }

  /// Where the key stands, or where it would; there always is a free one.
  @inline(__always)
  private func slot(of key: UInt64, in table: UnsafeMutablePointer<Entry>) -> UnsafeMutablePointer<Entry> {
    var index = Int(truncatingIfNeeded: key) & mask
    while table[index].key != key, table[index].key != 0 { index = (index + 1) & mask }
    return table + index
  }
}

extension SequenceMemory.Entry {
  private static let offsetMask: UInt64 = 1 << 22 - 1

  /// Milliseconds into the hour of the first such event; nil when none was met.
  @inline(__always)
  func first(_ cause: SequenceMemory.Cause) -> Int64? {
    let bits: UInt64 =
      switch cause {
      case .impression: causes & Self.offsetMask
      case .start: causes >> 22 & Self.offsetMask
      case .click: countsAndClick >> 40 & Self.offsetMask
      }
    return bits == 0 ? nil : Int64(bits) - 1
  }

  /// - Parameter offset: milliseconds into the hour.
  @inline(__always)
  mutating func note(_ cause: SequenceMemory.Cause, at offset: Int64) {
    if let first = first(cause), first <= offset { return }
    let bits = UInt64(offset + 1)
    switch cause {
    case .impression: causes = causes & ~Self.offsetMask | bits
    case .start: causes = causes & ~(Self.offsetMask << 22) | bits << 22
    case .click: countsAndClick = countsAndClick & ~(Self.offsetMask << 40) | bits << 40
    }
  }

  /// Counts an event unless it is one of the last sixteen.
  /// - Returns: how many of its kind there are now, at most 255; nil when it was met before.
  @inline(__always)
  mutating func count(_ kind: EventKind, id: EventID) -> Int? {
    let fingerprint = max(UInt16(truncatingIfNeeded: id.low), 1)
    if any(recent .== SIMD16(repeating: fingerprint)) { return nil }
    let place = Int(causes >> 44 & 15)
    recent[place] = fingerprint
    causes = causes & ~(15 << 44) | UInt64((place + 1) & 15) << 44
    let shift = UInt64(kind.rawValue - 1) * 8
    if shift < 64 {
      let known = counts >> shift & 255
      if known < 255 { counts += 1 << shift }
      return Int(min(known + 1, 255))
    }
    let known = countsAndClick >> (shift - 64) & 255
    if known < 255 { countsAndClick += 1 << (shift - 64) }
    return Int(min(known + 1, 255))
  }
}
