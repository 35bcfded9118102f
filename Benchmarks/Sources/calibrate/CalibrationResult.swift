import StatisticsSimulation

/// A simulation and what it found.
struct CalibrationResult {
  let calibration: Calibration
  let experiments: Int
  let findings: [Finding]

  /// What is not as promised; bounds count where there are experiments enough for them.
  func broken(countingBounds: Bool) -> [Finding] {
    findings.filter { $0.isKept == false || (countingBounds && !$0.isBoundKept) }
  }
}
