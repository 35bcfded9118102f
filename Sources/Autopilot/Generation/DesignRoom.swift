import Campaigns
import Creative

/// A campaign's designer: its factors, and the seed that makes its designs the same whenever they are made.
struct DesignRoom: Sendable {
  let campaign: Campaign
  let designer: VariantDesigner

  init(_ campaign: Campaign) {
    self.campaign = campaign
    designer = VariantDesigner(factors: campaign.document.factors, seed: Self.seed(campaign.key))
  }

  /// How many combinations of levels the segment has not seen.
  func unseen(by variants: [Variant]) -> Int {
    guard campaign.brand != nil, !campaign.document.factors.isEmpty else { return 0 }
    let combinations = campaign.document.factors.reduce(1) { min($0 * max($1.levels.count, 1), 1_000_000) }
    return max(0, combinations - Set(variants.map(\.levels)).count)
  }

  /// FNV-1a, 64 bits (Fowler, Noll, Vo; IETF draft-eastlake-fnv): the key decides, so that the same campaign on
  /// another machine gets the same versions.
  private static func seed(_ key: String) -> UInt64 {
    key.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
  }
}
