import Campaigns
import FoundationEssentials

/// What events are checked against: a workspace's variants as far as they were met, and the placements' numbers.
struct CatalogueView: Sendable {
  struct Entry: Sendable, Hashable {
    var campaign: Identifier<Campaign>
    /// The campaign's currency; nil when it has none.
    var currency: String?
  }

  var variants: [UUID: Entry] = [:]
  var placements: [Placement] = []

  struct Placement: Sendable, Hashable {
    var id: Int16
    var name: [UInt8]
  }

  /// There are a dozen: comparing bytes is faster than hashing them.
  func placement(_ name: RawEvent.Text) -> Int16? {
    for placement in placements where placement.name.count == name.count {
      if placement.name.elementsEqual(name) { return placement.id }
    }
    return nil
  }
}
