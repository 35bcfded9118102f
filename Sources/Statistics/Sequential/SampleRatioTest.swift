import RealModule

/// What the split of traffic says of an experiment's health, phase by phase and as a whole.
public struct SampleRatioTest: Hashable, Sendable, Codable {
  /// One phase's own part. Its evidence may be read alone only if it was the one to be looked at beforehand.
  public struct PhaseEvidence: Hashable, Sendable, Codable {
    public let condition: EstimateCondition?
    /// ln of the Bayes factor against the promised split of this phase; 0 with a condition.
    public let logEvidence: Double
    /// Arm by arm, received minus promised in parts of the promised (-0.05: five per cent too few); nil for arms
    /// without weight, empty with a condition.
    public let deviations: [Double?]
  }

  /// Impossible counts in any phase, or fewer than two weighted arms or no units in all of them.
  public let condition: EstimateCondition?
  public let alpha: Double
  /// ln of the e-value over all phases (see ``SampleRatioMismatch/logEvidence(_:concentration:)``).
  public let logEvidence: Double
  public let phases: [PhaseEvidence]

  /// - Parameters:
  ///   - phases: in the order of time, one for each time the weights changed.
  ///   - alpha: strict by default, since a false alarm silences an experiment.
  public init(_ phases: [SampleRatioMismatch.Phase], alpha: Double = 0.01, concentration: Double = 100) {
    self.alpha = alpha
    let conditions = phases.map(\.condition)
    condition =
      if conditions.contains(.impossibleCounts) {
        .impossibleCounts
      } else if phases.isEmpty {
        .burnIn
      } else {
        conditions.contains(nil) ? nil : conditions[0]
      }
    logEvidence =
      condition == nil ? SampleRatioMismatch.logEvidence(phases, concentration: concentration) : 0
    self.phases = zip(phases, conditions).map { phase, condition in
      guard let (counts, weights) = phase.normalised else {
        return PhaseEvidence(condition: condition, logEvidence: 0, deviations: [])
      }
      return PhaseEvidence(
        condition: nil,
        logEvidence: SampleRatioMismatch.logBayesFactor(counts, weights, concentration),
        deviations: Self.deviations(phase))
    }
  }

  /// Whether the split is shown to be broken: false in all but a share alpha of healthy experiments, however often
  /// one looks. Latch it: once true, an experiment stays broken.
  public var isAlarm: Bool {
    condition == nil && SampleRatioMismatch.isAlarm(logEvidence: logEvidence, alpha: alpha)
  }

  /// ln of a p-value that holds at any one look chosen by the data: min(1, 1 / e).
  public var logPValue: Double { min(0, -logEvidence) }

  private static func deviations(_ phase: SampleRatioMismatch.Phase) -> [Double?] {
    let weighted = zip(phase.counts, phase.weights).filter { $1 > 0 }
    let units = weighted.reduce(0) { $0 + Double($1.0) }
    let weights = weighted.reduce(0) { $0 + $1.1 }
    return zip(phase.counts, phase.weights).map { count, weight in
      weight > 0 ? Double(count) / (units * (weight / weights)) - 1 : nil
    }
  }
}
