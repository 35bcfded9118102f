public import Campaigns
import Statistics

/// One epoch of a round as the comparison sees it; part of a verdict's evidence.
public struct EpochInput: Hashable, Sendable, Codable {
  public var epoch: Int
  public var arms: [Arm]

  public struct Arm: Hashable, Sendable, Codable {
    public var variant: Identifier<Variant>
    /// The logged probability; 0 when the version took no part in the epoch.
    public var share: Double
    public var trials: Int64
    public var successes: Int64

    public init(variant: Identifier<Variant>, share: Double, trials: Int64, successes: Int64) {
      self.variant = variant
      self.share = share
      self.trials = trials
      self.successes = successes
    }
  }

  public init(epoch: Int, arms: [Arm]) {
    self.epoch = epoch
    self.arms = arms
  }

  var trials: Int64 { arms.reduce(0) { $0 + $1.trials } }
}

extension EpochInput.Arm {
  /// A click may come an hour after its impression, and so in the next epoch. In an epoch that has only just
  /// begun that can make more successes than trials; the surplus belongs to the epoch before and is left out.
  var counts: BinomialCounts { BinomialCounts(successes: min(successes, trials), trials: trials) }
}

extension [EpochInput] {
  /// Arms with more successes than impressions over the whole round, which no lateness explains.
  var impossibleArms: [Identifier<Variant>] {
    var totals: [Identifier<Variant>: BinomialCounts] = [:]
    for arm in self.flatMap(\.arms) {
      totals[arm.variant, default: .zero] += BinomialCounts(successes: arm.successes, trials: arm.trials)
    }
    return totals.filter { !$0.value.isPossible }.map(\.key)
  }
}

extension ExperimentInputs {
  /// The round's epochs in the order of time, each with every arm.
  var epochInputs: [EpochInput] {
    let arms = arms
    let places = Dictionary(arms.enumerated().map { ($1, $0) }) { first, _ in first }
    let nothing = [BinomialCounts](repeating: .zero, count: arms.count)
    var sums: [Int: [BinomialCounts]] = [:]
    for cell in cells where cell.experiment == experiment.id {
      guard let place = places[cell.variant] else { continue }
      sums[cell.epoch, default: nothing][place] += cell.counts.of(experiment.goal)
    }
    return experiment.epochs.filter { $0.startsAt < until }.map { epoch in
      let shares = Dictionary(epoch.shares.map { ($0.variant, $0.share) }) { first, _ in first }
      return EpochInput(
        epoch: epoch.number,
        arms: zip(arms, sums[epoch.number] ?? nothing).map { arm, counts in
          let share = shares[arm] ?? 0
          // What is seen of a version outside its share was not handed out by chance.
          return EpochInput.Arm(
            variant: arm, share: share, trials: share > 0 ? counts.trials : 0,
            successes: share > 0 ? counts.successes : 0)
        })
    }
  }
}

extension EventCounts {
  func of(_ goal: Goal) -> BinomialCounts {
    BinomialCounts(successes: self[goal.success], trials: impressions)
  }
}
