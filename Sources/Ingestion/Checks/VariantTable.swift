import FoundationEssentials

/// The variants of a workspace by id: what a dictionary does, at a tenth of the cost. Ids are looked up for every event
/// and most of their bits are random already, so a word of them, mixed with a secret, is hash enough.
struct VariantTable: Sendable {
  private struct Slot {
    var key: (high: UInt64, low: UInt64) = (0, 0)
    var entry: CatalogueView.Entry?
  }

  private(set) var count = 0
  /// A power of two of them, at most half of them in use, so that a search always ends at an empty one.
  private var slots = [Slot](repeating: Slot(), count: 16)
  /// Nobody outside can choose ids that meet in one slot.
  private let secret: UInt64

  init(secret: UInt64 = .random(in: .min ... .max)) { self.secret = secret }

  subscript(_ id: UUID) -> CatalogueView.Entry? { slots[slot(of: Self.words(id))].entry }

  mutating func insert(_ entry: CatalogueView.Entry, for id: UUID) {
    if (count + 1) * 2 > slots.count { grow() }
    let key = Self.words(id)
    let index = slot(of: key)
    if slots[index].entry == nil { count += 1 }
    slots[index] = Slot(key: key, entry: entry)
  }

  /// Where the key stands, or else the empty slot where it would.
  @inline(__always)
  private func slot(of key: (high: UInt64, low: UInt64)) -> Int {
    let mask = slots.count &- 1
    let mixed = (key.high ^ secret).multipliedFullWidth(by: (key.low ^ secret) | 1)
    var index = Int(truncatingIfNeeded: mixed.high ^ mixed.low) & mask
    while slots[index].entry != nil, slots[index].key != key { index = (index &+ 1) & mask }
    return index
  }

  private mutating func grow() {
    let known = slots
    slots = [Slot](repeating: Slot(), count: known.count * 2)
    for slot in known where slot.entry != nil { slots[self.slot(of: slot.key)] = slot }
  }

  @inline(__always)
  private static func words(_ id: UUID) -> (high: UInt64, low: UInt64) {
    withUnsafeBytes(of: id.uuid) {
      ($0.loadUnaligned(as: UInt64.self), $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    }
  }
}
