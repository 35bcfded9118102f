import Campaigns
import FoundationEssentials
import Glibc

/// What events are checked against: a workspace's variants as far as they were met, and the placements' numbers.
struct CatalogueView: Sendable {
  struct Entry: Sendable, Hashable {
    var campaign: Identifier<Campaign>
    /// The campaign's currency; nil when it has none.
    var currency: CurrencyCode?

    init(campaign: Identifier<Campaign>, currency: String?) {
      self.campaign = campaign
      self.currency = currency.flatMap { CurrencyCode($0) }
    }
  }

  var variants = VariantTable()
  var placements: [Placement] = []

  struct Placement: Sendable, Hashable {
    var id: Int16
    var name: [UInt8]
  }

  /// There are a dozen: comparing bytes is faster than hashing them.
  func placement(_ name: RawEvent.Text) -> Int16? {
    for index in placements.indices where placements[index].name.count == name.count {
      let isSame = placements[index].name.withUnsafeBytes { known in
        guard let left = known.baseAddress, let right = name.baseAddress else { return known.isEmpty }
        return memcmp(left, right, known.count) == 0
      }
      if isSame { return placements[index].id }
    }
    return nil
  }
}

/// Three letters of ISO 4217, held without a String.
struct CurrencyCode: Sendable, Hashable, CustomStringConvertible {
  private let letters: (UInt8, UInt8, UInt8)

  /// Nil for anything but three bytes.
  init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count == 3 else { return nil }
    letters = (bytes[0], bytes[1], bytes[2])
  }

  func equals(_ text: RawEvent.Text) -> Bool {
    text.count == 3 && text[0] == letters.0 && text[1] == letters.1 && text[2] == letters.2
  }

  var description: String { String(decoding: [letters.0, letters.1, letters.2], as: UTF8.self) }

  static func == (left: Self, right: Self) -> Bool { left.letters == right.letters }

  func hash(into hasher: inout Hasher) { hasher.combine(description) }
}
