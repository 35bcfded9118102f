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
    let floor = floor(of: staying.count)
    let above = staying.map { max(0, $0.share - floor) }
    let total = above.reduce(0, +)
    let free = 1 - floor * Double(staying.count)
    return zip(staying, above).map { arm, part in
      .init(
        variant: arm.variant,
        share: floor + free * (total > 0 ? part / total : 1 / Double(staying.count)))
    }
  }

  static func equal(_ variants: [Identifier<Variant>]) -> [AllocationEpoch.Share] {
    variants.map { .init(variant: $0, share: 1 / Double(variants.count)) }
  }

  /// With so many versions that the floor does not fit, all get the same.
  private func floor(of count: Int) -> Double { min(floor, 1 / Double(max(count, 1))) }
}
