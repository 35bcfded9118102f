import Campaigns

/// Ways to split traffic: each share at least `floor`, together 1, in the order of the arms.
struct Shares {
  let floor: Double

  /// What one version gets when all others are held at the floor.
  func largest(of count: Int) -> Double { 1 - floor(of: count) * Double(count - 1) }

  /// One version as much as the floor of the others allows.
  func favouring(
    _ winner: Identifier<Variant>, among arms: [SegmentState.Arm]
  ) -> [AllocationEpoch.Share] {
    arms.map { arm in
      .init(
        variant: arm.variant,
        share: arm.variant == winner ? largest(of: arms.count) : floor(of: arms.count))
    }
  }

  /// What retired versions leave goes to the others in proportion to what they have above the floor.
  func afterRetirement(_ staying: [SegmentState.Arm]) -> [AllocationEpoch.Share] {
    restored(staying.map { .init(variant: $0.variant, share: $0.share) })
  }

  /// Earlier shares, of those versions that are still there.
  func restored(_ shares: [AllocationEpoch.Share]) -> [AllocationEpoch.Share] {
    let floor = floor(of: shares.count)
    let above = shares.map { max(0, $0.share - floor) }
    let total = above.reduce(0, +)
    let free = 1 - floor * Double(shares.count)
    return zip(shares, above).map { share, part in
      .init(
        variant: share.variant,
        share: floor + free * (total > 0 ? part / total : 1 / Double(shares.count)))
    }
  }

  static func equal(_ variants: [Identifier<Variant>]) -> [AllocationEpoch.Share] {
    variants.map { .init(variant: $0, share: 1 / Double(variants.count)) }
  }

  /// With so many versions that the floor does not fit, all get the same.
  private func floor(of count: Int) -> Double { min(floor, 1 / Double(max(count, 1))) }
}
