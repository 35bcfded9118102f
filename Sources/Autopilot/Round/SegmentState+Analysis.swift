import Analysis
import Campaigns
import FoundationEssentials

extension SegmentState {
  /// What the policy needs to know beside the analysis.
  struct Facts {
    /// As it stands in the database, with its newest epoch.
    var experiment: Experiment
    var variants: [Variant]
    var isPaused: Bool
    var lastRegeneration: Date?
    var unseenDesigns: Int
  }

  init(_ analysis: SegmentAnalysis, facts: Facts, campaign: Campaign, at: Date) {
    let epoch = facts.experiment.epochs.last
    let active = Dictionary(
      uniqueKeysWithValues: facts.variants.filter { $0.status == .active }.map { ($0.id, $0) })
    let names = Dictionary(uniqueKeysWithValues: facts.variants.map { ($0.id, $0.name) })
    let arms = (epoch?.shares ?? []).compactMap { share -> Arm? in
      guard let variant = active[share.variant] else { return nil }
      let result = analysis[variant.id]
      let successes = result.map { $0.counts[analysis.experiment.goal.success] } ?? 0
      return Arm(
        variant: variant.id, name: variant.name, generation: variant.generation,
        standing: analysis.standing(of: variant.id)?.kind, isFatigued: analysis.isFatigued(variant.id),
        ageHours: at.timeIntervalSince(variant.activatedAt ?? at) / 3600, share: share.share,
        impressions: result?.counts.impressions ?? 0, successes: successes, rate: result?.rate?.value,
        against: result?.contrast.flatMap { names[$0.comparison] }, difference: result?.contrast?.difference,
        lift: result?.contrast?.lift)
    }
    self.init(
      segment: analysis.segment.id, segmentName: analysis.segment.name, experiment: facts.experiment.id,
      round: facts.experiment.round, randomised: facts.experiment.randomised, goal: facts.experiment.goal,
      asOf: at, epochHours: at.timeIntervalSince(epoch?.startsAt ?? at) / 3600, arms: arms,
      blocks: analysis.checks.filter(\.blocking), isPaused: facts.isPaused,
      shift: analysis.verdicts.first { $0.kind == .shifted }?.sentence,
      inTheMaking: facts.variants.count { $0.status == .rendering || $0.status == .ready },
      hoursSinceRegeneration: facts.lastRegeneration.map { at.timeIntervalSince($0) / 3600 },
      unseenDesigns: facts.unseenDesigns, versionsWanted: campaign.document.versionsPerSegment,
      settings: campaign.document.policy)
  }
}
